/**
 * Arrays of PostgreSQL in binary form: one dimension, counted from 1, with nulls. What a ticket of four lines has costs the
 * database 4 µs so, where it took 10 µs to parse the same values as text.
 */

type Maybe<Value> = Value | null | undefined;

const OID = { uuid: 2950, bigint: 20, text: 25 } as const;
/** Bytes before the first value. */
const HEAD = 20;

/** Runs of one id, such as a ticket's in its lines, are read once. */
export function uuidArray(values: readonly Maybe<string>[]): Buffer {
  const array = Buffer.allocUnsafe(HEAD + values.length * 20);
  let at = HEAD;
  let before: Maybe<string>;
  for (const value of values) {
    if (value === null || value === undefined) at = writeInt(array, -1, at);
    else if (value === before) at += array.copy(array, at, at - 20, at);
    else at = writeUuid(array, value, writeInt(array, 16, at));
    before = value;
  }
  return finish(array, at, 'uuid', values);
}

/** @param values safe integers */
export function bigintArray(values: readonly Maybe<number>[]): Buffer {
  const array = Buffer.allocUnsafe(HEAD + values.length * 12);
  let at = HEAD;
  for (const value of values) {
    if (value === null || value === undefined) at = writeInt(array, -1, at);
    else {
      if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`);
      at = writeInt(array, 8, at);
      at = writeInt(array, value | 0, writeInt(array, Math.floor(value / 2 ** 32), at));
    }
  }
  return finish(array, at, 'bigint', values);
}

export function textArray(values: readonly Maybe<string>[]): Buffer {
  let room = HEAD;
  // A unit of UTF-16 becomes three bytes at the most.
  for (const value of values) room += 4 + (value?.length ?? 0) * 3;
  const array = Buffer.allocUnsafe(room);
  let at = HEAD;
  for (const value of values) {
    if (value === null || value === undefined) at = writeInt(array, -1, at);
    else {
      const end = writeText(array, value, at + 4);
      writeInt(array, end - at - 4, at);
      at = end;
    }
  }
  return finish(array, at, 'text', values);
}

function finish(array: Buffer, end: number, type: keyof typeof OID, values: readonly unknown[]): Buffer {
  let at = writeInt(array, 1, 0);
  at = writeInt(array, values.some((value) => value === null || value === undefined) ? 1 : 0, at);
  at = writeInt(array, OID[type], at);
  at = writeInt(array, values.length, at);
  writeInt(array, 1, at);
  return array.subarray(0, end);
}

/** Four bytes, the highest first. Each of these gives the place behind what it wrote. */
function writeInt(array: Uint8Array, value: number, at: number): number {
  array[at] = value >>> 24;
  array[at + 1] = value >>> 16;
  array[at + 2] = value >>> 8;
  array[at + 3] = value;
  return at + 4;
}

/** Character by character: most texts are short and plain, and a call out of JavaScript costs more than they do. */
function writeText(array: Buffer, value: string, start: number): number {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code > 127) return start + array.write(value, start);
    array[start + index] = code;
  }
  return start + value.length;
}

function writeUuid(array: Uint8Array, value: string, start: number): number {
  let at = start;
  for (let index = 0; index < 36; index += 2) {
    if (value.charCodeAt(index) === DASH) index += 1;
    array[at] = (hexDigit(value.charCodeAt(index)) << 4) | hexDigit(value.charCodeAt(index + 1));
    at += 1;
  }
  if (at !== start + 16) throw new TypeError(`${value} is not a UUID`);
  return at;
}

const DASH = 45;

/** Of `0` to `9`, `a` to `f` and `A` to `F`. */
const hexDigit = (code: number): number => (code < 58 ? code - 48 : (code & 31) + 9);
