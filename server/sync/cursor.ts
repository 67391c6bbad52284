import { z } from 'zod';
import { Refusal } from '../problem.ts';

/** What a cursor says, to us alone: terminals keep it as an opaque text. */
const cursorSchema = z.strictObject({
  server_epoch: z.string(),
  feed_seq: z.int().min(0),
  scope_hash: z.string(),
  schema_version: z.int(),
  /** The course that the feed was on, and how far it was, when the last page was read: pages leave out what moved. */
  course: z.string(),
  counter: z.int().min(0),
  /** In a full refill: how far the feed was when it began. What went before then, it cannot miss. */
  since: z.int().min(0).optional(),
  /** Behind a snapshot: how far the location's own rows up to `feed_seq` were told, which no snapshot holds. */
  own_after: z.int().min(0).optional(),
});
export type Cursor = z.infer<typeof cursorSchema>;

export const writeCursor = (cursor: Cursor): string =>
  Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** @throws 422 where the text is no cursor of ours */
export function readCursor(text: string): Cursor {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const read = cursorSchema.safeParse(value);
  if (read.success) return read.data;
  throw new Refusal(422, 'invalid_input', 'The request has fields that cannot be accepted.', {
    errors: [{ path: 'cursor', message: 'was not given out by this server' }],
  });
}
