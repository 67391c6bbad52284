import { sign, verify } from 'node:crypto';
import { type SignedSnapshot, type SnapshotFile, snapshotText } from '#shared/sync/snapshot.ts';
import { keysFor, rawPublicKey } from '../derived-key.ts';

/** The raw public key that terminals check snapshots with. They are told it with each of their tokens. */
export const snapshotKey = (secret: Uint8Array): string => rawPublicKey(keysFor(secret, 'snapshot').verify);

export const signSnapshot = (secret: Uint8Array, file: SnapshotFile): SignedSnapshot => ({
  file,
  signature: sign(null, Buffer.from(snapshotText(file)), keysFor(secret, 'snapshot').sign).toString(
    'base64url',
  ),
});

/** Whether we signed it, and with the secret that we have now. */
export const isOurs = (secret: Uint8Array, { file, signature }: SignedSnapshot): boolean =>
  verify(
    null,
    Buffer.from(snapshotText(file)),
    keysFor(secret, 'snapshot').verify,
    Buffer.from(signature, 'base64url'),
  );
