import { z } from 'zod';
import { companyIdSchema } from '#shared/ids.ts';
import { snapshotFileSchema } from '#shared/sync/snapshot.ts';

/** What the process that builds a snapshot is told. Sent, never an argument: the address has a password. */
export const buildOrderSchema = z.strictObject({
  database_url: z.string(),
  company_id: companyIdSchema,
  /** An empty folder of its own. */
  folder: z.string(),
});
export type BuildOrder = z.infer<typeof buildOrderSchema>;

/** What it says: how far it is, and that the file is in its folder as `PACKED`. */
export const buildWordSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), done: z.int(), total: z.int() }),
  z.strictObject({ type: z.literal('built'), file: snapshotFileSchema }),
]);
export type BuildWord = z.infer<typeof buildWordSchema>;

/** The name of the finished file in the builder's folder. */
export const PACKED = 'catalog.zst';
