import { promisify } from 'node:util';
import { gunzip, zstdCompress, zstdDecompress } from 'node:zlib';
import { PUSH_LIMIT } from '#shared/sync/push.ts';
import { Refusal } from '../problem.ts';

const inflaters = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) };
const compress = promisify(zstdCompress);

/**
 * Reads a JSON body that may be compressed, and gives it back compressed as well, as the journal keeps it. What
 * it inflates to is held to the limit while it is inflated.
 */
export async function readBody(
  encoding: string | undefined,
  body: unknown,
): Promise<{ readonly json: unknown; readonly zstd: Buffer }> {
  if (!Buffer.isBuffer(body)) throw new Refusal(415, 'unsupported_media_type', 'The body must be JSON.');
  switch (encoding?.toLowerCase()) {
    case 'zstd':
      return { json: parse(await inflate('zstd', body)), zstd: body };
    case 'gzip': {
      const text = await inflate('gzip', body);
      return { json: parse(text), zstd: await compress(text) };
    }
    case undefined:
    case 'identity':
      return { json: parse(body), zstd: await compress(body) };
    default:
      throw new Refusal(415, 'unsupported_encoding', 'The body may be compressed with gzip or zstd only.');
  }
}

async function inflate(encoding: 'gzip' | 'zstd', body: Buffer): Promise<Buffer> {
  try {
    return await inflaters[encoding](body, { maxOutputLength: PUSH_LIMIT.inflated });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Refusal(413, 'content_too_large', 'The body is larger than 16 MiB when inflated.');
    }
    throw new Refusal(400, 'broken_compression', 'The compressed body is damaged or cut off.');
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(400, 'invalid_json', 'The body is not JSON.');
  }
}
