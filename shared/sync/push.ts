import { z } from 'zod';
import { hashSchema } from './chain.ts';

/** Bumped when push or pull change in a way that an older peer would misread. */
export const PROTOCOL = 1;

/** Limits of one push. A single operation larger than `bytes` still goes, alone. */
export const PUSH_LIMIT = { operations: 500, bytes: 1024 * 1024, inflated: 16 * 1024 * 1024 } as const;

/**
 * What the server gave a terminal last, to be shown with its next push: a number and 128 random bits. A terminal
 * keeps it as it is. Two copies of one disk cannot both have the newest.
 */
export const nonceSchema = z
  .string()
  .regex(/^\d{1,15}\.[\w-]{22}$/, { error: 'was not given out by a server' });

/**
 * A batch of operations, in order and without a gap. `operations` are wire operations; they are taken as
 * unknown here because a malformed one must be quarantined by itself and never refuse its neighbours.
 */
export const pushSchema = z.strictObject({
  protocol: z.literal(PROTOCOL),
  epoch: z.int().min(1),
  from_seq: z.int().min(1),
  prev_hash: hashSchema,
  nonce: nonceSchema,
  operations: z.array(z.unknown()).min(1).max(PUSH_LIMIT.operations),
});
export type Push = z.infer<typeof pushSchema>;

/** Why an operation was set aside. It is stored, shown and can be replayed after the repair. */
export const quarantineCodeSchema = z.enum([
  'malformed',
  'unknown_kind',
  'hash_mismatch',
  'chain_broken',
  'wrong_terminal',
  'wrong_seq',
  'duplicate_op_id',
  'duplicate_fact',
  'depends_on_quarantined',
  'not_applicable',
]);
export type QuarantineCode = z.infer<typeof quarantineCodeSchema>;

/** What was accepted although something about it must be looked at. */
export const exceptionCodeSchema = z.enum([
  'ticket_sums_differ',
  'ticket_chain_broken',
  'receipt_number_gap',
  'receipt_number_repeated',
  'unknown_day',
  'day_already_closed',
  'second_open_day',
  'z_differs',
  'unknown_user',
  'user_disabled',
  'not_permitted',
  'unknown_variant',
  'unknown_payment_type',
  'unknown_category',
  'unknown_location',
  'terminal_revoked',
  'clock_offset',
  'terminal_forked',
  'terminal_cloned',
  'terminal_restored',
  'told_by_copy',
  'unknown_exception',
  'unknown_correction',
]);
export type ExceptionCode = z.infer<typeof exceptionCodeSchema>;

/** What became of one operation. */
export const verdictSchema = z.discriminatedUnion('verdict', [
  z.strictObject({ seq: z.int().min(1), verdict: z.literal('applied') }),
  z.strictObject({
    seq: z.int().min(1),
    verdict: z.literal('applied_flagged'),
    exceptions: z.array(exceptionCodeSchema).min(1),
  }),
  z.strictObject({
    seq: z.int().min(1),
    verdict: z.literal('quarantined'),
    code: quarantineCodeSchema,
    detail: z.string(),
    /** Somebody has decided that it stays set aside: nothing is left to do. */
    settled: z.literal(true).optional(),
  }),
  /** Sent again under a new epoch or identity, and taken already where it was recorded first. */
  z.strictObject({ seq: z.int().min(1), verdict: z.literal('applied_before') }),
]);
export type Verdict = z.infer<typeof verdictSchema>;

/** `acked_seq` is committed; `safe_seq` is covered by the server's backup policy. Neither ever goes back. */
export const pushReplySchema = z.strictObject({
  acked_seq: z.int().min(0),
  safe_seq: z.int().min(0),
  server_time: z.iso.datetime(),
  verdicts: z.array(verdictSchema),
  /** For the next push. Absent where the push repeated what was known and showed a nonce that is too old. */
  nonce: nonceSchema.optional(),
});
export type PushReply = z.infer<typeof pushReplySchema>;

export const stateQuerySchema = z.strictObject({
  /**
   * How far this terminal has heard of verdicts that changed. Left out, it hears of all that are not plainly applied:
   * after another life of the server, what it knew of them may be of a past that never was.
   */
  verdicts_after: z.coerce.number().int().min(0).optional(),
});

/** Where the server stands with a terminal. */
export const syncStateSchema = z.strictObject({
  server_epoch: z.string(),
  epoch: z.int().min(1),
  acked_seq: z.int().min(0),
  safe_seq: z.int().min(0),
  last_hash: hashSchema,
  server_time: z.iso.datetime(),
  /** Verdicts that changed after they were given (replayed, or looked at), or all, and how far they go. */
  verdict_changes: z.int().min(0),
  verdicts_changed: z.array(verdictSchema),
});
export type SyncState = z.infer<typeof syncStateSchema>;
