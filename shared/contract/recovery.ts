import { oc } from '@orpc/contract';
import { z } from 'zod';
import { currencySchema } from '../sales/money.ts';
import { instantSchema } from '../sales/zone.ts';

/** Operations by their numbers, both ends included. */
const rangeSchema = z.strictObject({ from: z.int().min(1), to: z.int().min(1) });

/** What could be read of a damaged ledger. Amounts in minor units. */
const salvageSummarySchema = z.strictObject({
  operations: z.int().min(0),
  /** Operations that follow one on the other, as their hashes say. */
  runs: z.array(rangeSchema),
  /** Those that ought to be there and are not. What was behind the last one that could be read, nobody knows. */
  missing: z.array(rangeSchema),
  /** Everything from the first operation to the last one, and who the terminal is: it makes a ledger by itself. */
  is_whole: z.boolean(),
  last_at: instantSchema.nullable(),
  tickets: z.int().min(0),
  sums: z.array(z.strictObject({ currency: currencySchema, total_minor: z.int() })),
  last_receipt: z.string().nullable(),
  terminal: z.strictObject({ terminal_code: z.string(), name: z.string() }).nullable(),
});
export type SalvageSummary = z.infer<typeof salvageSummarySchema>;

/**
 * How far the reading of the damaged ledger is, in pages. `missing`: there is no file to read. `cancelled`: a person has
 * called it off. `failed`: the disk gives nothing.
 */
const salvageStateSchema = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('missing') }),
  z.strictObject({ phase: z.literal('reading'), done: z.int().min(0), total: z.int().min(0) }),
  z.strictObject({ phase: z.literal('done'), found: salvageSummarySchema }),
  z.strictObject({ phase: z.literal('cancelled') }),
  z.strictObject({ phase: z.literal('failed'), message: z.string() }),
]);
export type SalvageState = z.infer<typeof salvageStateSchema>;

/** A copy of the ledger, and what reading it through has shown. Only a `good` one can be put back. */
const copySchema = z.strictObject({
  name: z.string(),
  made_at: instantSchema,
  check: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('waiting') }),
    z.strictObject({
      state: z.literal('good'),
      last_seq: z.int().min(0),
      last_at: instantSchema.nullable(),
      last_receipt: z.string().nullable(),
    }),
    z.strictObject({ state: z.literal('bad'), message: z.string() }),
  ]),
});
export type LedgerCopy = z.infer<typeof copySchema>;

const recoveryStateSchema = z.strictObject({
  /**
   * `ledger_too_new`: nothing is damaged; a newer version of Tilldock must be installed again. `ledger_in_use`: nothing
   * is damaged; another Tilldock works in the same folder, and this one goes on by itself when that one has ended.
   * `disk_failed`: the disk is full or cannot be written to; the ledger may well be whole.
   */
  code: z.enum(['ledger_damaged', 'ledger_too_new', 'ledger_in_use', 'disk_failed']),
  message: z.string(),
  salvage: salvageStateSchema,
  backups: z.strictObject({
    folder: z.string(),
    /** Newest first. */
    copies: z.array(copySchema),
    /** Why there may be more than can be seen, in plain words. */
    problem: z.string().nullable(),
  }),
  /** A new ledger is being made. */
  is_restoring: z.boolean(),
});
export type RecoveryState = z.infer<typeof recoveryStateSchema>;

const step = oc.errors({
  REFUSED: { status: 422, data: z.object({ code: z.string(), field: z.string().optional() }) },
});

const doneSchema = z.strictObject({
  /** What the damaged ledger is called now; null where there was none. */
  set_aside: z.string().nullable(),
  last_seq: z.int().min(0),
  /** Operations that were read out of the damaged ledger and are in the new one. */
  added: z.int().min(0),
  /** Operations that were read, and are told to the server when it has said where it stands. */
  waiting: z.int().min(0),
});
export type Recovered = z.infer<typeof doneSchema>;

/**
 * What can be asked of a till whose ledger cannot be opened; on one that works, each call is refused with `not_damaged`.
 * Nobody can sign in: the people's consents lie with the ledger. What these calls allow, and why it needs nobody's PIN, is
 * in docs/security.md.
 */
export const recoveryContract = {
  state: step.output(recoveryStateSchema),
  /** Reads the damaged ledger, and all copies, from the beginning. */
  look: step.output(recoveryStateSchema),
  /** Stops reading the damaged ledger. */
  cancel: step.output(recoveryStateSchema),
  /**
   * Puts a ledger in the place of the damaged one: the copy of that name with everything that could be read besides, or,
   * where `backup` is null, what could be read, which must be whole. Refused: `copy_unknown`, `copy_bad`, `salvage_not_whole`,
   * `ledger_too_new`, `recovery_busy`, `disk_full`, `disk_failed`.
   */
  restore: step.input(z.strictObject({ backup: z.string().nullable() })).output(doneSchema),
  /** Begins with an empty ledger that wants a manager's code. What could be read waits in it for the server. */
  startAnew: step.output(doneSchema),
};
