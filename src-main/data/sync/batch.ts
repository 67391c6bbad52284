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
  const texts: string[] = [];
  let bytes = 0;
  let to = from - 1;
  let prevHash = '';
  for (const { seq, content, prev_hash, hash } of operationsFrom(ledger, from, most)) {
    const text = `${content.slice(0, -1)},"prev_hash":"${prev_hash}","hash":"${hash}"}`;
    bytes += Buffer.byteLength(text) + 1;
    if (texts.length > 0 && bytes > PUSH_LIMIT.bytes) break;
    if (texts.length === 0) prevHash = prev_hash;
    texts.push(text);
    to = seq;
  }
  if (texts.length === 0) return null;
  const { nonce } = syncPosition(ledger);
  if (nonce === null) throw new Error('there is no nonce: this till was never enrolled');
  const head = `{"protocol":${PROTOCOL},"epoch":${epoch},"from_seq":${from},"prev_hash":"${prevHash}","nonce":"${nonce}"`;
  const packed = await compress(`${head},"operations":[${texts.join(',')}]}`, PACKING);
  return { from, to, body: new Uint8Array(packed) };
}
