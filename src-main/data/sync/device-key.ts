import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../durable-file.ts';
import { FILES } from '../open.ts';

/**
 * An Ed25519 key of this device. It is on the disk before anything is signed with it, so that an enrolment whose
 * answer was lost is repeated with the same key. Readable by this user alone.
 * @param file its name in the till's folder; each epoch has one of its own
 */
export function deviceKey(folder: string, file: string = FILES.key): KeyObject {
  const path = join(folder, file);
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeDurably(path, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 0o600);
  }
  return createPrivateKey(readFileSync(path));
}

/** The 32 raw bytes of the public key, in base64url. */
export function publicKeyOf(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x === undefined) throw new Error('not an Ed25519 key');
  return x;
}

/** The signature of a text, in base64url. */
export const signText = (key: KeyObject, text: string): string =>
  sign(null, Buffer.from(text), key).toString('base64url');
