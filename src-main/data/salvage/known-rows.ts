import { z } from 'zod';
import { locationSchema } from '#shared/people/location.ts';
import { hashSchema, linkHash } from '#shared/sync/chain.ts';
import { envelopeSchema } from '#shared/sync/operation.ts';
import { sha256 } from '../sync/sha256.ts';
import type { LeafRow } from './leaf-rows.ts';

/** An operation that was read out of a damaged ledger and is, by its hash, what was once recorded. */
export type SalvagedOperation = {
  readonly terminal_id: string;
  readonly epoch: number;
  readonly seq: number;
  readonly op_id: string;
  readonly kind: string;
  readonly occurred_at: string;
  /** The canonical JSON that the hash covers. */
  readonly content: string;
  readonly prev_hash: string;
  readonly hash: string;
};

const text = z.string();
const whole = z.int().min(0);

/** The columns of `operation`, as rows of that table lie on a page. */
const operationRow = z.tuple([
  ...([z.null(), whole, text, whole.nullable(), text, text, text, whole] as const),
  ...([text, hashSchema, hashSchema] as const),
]);

/**
 * The operation in a row of a page; null where the row is another table's, or one byte of it is not what it was: its
 * hash covers all that it says.
 */
export function operationIn({ rowid, values }: LeafRow): SalvagedOperation | null {
  const row = operationRow.safeParse(values).data;
  if (!row) return null;
  const [, , , , , , , , content, prev_hash, hash] = row;
  if (linkHash(prev_hash, content, sha256) !== hash) return null;
  const envelope = envelopeSchema.safeParse(JSON.parse(content)).data;
  if (!envelope || envelope.seq !== rowid) return null;
  const { terminal_id, epoch, seq, op_id, kind, occurred_at } = envelope;
  return { terminal_id, epoch, seq, op_id, kind, occurred_at, content, prev_hash, hash };
}

/** Who the terminal is, as its one row says. */
export type SalvagedTerminal = {
  readonly terminal_id: string;
  readonly terminal_code: string;
  readonly name: string;
  readonly epoch: number;
  readonly server_url: string;
  /** JSON of the location. */
  readonly location: string;
  readonly enrolled_at: string;
  readonly revoked_at: string | null;
};

const terminalRow = z
  .tuple([z.null(), z.uuid(), text, text, whole, z.url(), text, text])
  .rest(text.nullable())
  .refine(([, , , , , , location]) => locationSchema.safeParse(fromJson(location)).success);

/** The terminal in a row of a page, or null. No hash covers it: it must have the right shape, down to its location. */
export function terminalIn({ rowid, values }: LeafRow): SalvagedTerminal | null {
  const row = rowid === 1 ? terminalRow.safeParse(values).data : undefined;
  if (!row) return null;
  const [, terminal_id, terminal_code, name, epoch, server_url, location, enrolled_at, revoked_at = null] =
    row;
  return { terminal_id, terminal_code, name, epoch, server_url, location, enrolled_at, revoked_at };
}

/** How far the server knew the terminal. */
export type SalvagedPosition = {
  readonly after_seq: number;
  readonly acked_seq: number;
  readonly pruned_seq: number;
  readonly nonce: string | null;
  readonly key_file: string;
};

const positionRow = z.tuple([
  ...([z.null(), whole, whole, whole, whole] as const),
  ...([
    text.nullable(),
    text.nullable(),
    text.nullable(),
    z.string().regex(/^terminal[\w-]*\.key$/),
  ] as const),
  ...([whole, text.nullable(), text.nullable()] as const),
]);

/** The place of the exchange in a row of a page, or null. */
export function positionIn({ rowid, values }: LeafRow): SalvagedPosition | null {
  const row = rowid === 1 ? positionRow.safeParse(values).data : undefined;
  if (!row) return null;
  const [, after_seq, acked_seq, , pruned_seq, , , nonce, key_file] = row;
  return { after_seq, acked_seq, pruned_seq, nonce, key_file };
}

function fromJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
