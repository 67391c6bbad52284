import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { committedFrames } from './wal-frames.ts';

/** A database file as pages, without SQLite: nothing in it needs to hang together. */
export type PageImages = {
  readonly page_size: number;
  /** Pages in the file and in its write-ahead file together. */
  readonly count: number;
  /** Every image of every page; those of the file first. */
  all(): Iterable<{ page: number; image: Buffer }>;
  /** A page as it was last written, and as it lies in the file where that is another image. */
  of(page: number): Buffer[];
  /** Whether somebody wrote to the file since it was opened. */
  hasChanged(): boolean;
  close(): void;
};

/** Every ledger of ours has pages of this size; where the header cannot be read it is taken for granted. */
const PAGE_SIZE = 4096;
const MAGIC = 'SQLite format 3\0';

/**
 * Opens a database file and its write-ahead file for reading, whatever is in them.
 * @throws where the file cannot be read at all
 */
export function openImages(path: string): PageImages {
  const before = stateOf(path);
  const file = openFile(path);
  const size = file === null ? 0 : fstatSync(file).size;
  const head = Buffer.alloc(100);
  if (file !== null) readSync(file, head, 0, 100, 0);
  const page_size = pageSizeOf(head);
  // What is left of a page at the end of a file that was cut short is read with zeros behind it.
  const inFile = Math.ceil(size / page_size);
  const frames = committedFrames(walOf(path), page_size);
  const newest = new Map(frames.map(({ page, image }) => [page, image]));
  const read = (page: number): Buffer => {
    const image = Buffer.alloc(page_size);
    if (file !== null) readSync(file, image, 0, page_size, (page - 1) * page_size);
    return image;
  };
  return {
    page_size,
    count: inFile + frames.length,
    *all() {
      for (let page = 1; page <= inFile; page += 1) yield { page, image: read(page) };
      yield* frames;
    },
    of: (page) => {
      const written = newest.get(page);
      return [...(written ? [written] : []), ...(page >= 1 && page <= inFile ? [read(page)] : [])];
    },
    hasChanged: () => stateOf(path) !== before,
    close: () => {
      if (file !== null) closeSync(file);
    },
  };
}

/** Null where the file is gone and only its write-ahead file is left. */
function openFile(path: string): number | null {
  if (!existsSync(path) && existsSync(`${path}-wal`)) return null;
  return openSync(path, 'r');
}

function walOf(path: string): Buffer {
  const { size } = statSync(`${path}-wal`, { throwIfNoEntry: false }) ?? { size: 0 };
  return size > 0 ? readFileSync(`${path}-wal`) : Buffer.alloc(0);
}

function pageSizeOf(head: Buffer): number {
  if (head.toString('latin1', 0, 16) !== MAGIC) return PAGE_SIZE;
  const told = head.readUInt16BE(16);
  const size = told === 1 ? 65_536 : told;
  return size >= 512 && (size & (size - 1)) === 0 ? size : PAGE_SIZE;
}

/** Sizes and times of both files. */
const stateOf = (path: string): string =>
  [path, `${path}-wal`]
    .map((name) => statSync(name, { throwIfNoEntry: false, bigint: true }))
    .map((found) => (found ? `${found.size}@${found.mtimeNs}` : 'none'))
    .join(' ');
