import { decodeQR } from 'qr/decode.js';
import { describe, expect, test } from 'vitest';
import { receiptOf } from '#shared/sales/receipt.ts';
import { pair, words } from '#shared/sales/receipt-rows.ts';
import { receiptPdf } from '../../../src-main/receipt-pdf.ts';
import { type PdfPage, readPdf } from '../../support/read-pdf.ts';
import { somePlace } from './some-receipt.ts';
import { someTicket } from './some-ticket.ts';

const about = { title: 'SHOP1-T1-T-000042', created_at: '2026-07-01T11:30:00.000Z' };
const solid = (lines: readonly string[]) => lines.join('').replace(/\s/gu, '');

describe('a receipt as a PDF', () => {
  test('is 80 mm wide and as long as it needs', async () => {
    const short = readPdf(await receiptPdf([words('one')], about));
    const long = readPdf(await receiptPdf(new Array(50).fill(words('one')), about));
    expect(short).toHaveLength(1);
    expect(short[0]?.width).toBeCloseTo((80 / 25.4) * 72, 3);
    expect(long[0]?.height).toBeGreaterThan((short[0]?.height ?? 0) * 10);
  });

  test('shows Latin, Cyrillic and the signs of currencies, letter by letter', async () => {
    const text = 'Crème brûlée ½ £ € ₽ ₴ × № «Ёлка» Ґанок Җиһан Łódź Ğüş Ω';
    const [page] = readPdf(await receiptPdf([words(text, 'strong'), words(text)], about));
    expect(solid(page?.lines ?? [])).toBe(solid([text, text]));
  });

  test('never loses a character of a long name, a long word or a long figure', async () => {
    const name = `${'Фонарь металлический белый с ручкой '.repeat(6)}${'x'.repeat(120)}`;
    const [page] = readPdf(
      await receiptPdf([words(name), pair(name, '5.45'), pair('Reference', name)], about),
    );
    const left = solid(page?.lines ?? []);
    expect(left).toHaveLength(solid([name, name, '5.45', 'Reference', name]).length);
    expect(left.startsWith(solid([name]))).toBe(true);
    expect(left.endsWith(solid([name]))).toBe(true);
  });

  test('shows the rows of the receipt from top to bottom, figures at the right', async () => {
    const [page] = readPdf(await receiptPdf(receiptOf(someTicket(), somePlace), about));
    expect(page?.lines).toEqual([
      'Ёлка & Sons',
      'Market Street',
      'Receipt\tSHOP1-T1-T-000042',
      'Date\t2026-07-01 12:30',
      'Till\tTill 1',
      'Cashier\tZoë',
      'White lantern 1\t2.55',
      'TOTAL GBP\t2.55',
      'Cash\t2.55',
      'Tax included\tNet\tTax',
      'VAT 20 %\t2.12\t0.43',
      '9f86 d081 884c 7d65',
    ]);
  });

  test('of the same ticket is the same file, byte by byte', async () => {
    const rows = receiptOf(someTicket(), somePlace);
    expect((await receiptPdf(rows, about)).equals(await receiptPdf(rows, about))).toBe(true);
  });

  test('goes on with another page where one would be longer than a PDF allows', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => words(`line ${index}`));
    const pages = readPdf(await receiptPdf(rows, about));
    expect(pages).toHaveLength(3);
    expect(pages.flatMap((page) => page.lines)).toEqual(rows.map((_, index) => `line ${index}`));
    for (const page of pages) expect(page.height).toBeLessThanOrEqual(14_400);
  });

  test('bears a QR code that a reader can read', async () => {
    const content = `SHOP1-T1-T-000042|GBP 2.55|${somePlace.ticket_hash}`;
    const [page] = readPdf(await receiptPdf([{ kind: 'qr', content }], about));
    expect(decodeQR(photographed(page))).toBe(content);
  });
});

/** The page as a camera would see it: four dots a point, black boxes on white paper. */
function photographed(page: PdfPage | undefined) {
  if (!page) throw new Error('no page');
  const SCALE = 4;
  const [width, height] = [Math.ceil(page.width * SCALE), Math.ceil(page.height * SCALE)];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const box of page.boxes) {
    const [left, right] = [box.left, box.left + box.width].map((edge) => Math.round(edge * SCALE));
    const [top, bottom] = [box.top, box.top + box.height].map((edge) => Math.round(edge * SCALE));
    for (let y = top ?? 0; y < (bottom ?? 0); y += 1) {
      for (let x = left ?? 0; x < (right ?? 0); x += 1)
        data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { width, height, data };
}
