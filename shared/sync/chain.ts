import { z } from 'zod';

/** SHA-256 of a text's UTF-8 bytes, as 64 lower-case hexadecimal digits. Given by the platform. */
export type Sha256 = (text: string) => string;

export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 64 hexadecimal digits' });

/** What the first link of every chain names as its predecessor. */
export const GENESIS = '0'.repeat(64);

/** A link's hash: SHA-256 over its predecessor's hash followed by its own canonical JSON. */
export const linkHash = (prevHash: string, canonical: string, sha256: Sha256): string =>
  sha256(prevHash + canonical);

/** One link as it is stored or exported: its canonical JSON and the two hashes. */
export type Link = { readonly canonical: string; readonly prev_hash: string; readonly hash: string };

/**
 * Checks a run of links against the hash before it. The first broken place is its index in the list; an edit,
 * a removal, an insertion and a change of order each break the chain.
 */
export function verifyChain(
  links: readonly Link[],
  prevHash: string,
  sha256: Sha256,
): { intact: true; last_hash: string } | { intact: false; index: number } {
  let last = prevHash;
  for (const [index, link] of links.entries()) {
    if (link.prev_hash !== last || linkHash(last, link.canonical, sha256) !== link.hash) {
      return { intact: false, index };
    }
    last = link.hash;
  }
  return { intact: true, last_hash: last };
}
