/**
 * The pages in a write-ahead file that belong to finished commits, oldest first.
 *
 * A frame is judged by itself: its checksum continues the one that the frame before it names, so what follows a damaged
 * frame can still be told from rubbish. SQLite stops at the first damaged one, and so loses every commit behind it.
 * https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
export function committedFrames(wal: Buffer, pageSize: number): { page: number; image: Buffer }[] {
  const words = wal.length >= HEADER && wal.readUInt32BE(0) === BIG_ENDIAN ? bigEndian : littleEndian;
  const size = FRAME + pageSize;
  const count = Math.max(0, Math.floor((wal.length - HEADER) / size));
  const frameAt = (index: number) => wal.subarray(HEADER + index * size, HEADER + (index + 1) * size);
  const salts = saltsOf(wal, words, count > 0 ? frameAt(0) : null);
  if (!salts) return [];
  const sound: { page: number; image: Buffer }[] = [];
  let finished = 0;
  for (let index = 0; index < count; index += 1) {
    const frame = frameAt(index);
    const before = index === 0 ? wal.subarray(24, HEADER) : frameAt(index - 1).subarray(16, FRAME);
    const seed: Checksum = [before.readUInt32BE(0), before.readUInt32BE(4)];
    const head = checksum(frame.subarray(0, 8), seed, words);
    const found = checksum(frame.subarray(FRAME), head, words);
    const isSound = found[0] === frame.readUInt32BE(16) && found[1] === frame.readUInt32BE(20);
    if (!isSound || !frame.subarray(8, 16).equals(salts)) continue;
    sound.push({ page: frame.readUInt32BE(0), image: frame.subarray(FRAME) });
    // The last frame of a commit names the size of the file.
    if (frame.readUInt32BE(4) > 0) finished = sound.length;
  }
  return sound.slice(0, finished);
}

const HEADER = 32;
const FRAME = 24;

type Checksum = readonly [number, number];
type Words = (bytes: Buffer, at: number) => number;

const littleEndian: Words = (bytes, at) => bytes.readUInt32LE(at);
const bigEndian: Words = (bytes, at) => bytes.readUInt32BE(at);

/** The first four bytes of a file whose checksums are counted in big-endian words. */
const BIG_ENDIAN = 0x377f0683;

/** What tells the frames of this file from those of an older one in the same place. */
function saltsOf(wal: Buffer, words: Words, first: Buffer | null): Buffer | null {
  if (!first) return null;
  const [one, two] = checksum(wal.subarray(0, 24), [0, 0], words);
  const isSound = one === wal.readUInt32BE(24) && two === wal.readUInt32BE(28);
  return isSound ? wal.subarray(16, 24) : first.subarray(8, 16);
}

function checksum(bytes: Buffer, [one, two]: Checksum, words: Words): Checksum {
  let [left, right] = [one, two];
  for (let at = 0; at < bytes.length; at += 8) {
    left = (left + words(bytes, at) + right) >>> 0;
    right = (right + words(bytes, at + 4) + left) >>> 0;
  }
  return [left, right];
}
