import { z } from 'zod';

/** What a worker is asked to play. */
export const orderSchema = z.strictObject({
  seed: z.int(),
  /** Only these steps of the plan. */
  only: z.array(z.int()).optional(),
  trace: z.boolean(),
  /** So often it is tried with fewer steps, where it fails. */
  tries: z.int().min(0),
});
export type Order = z.infer<typeof orderSchema>;

const violationSchema = z.strictObject({ invariant: z.string(), what: z.string() });

/** What a worker tells of a history. */
export const reportSchema = z.strictObject({
  seed: z.int(),
  digest: z.string(),
  operations: z.int(),
  events: z.int(),
  faults: z.record(z.string(), z.int()),
  violations: z.array(violationSchema),
  /** Of a history that failed: the fewest steps with which it still does. */
  steps: z.array(z.int()).optional(),
  trace: z.array(z.string()).optional(),
});
export type Report = z.infer<typeof reportSchema>;
