/** A value as SQLite keeps it. */
type Value = string | number | Buffer | null;

/** A row of some table: which one, its columns must tell. */
export type LeafRow = { readonly rowid: number; readonly values: readonly Value[] };

/** A page by its number, where it can be had. */
export type Overflow = (page: number) => Buffer | undefined;

/**
 * The rows in a page, if it is a leaf of a table. What does not fit the format is left out: whoever asks must know a
 * good row by what is in it. https://www.sqlite.org/fileformat2.html#b_tree_pages
 */
export function leafRows(image: Buffer, page: number, overflow: Overflow): LeafRow[] {
  const start = page === 1 ? 100 : 0;
  if (image[start] !== TABLE_LEAF) return [];
  const cells = image.readUInt16BE(start + 3);
  const rows: LeafRow[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    const pointer = start + 8 + cell * 2;
    if (pointer + 2 > image.length) break;
    const row = readCell(image, image.readUInt16BE(pointer), overflow);
    if (row) rows.push(row);
  }
  return rows;
}

const TABLE_LEAF = 0x0d;
/** No row of ours is longer; a length that says so is rubbish. */
const LONGEST = 16 * 1024 * 1024;

function readCell(image: Buffer, at: number, overflow: Overflow): LeafRow | null {
  const length = readVarint(image, at);
  const rowid = length && readVarint(image, length.next);
  if (!length || !rowid || length.value > LONGEST) return null;
  const payload = readPayload(image, rowid.next, length.value, overflow);
  const values = payload && readRecord(payload);
  return values && { rowid: rowid.value, values };
}

/** What lies in the page itself, and on the pages that it goes on in. */
function readPayload(image: Buffer, at: number, length: number, overflow: Overflow): Buffer | null {
  const usable = image.length;
  const most = usable - 35;
  if (length <= most) return at + length <= usable ? image.subarray(at, at + length) : null;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((length - least) % (usable - 4));
  const local = fitting <= most ? fitting : least;
  if (at + local + 4 > usable) return null;
  const parts = [image.subarray(at, at + local)];
  let next = image.readUInt32BE(at + local);
  for (let left = length - local; left > 0; left -= usable - 4) {
    const more = overflow(next);
    if (!more) return null;
    parts.push(more.subarray(4, 4 + Math.min(left, usable - 4)));
    next = more.readUInt32BE(0);
  }
  return Buffer.concat(parts, length);
}

function readRecord(payload: Buffer): Value[] | null {
  const head = readVarint(payload, 0);
  if (!head || head.value > payload.length) return null;
  const values: Value[] = [];
  let at = head.value;
  for (let place = head.next; place < head.value; ) {
    const type = readVarint(payload, place);
    const read = type && readValue(payload, at, type.value);
    if (!type || !read) return null;
    values.push(read.value);
    at = read.next;
    place = type.next;
  }
  return values;
}

/** Bytes of the whole numbers by their type. */
const WIDTHS = [0, 1, 2, 3, 4, 6, 8] as const;

function readValue(payload: Buffer, at: number, type: number): { value: Value; next: number } | null {
  if (type === 0) return { value: null, next: at };
  if (type === 8 || type === 9) return { value: type - 8, next: at };
  const width = type >= 12 ? (type - (type % 2 === 0 ? 12 : 13)) / 2 : type === 7 ? 8 : WIDTHS[type];
  if (width === undefined || at + width > payload.length) return null;
  const next = at + width;
  if (type === 7) return { value: payload.readDoubleBE(at), next };
  if (type === 6) return { value: Number(payload.readBigInt64BE(at)), next };
  if (type < 7) return { value: payload.readIntBE(at, width), next };
  const bytes = payload.subarray(at, next);
  return { value: type % 2 === 0 ? Buffer.from(bytes) : bytes.toString('utf8'), next };
}

/** A number of up to 49 bits: no length and no row of ours needs more. */
function readVarint(bytes: Buffer, at: number): { value: number; next: number } | null {
  let value = 0;
  for (let next = at; next < Math.min(at + 7, bytes.length); next += 1) {
    const byte = bytes.readUInt8(next);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: next + 1 };
  }
  return null;
}
