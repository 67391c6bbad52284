import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';

/** An Ed25519 key pair. */
export type KeyPair = { readonly sign: KeyObject; readonly verify: KeyObject };

/** What keys are derived for. */
type Purpose = 'access token' | 'snapshot';

/** The DER head of an Ed25519 private key in PKCS #8 (RFC 8410); its 32 bytes follow. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The key pair of the server's secret for one purpose: all servers of an installation have the same, and nothing
 * more to keep.
 */
export function keysFor(secret: Uint8Array, purpose: Purpose): KeyPair {
  const known = made.get(secret)?.get(purpose);
  if (known) return known;
  const seed = Buffer.from(hkdfSync('sha256', secret, '', `tilldock ${purpose}`, 32));
  const sign = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
  const keys = { sign, verify: createPublicKey(sign) };
  const ofSecret = made.get(secret) ?? new Map<Purpose, KeyPair>();
  made.set(secret, ofSecret.set(purpose, keys));
  return keys;
}
const made = new WeakMap<Uint8Array, Map<Purpose, KeyPair>>();

/** The 32 raw bytes of an Ed25519 public key, in base64url. */
export function rawPublicKey(key: KeyObject): string {
  const { x } = key.export({ format: 'jwk' });
  if (x === undefined) throw new Error('not an Ed25519 key');
  return x;
}
