import { z } from 'zod';
import { bootIdSchema, locationIdSchema, opIdSchema, terminalIdSchema, userIdSchema } from '../ids.ts';
import {
  dayClosedSchema,
  dayOpenedSchema,
  ticketAbortedSchema,
  ticketCompletedSchema,
} from '../sales/operations.ts';
import { instantSchema, zoneSchema } from '../sales/zone.ts';
import { stockAdjustedSchema } from '../stock/operations.ts';
import { hashSchema } from './chain.ts';
import { exceptionAcceptedSchema, exceptionCorrectedSchema } from './decision.ts';
import { firstVersion, type KindVersions, type ReadBody, readBody } from './kind-versions.ts';

/** `clock.jumped`: the wall clock moved against the monotonic one. Recorded, never a reason to refuse. */
const clockJumpedSchema = z.strictObject({
  before: instantSchema,
  after: instantSchema,
  jump_ms: z.int(),
});

/**
 * Every kind of operation with the versions of its body. Past tense: an operation tells what happened. A change of a
 * shape that was shipped adds a version and an upcaster (`nextVersion`), never an edit.
 */
export const OPERATION_KINDS = {
  'day.opened': firstVersion(dayOpenedSchema),
  'day.closed': firstVersion(dayClosedSchema),
  'ticket.completed': firstVersion(ticketCompletedSchema),
  'ticket.aborted': firstVersion(ticketAbortedSchema),
  'stock.adjusted': firstVersion(stockAdjustedSchema),
  'exception.accepted': firstVersion(exceptionAcceptedSchema),
  'exception.corrected': firstVersion(exceptionCorrectedSchema),
  'clock.jumped': firstVersion(clockJumpedSchema),
} as const;

export type OperationKind = keyof typeof OPERATION_KINDS;
export type BodyOf<Kind extends OperationKind> = z.infer<(typeof OPERATION_KINDS)[Kind]['body']>;

/** A place in the chain of a terminal. */
const originSchema = z.strictObject({
  terminal_id: terminalIdSchema,
  epoch: z.int().min(1),
  seq: z.int().min(1),
});

/** What every operation carries around its body. `seq` is dense per terminal and epoch. */
export const envelopeSchema = z.strictObject({
  terminal_id: terminalIdSchema,
  epoch: z.int().min(1),
  seq: z.int().min(1),
  op_id: opIdSchema,
  kind: z.string().regex(/^[a-z]+\.[a-z]+$/),
  kind_version: z.int().min(1),
  user_id: userIdSchema,
  /** Whose PIN allowed it, where one person's permission was not enough. */
  approver_id: userIdSchema.optional(),
  occurred_at: instantSchema,
  /**
   * The location whose rules the terminal worked by: where it happened, even if the terminal was moved before it
   * could tell. Absent: where the terminal stands now.
   */
  location_id: locationIdSchema.optional(),
  tz: zoneSchema,
  boot_id: bootIdSchema,
  /** Milliseconds since the terminal's process started; orders events when clocks cannot. */
  monotonic_ms: z.int().min(0),
  /** Where it was recorded first, if it is sent again under another epoch or identity. */
  origin: originSchema.optional(),
  body: z.record(z.string(), z.unknown()),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** An operation whose body has been checked against its kind, and is as the newest version of it has it. */
export type Operation = {
  [Kind in OperationKind]: Omit<Envelope, 'kind' | 'body'> & {
    kind: Kind;
    body: BodyOf<Kind>;
    /** How it came, where it was told under an earlier version: hashes are over that. */
    told?: { readonly kind_version: number; readonly body: unknown };
  };
}[OperationKind];

/** An operation on the wire: the envelope with its link in the terminal's chain. */
export const wireOperationSchema = envelopeSchema.extend({ prev_hash: hashSchema, hash: hashSchema });
export type WireOperation = z.infer<typeof wireOperationSchema>;

export const isOperationKind = (kind: string): kind is OperationKind => Object.hasOwn(OPERATION_KINDS, kind);

/** An operation of whatever version, or why it cannot be read. */
export type ReadOperation =
  | { readonly is: 'operation'; readonly operation: Operation }
  | { readonly is: 'unknown kind' }
  | Exclude<ReadBody<never>, { is: 'body' }>;

/** Reads the body of an operation by the version that it was told under. */
export function readOperationBody(told: Envelope): ReadOperation {
  if (!isOperationKind(told.kind)) return { is: 'unknown kind' };
  const kind: KindVersions = OPERATION_KINDS[told.kind];
  const { kind_version, body } = told;
  const read = readBody(kind, kind_version, body);
  if (read.is !== 'body') return read;
  const asNow =
    kind_version === kind.version
      ? told
      : { ...told, kind_version: kind.version, body: read.body, told: { kind_version, body } };
  return { is: 'operation', operation: asNow as Operation };
}
