import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { PROTOCOL, PUSH_LIMIT } from '#shared/sync/push.ts';
import type { Ledger } from '../open.ts';
import { operationsFrom } from './operation-store.ts';
import { syncPosition } from './sync-state.ts';

/** A push that is ready to be sent: the operations `from` to `to`, compressed with zstd. */
export type Batch = { from: number; to: number; body: Uint8Array<ArrayBuffer> };

const compress = promisify(zstdCompress);
/**
 * The quickest level: it already shrinks operations to about a sixth. With a checksum: one bit that turns on the way
 * would otherwise unpack to another history in one case of two, and what tells another history is taken for a copy.
 */
const PACKING = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } };

/**
 * Packs the operations from `from` on, at most `most` of them and at most 1 MiB, but always one. The stored
 * texts go as they are, under the newest nonce: what was hashed is what is sent. Null where there is nothing to send.
 */
export async function packBatch(
  ledger: Ledger,
  epoch: number,
  from: number,
  most: number,
): Promise<Batch | null> {
  // Bytes at once, without a text of the whole: a long backlog takes 50 MB less memory so.
  let bytes = EMPTY;
  let used = 0;
  let to = from - 1;
  for (const { seq, content, prev_hash, hash } of operationsFrom(ledger, from, most)) {
    const before = used === 0 ? headOf(ledger, epoch, from, prev_hash) : ',';
    const text = `${before}${content.slice(0, -1)},"prev_hash":"${prev_hash}","hash":"${hash}"}`;
    const needed = Buffer.byteLength(text) + END.length;
    if (used === 0) bytes = Buffer.allocUnsafeSlow(Math.max(needed, PUSH_LIMIT.bytes));
    else if (used + needed > bytes.length) break;
    used += bytes.write(text, used);
    to = seq;
  }
  if (used === 0) return null;
  used += bytes.write(END, used);
  const packed = await compress(bytes.subarray(0, used), PACKING);
  return { from, to, body: new Uint8Array(packed) };
}

function headOf(ledger: Ledger, epoch: number, from: number, prevHash: string): string {
  const { nonce } = syncPosition(ledger);
  if (nonce === null) throw new Error('there is no nonce: this till was never enrolled');
  return `{"protocol":${PROTOCOL},"epoch":${epoch},"from_seq":${from},"prev_hash":"${prevHash}","nonce":"${nonce}","operations":[`;
}

/** What ends a push behind its last operation. */
const END = ']}';
const EMPTY = Buffer.alloc(0);
