import { randomBytes } from 'node:crypto';

/** The nonces of a terminal, as its row has them. */
export type Nonces = {
  readonly nonce_number: number;
  readonly nonce: Buffer;
  readonly nonce_before: Buffer | null;
};

export const newNonce = (): Buffer => randomBytes(16);

/** The newest nonce as the terminal is given it. */
export const writeNonce = ({ nonce_number, nonce }: Nonces): string =>
  `${nonce_number}.${nonce.toString('base64url')}`;

/**
 * What a nonce tells about who shows it.
 *
 * `newest`: it is the one that was given last. `before`: the one before that, because answers are still on their
 * way or were lost; the newest is given only in answer to it, so a terminal that is alone has one of the two.
 * `ahead`: one that this database does not remember to have given: it was restored, or is a replica that took over.
 * `stale`: an older one. Somebody else has shown a later one.
 */
export type Shown = 'newest' | 'before' | 'ahead' | 'stale';

export function judgeNonce(shown: string, known: Nonces): Shown {
  const { number, bytes } = readNonce(shown);
  if (number === known.nonce_number) return bytes.equals(known.nonce) ? 'newest' : 'ahead';
  if (number > known.nonce_number) return 'ahead';
  return number === known.nonce_number - 1 && known.nonce_before?.equals(bytes) ? 'before' : 'stale';
}

/**
 * The nonces once new operations were taken with one that is not stale. A new one is given only to who shows the
 * newest: however many answers are lost, the terminal is never more than one behind.
 */
export function nextNonces(shown: string, known: Nonces): Nonces {
  const { number, bytes } = readNonce(shown);
  const judged = judgeNonce(shown, known);
  if (judged === 'before' || judged === 'stale') return known;
  return { nonce_number: number + 1, nonce: newNonce(), nonce_before: bytes };
}

/** The nonces of a terminal that goes on after it lost a part of its history: no earlier one serves any more. */
export const freshNonces = ({ nonce_number }: Nonces): Nonces => ({
  nonce_number: nonce_number + 2,
  nonce: newNonce(),
  nonce_before: null,
});

function readNonce(text: string): { number: number; bytes: Buffer } {
  const [number, bytes = ''] = text.split('.');
  return { number: Number(number), bytes: Buffer.from(bytes, 'base64url') };
}
