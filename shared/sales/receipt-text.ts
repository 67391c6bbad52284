import type { ReceiptRow } from './receipt-rows.ts';
import { characters, wrapText } from './text-wrap.ts';

/** Character columns of the usual paper: 42 or 48 on 80 mm, 32 on 58 mm. */
export type PaperColumns = 32 | 42 | 48;

/**
 * A receipt as plain text of a fixed width, for terminals, logs and tests. A QR code is told by its content.
 * East Asian characters take two columns, as they do on a terminal. Ends with a line break.
 */
export function receiptText(rows: readonly ReceiptRow[], columns: PaperColumns): string {
  return `${rows.flatMap((row) => linesOf(row, columns)).join('\n')}\n`;
}

function linesOf(row: ReceiptRow, width: number): string[] {
  switch (row.kind) {
    case 'rule':
      return ['-'.repeat(width)];
    case 'text':
      return wrapText(row.text, width, cellsOf).map((line) =>
        row.align === 'center' ? centred(line, width) : line,
      );
    case 'qr':
      return wrapText(row.content, width, cellsOf).map((line) => centred(line, width));
    case 'columns':
      return row.cells.length === 2 ? beside(...row.cells, width) : table(row.cells, width);
  }
}

/** The label wraps in the room that the figure leaves; a figure that leaves too little goes below it. */
function beside(label: string, figure: string, width: number): string[] {
  const room = width - cellsOf(figure) - 1;
  if (room < width / 4) {
    const below = wrapText(figure, width, cellsOf).map((line) => right(line, width));
    return label === '' ? below : [...wrapText(label, width, cellsOf), ...below];
  }
  const lines = wrapText(label, room, cellsOf);
  const last = lines.pop() ?? '';
  return [...lines, `${last}${' '.repeat(Math.max(1, width - cellsOf(last) - cellsOf(figure)))}${figure}`];
}

/** Three columns of fixed places; where a figure does not fit its place, the row becomes a label and two lines. */
function table([label, first, second]: readonly [string, string, string], width: number): string[] {
  const place = Math.floor(width / 3.5);
  if (cellsOf(first) >= place || cellsOf(second) >= place) {
    return [...wrapText(label, width, cellsOf), ...beside('', first, width), ...beside('', second, width)];
  }
  return beside(label, right(first, place) + right(second, place), width);
}

const right = (text: string, width: number): string => ' '.repeat(Math.max(0, width - cellsOf(text))) + text;

const centred = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, Math.floor((width - cellsOf(text)) / 2))) + text;

/** Columns that a text takes: two for each wide character of East Asia and each emoji, else one. */
function cellsOf(text: string): number {
  let cells = 0;
  for (const character of characters(text)) cells += WIDE.test(character) ? 2 : 1;
  return cells;
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
