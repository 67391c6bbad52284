import { z } from 'zod';
import { FEED_ENTITY_NAMES } from './feed.ts';

/**
 * What a table comes to, whoever keeps it and in whatever order: how many rows it has, and the first eight bytes of
 * the SHA-256 of each row's canonical JSON, all XORed, in hex. It finds what went wrong, not what somebody forged.
 */
export const tableHashSchema = z.strictObject({
  rows: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{16}$/, { error: 'must be 16 hex digits' }),
});
export type TableHash = z.infer<typeof tableHashSchema>;

/** Every entity with its hash. */
const tablesSchema = z.record(z.enum(FEED_ENTITY_NAMES), tableHashSchema);
export type Tables = z.infer<typeof tablesSchema>;

/** `moved`: there are changes behind that cursor, so nothing can be compared before they are pulled. */
export const tablesReplySchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('moved') }),
  z.strictObject({ state: z.literal('here'), tables: tablesSchema }),
]);
export type TablesReply = z.infer<typeof tablesReplySchema>;

/** A table of which some rows were counted. */
export type TableSum = { rows: number; high: number; low: number };

export const newTableSum = (): TableSum => ({ rows: 0, high: 0, low: 0 });

/** Counts a row, by the SHA-256 of its canonical JSON. */
export function addRow(sum: TableSum, digest: Uint8Array): void {
  const bytes = new DataView(digest.buffer, digest.byteOffset);
  sum.rows += 1;
  sum.high ^= bytes.getInt32(0);
  sum.low ^= bytes.getInt32(4);
}

export const tableHashOf = ({ rows, high, low }: TableSum): TableHash => ({
  rows,
  hash: hex(high) + hex(low),
});

const hex = (half: number): string => (half >>> 0).toString(16).padStart(8, '0');
