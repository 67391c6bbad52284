import { z } from 'zod';
import { opIdSchema } from '../ids.ts';
import { hashSchema } from './chain.ts';
import { nonceSchema, verdictSchema } from './push.ts';

/** Where a terminal's numbered chain of tickets stands at the server: the next number is above it. */
export const seriesEndSchema = z.strictObject({
  series: z.string().regex(/^[A-Z]$/),
  last_number: z.int().min(0),
  last_hash: hashSchema,
});
export type ToldSeries = z.infer<typeof seriesEndSchema>;

export const operationsQuerySchema = z.strictObject({ after_seq: z.coerce.number().int().min(0) });

/**
 * What a terminal told once, for one that lost it: operations as they came, in order, and those of their verdicts
 * that are not plainly `applied`.
 */
export const operationsPageSchema = z.strictObject({
  operations: z.array(z.unknown()),
  verdicts: z.array(verdictSchema),
  more: z.boolean(),
});

/** A terminal that lost a part of its history has it again, and asks to go on. */
export const resumeSchema = z.strictObject({
  epoch: z.int().min(1),
  /** Its last operation, which must be the server's last one of it. */
  last_seq: z.int().min(0),
  last_hash: hashSchema,
  /** The one it has: sent twice, the same request gets the same answer. */
  nonce: nonceSchema,
});
export type Resume = z.infer<typeof resumeSchema>;

export const resumeReplySchema = z.strictObject({ nonce: nonceSchema, series: z.array(seriesEndSchema) });
export type ResumeReply = z.infer<typeof resumeReplySchema>;

export const knownQuerySchema = z.strictObject({ op_ids: z.array(opIdSchema).min(1).max(1000) });

/** Those of them that never came, in any epoch and under any name. */
export const knownReplySchema = z.strictObject({ unknown: z.array(opIdSchema) });

/** How far a branch is kept as evidence. */
export const branchReplySchema = z.strictObject({ received_seq: z.int().min(1) });
