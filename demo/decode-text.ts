import { isUtf8 } from 'node:buffer';

/**
 * The text of a file whose encoding nobody told: UTF-16 where a byte order mark says so, UTF-8 (with or without its
 * mark) where the bytes are valid UTF-8, else Windows-1252, which older spreadsheets write and which no bytes are
 * invalid in.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252').decode(bytes);
}
