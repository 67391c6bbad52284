import { z } from 'zod';
import { companyIdSchema } from '../ids.ts';
import { canonicalJson } from './canonical.ts';

/**
 * A catalogue with more rows than this is worth fetching as a file. 20,000 rows come as pages in half a second,
 * which is what asking, unpacking and checking a file costs.
 */
export const SNAPSHOT_WORTH = 20_000;

/** SHA-256 in lower-case hex. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 64 hex digits' });

/** A ready catalogue: what the server signs. Its rows are what every terminal of the company is told, as of `feed_seq`. */
export const snapshotFileSchema = z.strictObject({
  company_id: companyIdSchema,
  server_epoch: z.string(),
  /** The shape of its rows, and the checksum of its tables. */
  feed_schema: z.int().min(1),
  file_schema: sha256Schema,
  feed_seq: z.int().min(0),
  rows: z.int().min(0),
  /** The file as it travels, compressed with zstd. Its hash is also its name. */
  bytes: z.int().min(1),
  sha256: sha256Schema,
  unpacked_bytes: z.int().min(1),
  built_at: z.iso.datetime(),
});
export type SnapshotFile = z.infer<typeof snapshotFileSchema>;

/** What the server's Ed25519 signature of a snapshot is taken over. */
export const snapshotText = (file: SnapshotFile): string => `tilldock snapshot\n${canonicalJson(file)}`;

/** An Ed25519 signature: 64 bytes in base64url. */
const signatureSchema = z.string().regex(/^[\w-]{86}$/, { error: 'must be 64 bytes in base64url' });

export const signedSnapshotSchema = z.strictObject({ file: snapshotFileSchema, signature: signatureSchema });
export type SignedSnapshot = z.infer<typeof signedSnapshotSchema>;

export const snapshotQuerySchema = z.strictObject({
  feed_schema: z.coerce.number().int().min(1),
  file_schema: sha256Schema,
  /** A file of which the terminal has a part already: it is given again, if it still serves. */
  resume: sha256Schema.optional(),
});

/** `building`: ask again in a moment. `ready`: fetch the file, then pull on from `cursor`. */
export const snapshotReplySchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('building'),
    /** Rows written so far, of `total`; both 0 while it waits for its turn. */
    done: z.int().min(0),
    total: z.int().min(0),
  }),
  z.strictObject({ state: z.literal('ready'), ...signedSnapshotSchema.shape, cursor: z.string() }),
]);
export type SnapshotReply = z.infer<typeof snapshotReplySchema>;
