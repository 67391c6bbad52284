import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pixelmatch from 'pixelmatch';
import type { Page } from 'playwright';
import { PNG } from 'pngjs';

const project = resolve(import.meta.dirname, '../..');
const kept = join(project, 'test/e2e/screens');
const results = join(project, 'test-results');

/** `TILLDOCK_UPDATE_SCREENS=1` writes the pictures instead of comparing with them. */
export const isUpdating = process.env.TILLDOCK_UPDATE_SCREENS === '1';

/** The share of pixels that may differ: less than a changed digit, more than another build of the same font. */
const TOLERATED = 0.0002;

/**
 * Runs in the page: puts everything that no two runs have in common to one value, and leaves a function that puts
 * it back. Fonts are those that every test machine has; what moves stands still; QR codes hold a ticket's hash, and the state of the exchange is asked for now and then.
 */
const stillLife = `(() => {
  const root = document.documentElement;
  root.style.setProperty('--font-text', '"DejaVu Sans"');
  root.style.setProperty('--font-code', '"DejaVu Sans Mono"');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(\`
    *, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important; }
    svg[role=img] { visibility: hidden; }
    [aria-label^="Exchange with the server:"] { display: none; }
  \`);
  document.adoptedStyleSheets = [sheet];
  const words = [
    [/\\d{1,2} [A-Z][a-z]{2,3} \\d{4}/g, '21 Nov 2026'],
    [/\\d{4}-\\d\\d-\\d\\d/g, '2026-11-21'],
    [/\\b\\d\\d:\\d\\d(:\\d\\d)?\\b/g, '10:42'],
    [/just now|\\d+ (minute|hour)s? ago/g, 'just now'],
    [/\\b[0-9a-f]{4}( [0-9a-f]{4}){3}\\b/g, '0a1b 2c3d 4e5f 6071'],
    [/127\\.0\\.0\\.1:\\d+/g, '127.0.0.1:9'],
    [/\\bin \\d+ (minute|hour|day)s?\\b/g, 'in 2 days'],
    [/\\b[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}\\b/g, 'ABCD-EFGH-JKMN'],
    [/\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b/g, '01a1b2c3-d4e5-7f60-8123-456789abcdef'],
    [/\\b\\d{1,2}:\\d\\d more/g, '9:59 more'],
  ];
  const changed = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const before = node.data;
    const after = words.reduce((text, [pattern, value]) => text.replace(pattern, value), before);
    if (after !== before) { changed.push([node, before]); node.data = after; }
  }
  globalThis.stirAgain = () => {
    for (const [node, before] of changed) node.data = before;
    document.adoptedStyleSheets = [];
    root.style.removeProperty('--font-text');
    root.style.removeProperty('--font-code');
  };
  // Rows that have grown or shrunk are measured after the first frame, and moved in the next.
  const frame = () => new Promise(requestAnimationFrame);
  return frame().then(frame).then(frame);
})()`;

/** A picture of a page on which nothing is left to chance. */
export async function pictureOf(page: Page): Promise<Buffer> {
  await layMouseAside(page);
  await page.evaluate(stillLife);
  try {
    return await page.screenshot();
  } finally {
    await page.evaluate('stirAgain()');
  }
}

/** Takes the pointer to where nothing answers to it. */
const layMouseAside = (page: Page): Promise<void> => page.mouse.move(500, 1);

/**
 * Compares a picture with the one that is checked in under the name; what is wrong, or null. A picture that
 * differs is written to `test-results/`, with the difference.
 */
export async function differenceFrom(name: string, picture: Buffer): Promise<string | null> {
  const file = join(kept, `${name}.png`);
  if (isUpdating) {
    await write(kept, `${name}.png`, packed(picture));
    return null;
  }
  if (!existsSync(file)) return `there is no picture ${name}; TILLDOCK_UPDATE_SCREENS=1 takes it`;
  const expected = PNG.sync.read(await readFile(file));
  const actual = PNG.sync.read(picture);
  const { width, height } = expected;
  if (actual.width !== width || actual.height !== height) {
    await write(results, `${name}-actual.png`, picture);
    return `${name} is ${actual.width} × ${actual.height}, not ${width} × ${height}`;
  }
  const diff = new PNG({ width, height });
  const pixels = pixelmatch(expected.data, actual.data, diff.data, width, height, { threshold: 0.15 });
  if (pixels <= width * height * TOLERATED) return null;
  await write(results, `${name}-actual.png`, picture);
  await write(results, `${name}-diff.png`, PNG.sync.write(diff));
  return `${pixels} pixels of ${name} differ; see test-results/${name}-diff.png`;
}

/** Whether a picture shows more than a ground and a few lines: how many colours it has. */
export function coloursOf(picture: Buffer): number {
  const { data } = PNG.sync.read(picture);
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  return new Set(pixels).size;
}

/** Writes a picture for the README, with the fonts of this machine. */
export const showInDocs = (name: string, picture: Buffer): Promise<void> =>
  write(join(project, 'docs/screens'), `${name}.png`, packed(picture));

/** The same pixels in a fifth fewer bytes: flat areas press best unfiltered. */
const packed = (picture: Buffer): Buffer =>
  PNG.sync.write(PNG.sync.read(picture), {
    colorType: 2,
    filterType: 0,
    deflateStrategy: 0,
    deflateLevel: 9,
  });

async function write(folder: string, name: string, content: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), content);
}
