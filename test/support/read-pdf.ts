import { inflateSync } from 'node:zlib';

/** What stands on one page: its size in points, its lines of text from top to bottom, and its filled rectangles. */
export type PdfPage = {
  width: number;
  height: number;
  lines: string[];
  boxes: { left: number; top: number; width: number; height: number }[];
};

/**
 * Reads back a PDF as pdfkit writes it (one content stream a page, text in embedded fonts), so that a test can see
 * what a reader would see. Characters come from the fonts' own ToUnicode tables.
 */
export function readPdf(bytes: Buffer): PdfPage[] {
  const objects = new Map<string, { head: string; stream: Buffer }>();
  const source = bytes.toString('latin1');
  for (const match of source.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [, id = '', body = ''] = match;
    const start = body.indexOf('stream\n');
    const packed = body.slice(start + 7, body.lastIndexOf('\nendstream'));
    objects.set(id, {
      head: start === -1 ? body : body.slice(0, start),
      stream: start === -1 ? Buffer.alloc(0) : inflateSync(Buffer.from(packed, 'latin1')),
    });
  }
  const object = (id: string | undefined) => {
    const found = objects.get(id ?? '');
    if (!found) throw new Error(`no object ${id}`);
    return found;
  };
  const reference = (head: string, name: string) => new RegExp(`/${name} (\\d+) 0 R`).exec(head)?.[1];
  const pages = [...objects.values()].filter((entry) => entry.head.includes('/Type /Page\n'));
  return pages.map(({ head }) => {
    const resources = object(reference(head, 'Resources')).head;
    const fonts = new Map(
      [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id]) => [
        name,
        charactersOf(object(reference(object(id).head, 'ToUnicode')).stream.toString('latin1')),
      ]),
    );
    const [, width = '', height = ''] = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(head) ?? [];
    const content = object(reference(head, 'Contents')).stream.toString('latin1');
    return {
      width: Number(width),
      height: Number(height),
      lines: linesOf(content, fonts),
      boxes: boxesOf(content),
    };
  });
}

/** The characters of a font's glyphs, in the order of its ToUnicode table. */
function charactersOf(table: string): string[] {
  const body = /\[([^\]]*)\]/.exec(table)?.[1] ?? '';
  return [...body.matchAll(/<([0-9a-f ]+)>/g)].map(([, units = '']) =>
    String.fromCharCode(
      ...[...units.replaceAll(' ', '').matchAll(/.{4}/g)].map(([unit]) => Number.parseInt(unit, 16)),
    ),
  );
}

/** Texts at the same height make one line, from left to right. */
function linesOf(content: string, fonts: ReadonlyMap<string, readonly string[]>): string[] {
  const texts = [...content.matchAll(/BT\n([\s\S]*?)ET/g)].map(([, block = '']) => {
    const [, left = '', up = ''] = /1 0 0 1 ([\d.]+) ([\d.]+) Tm/.exec(block) ?? [];
    const glyphs = fonts.get(/\/(F\d+) [\d.]+ Tf/.exec(block)?.[1] ?? '') ?? [];
    const codes = [...block.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
    const text = codes.map((code) => glyphs[Number.parseInt(code, 16)] ?? '').join('');
    return { left: Number(left), up, text };
  });
  const byHeight = Map.groupBy(texts, (text) => text.up);
  return [...byHeight]
    .sort(([one], [other]) => Number(other) - Number(one))
    .map(([, line]) =>
      line
        .sort((one, other) => one.left - other.left)
        .map((part) => part.text)
        .join('\t'),
    );
}

const boxesOf = (content: string) =>
  [...content.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re/g)].map((match) => {
    const [left = 0, top = 0, width = 0, height = 0] = match.slice(1).map(Number);
    return { left, top, width, height };
  });
