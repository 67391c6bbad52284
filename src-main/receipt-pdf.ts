import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { encodeQR } from 'qr';
import type { Emphasis, ReceiptRow } from '#shared/sales/receipt-rows.ts';
import { wrapText } from '#shared/sales/text-wrap.ts';

const require = createRequire(import.meta.url);

/** DejaVu Sans has Latin, Cyrillic and Greek in one file, and figures of one width. */
const FONTS = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};

const MILLIMETRE = 72 / 25.4;
const PAPER = 80 * MILLIMETRE;
const MARGIN = 4 * MILLIMETRE;
const WIDTH = PAPER - 2 * MARGIN;
const GAP = 6;
const QR_SIDE = 34 * MILLIMETRE;
/** A page may be at most 14,400 points long (ISO 32000-1, annex C); a long receipt goes on with another page. */
const LONGEST = 14_000;

const STYLE: Readonly<Record<Emphasis, { font: keyof typeof FONTS; size: number }>> = {
  normal: { font: 'regular', size: 8 },
  strong: { font: 'bold', size: 8 },
  large: { font: 'bold', size: 12 },
};

/** One strip of the paper: how tall it is, and how it is drawn at a height. */
type Strip = { height: number; draw: (top: number) => void };
type Document = typeof PDFDocument.prototype;

/**
 * A receipt as a PDF, 80 mm wide and as long as it needs, the QR code drawn. The same rows, title and date give the
 * same bytes.
 * @param about the document's title, and when the fact on it happened (ISO 8601)
 */
export async function receiptPdf(
  rows: readonly ReceiptRow[],
  about: { title: string; created_at: string },
): Promise<Buffer> {
  const document = new PDFDocument({
    autoFirstPage: false,
    font: FONTS.regular,
    info: {
      Title: about.title,
      Producer: 'Tilldock',
      Creator: 'Tilldock',
      CreationDate: new Date(about.created_at),
    },
  });
  const whole = new Promise<Buffer>((fulfil, reject) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => fulfil(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  for (const strips of pagesOf(rows.flatMap((row) => stripsOf(document, row)))) {
    const height = strips.reduce((sum, strip) => sum + strip.height, 2 * MARGIN);
    document.addPage({ size: [PAPER, height], margin: 0 });
    let top = MARGIN;
    for (const strip of strips) {
      strip.draw(top);
      top += strip.height;
    }
  }
  document.end();
  return whole;
}

function pagesOf(strips: readonly Strip[]): Strip[][] {
  const pages: Strip[][] = [[]];
  let height = 0;
  for (const strip of strips) {
    if (height + strip.height > LONGEST) {
      pages.push([]);
      height = 0;
    }
    pages.at(-1)?.push(strip);
    height += strip.height;
  }
  return pages;
}

function stripsOf(document: Document, row: ReceiptRow): Strip[] {
  switch (row.kind) {
    case 'rule':
      return [ruleStrip(document)];
    case 'qr':
      return [qrStrip(document, row.content)];
    case 'text':
      return textStrips(document, row.text, row.emphasis, row.align);
    case 'columns':
      return columnStrips(document, row.cells, row.emphasis);
  }
}

function ruleStrip(document: Document): Strip {
  return {
    height: 8,
    draw: (top) => {
      document.moveTo(MARGIN, top + 4).lineTo(PAPER - MARGIN, top + 4);
      document.lineWidth(0.5).stroke();
    },
  };
}

/**
 * Square modules, with the four light ones around them that ISO/IEC 18004 asks for. A run of dark ones is drawn as
 * one rectangle, so that no seams show between them.
 */
function qrStrip(document: Document, content: string): Strip {
  const matrix = encodeQR(content, 'raw', { ecc: 'medium', border: 4 });
  const side = QR_SIDE / matrix.length;
  const left = (PAPER - QR_SIDE) / 2;
  const draw = (top: number) => {
    matrix.forEach((modules, row) => {
      modules.forEach((dark, column) => {
        if (!dark || modules[column - 1]) return;
        const end = modules.indexOf(false, column);
        const run = (end === -1 ? modules.length : end) - column;
        document.rect(left + column * side, top + row * side, run * side, side);
      });
    });
    document.fill('black');
  };
  return { height: QR_SIDE, draw };
}

function textStrips(document: Document, text: string, emphasis: Emphasis, align: 'left' | 'center'): Strip[] {
  const measure = measureIn(document, emphasis);
  return wrapText(text, WIDTH, measure).map((line) =>
    lineStrip(document, emphasis, [[line, align === 'center' ? (WIDTH - measure(line)) / 2 : 0]]),
  );
}

/** Figures stand at the right, each of three in its own place; one too wide for its place goes on its own line. */
function columnStrips(document: Document, cells: readonly string[], emphasis: Emphasis): Strip[] {
  const measure = measureIn(document, emphasis);
  const [label = '', ...figures] = cells;
  const place = figures.length === 1 ? (WIDTH * 3) / 4 : WIDTH / 3.5;
  if (figures.some((figure) => measure(figure) > place - GAP)) {
    const below = figures.flatMap((figure) => wrapText(figure, WIDTH, measure));
    return [
      ...textStrips(document, label, emphasis, 'left'),
      ...below.map((figure) => lineStrip(document, emphasis, [[figure, WIDTH - measure(figure)]])),
    ];
  }
  const taken = figures.length === 1 ? measure(figures[0] ?? '') + GAP : place * figures.length;
  const lines = wrapText(label, WIDTH - taken, measure);
  const last = lines.pop() ?? '';
  const placed = figures.map((figure, index): [string, number] => {
    const edge = WIDTH - place * (figures.length - 1 - index);
    return [figure, edge - measure(figure)];
  });
  return [
    ...lines.map((line) => lineStrip(document, emphasis, [[line, 0]])),
    lineStrip(document, emphasis, [[last, 0], ...placed]),
  ];
}

/** One line of texts, each at its distance from the left margin. */
function lineStrip(
  document: Document,
  emphasis: Emphasis,
  texts: readonly [text: string, left: number][],
): Strip {
  const { font, size } = STYLE[emphasis];
  return {
    height: size * 1.3,
    draw: (top) => {
      document.font(FONTS[font]).fontSize(size);
      for (const [text, left] of texts) {
        if (text !== '') document.text(text, MARGIN + left, top, { lineBreak: false });
      }
    },
  };
}

function measureIn(document: Document, emphasis: Emphasis): (text: string) => number {
  const { font, size } = STYLE[emphasis];
  return (text) => document.font(FONTS[font]).fontSize(size).widthOfString(text);
}
