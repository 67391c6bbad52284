import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const screens = fileURLToPath(new URL('../../../src-renderer', import.meta.url));
const read = (file: string) => readFileSync(join(screens, file), 'utf8');
const files = (pattern: string) => globSync(pattern, { cwd: screens }).sort();
const sheets = files('**/*.css').filter((file) => !file.endsWith('tokens.css'));

/** Values that only tokens.css may write down, each with what it is called. */
const rawValues: readonly (readonly [string, RegExp])[] = [
  [
    'a colour',
    /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(|:\s*(?:white|black|red|green|blue|gray|grey|yellow|orange)\b/gi,
  ],
  ['a font size', /font-size:\s*[\d.]/g],
  ['a font', /font-family:(?!\s*var\()/g],
  ['a distance', /(?:padding|margin|gap)[a-z-]*:[^;]*\b(?!0\b)[\d.]+(?:px|rem|em)\b/g],
  ['a radius', /border-radius:\s*[\d.]*[1-9]/g],
  ['a duration', /(?:transition|animation)[a-z-]*:[^;]*\b[\d.]+m?s\b/g],
  ['a layer', /z-index:\s*-?\d/g],
];

const findRaw = (text: string): string[] => {
  const rules = text.replace(/\/\*[\s\S]*?\*\//g, '');
  return rawValues.flatMap(([what, pattern]) =>
    [...rules.matchAll(pattern)].map(([found]) => `${what}: ${found}`),
  );
};

describe('the look of the screens', () => {
  test.each(sheets)('%s takes colours, sizes and times from tokens.css', (file) => {
    expect(findRaw(read(file))).toEqual([]);
  });

  test('a raw value would be found', () => {
    expect(findRaw('.a { color: #fff; font-size: 12px; padding: 0 3px; z-index: 4 }')).toHaveLength(4);
    expect(findRaw('.a { padding: 0 var(--space-1); border-radius: 0 }')).toEqual([]);
  });

  test('every token that is used is defined, and every one that is defined is used', () => {
    const tokens = new Set(
      [...read('style/tokens.css').matchAll(/^\s*(--[\w-]+):/gm)].map(([, name]) => name),
    );
    const used = new Set(
      files('**/*.css').flatMap((file) =>
        [...read(file).matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name),
      ),
    );
    expect([...used].filter((name) => !tokens.has(name))).toEqual([]);
    expect([...tokens].filter((name) => !used.has(name))).toEqual([]);
  });

  test('no component writes a colour or a size itself', () => {
    const found = files('**/*.tsx').flatMap((file) =>
      [...read(file).matchAll(/style=\{\{(?<style>[^}]*)\}/g)]
        .filter(({ groups }) => /color|font|padding|margin/.test(groups?.style ?? ''))
        .map(([text]) => `${file}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  test('every class that a component names is in its sheet, and every class of a sheet is named', () => {
    const faults = files('**/*.module.css').flatMap((sheet) => {
      const defined = new Set(
        [...read(sheet).matchAll(/\.([a-zA-Z][\w-]*)(?=[^{}]*\{)/g)].map(([, name]) => name),
      );
      const code = files('**/*.tsx').map((file) => usesOf(file, sheet));
      const named = new Set<string | undefined>([
        ...code.flatMap(({ names }) => names),
        ...composedFrom(sheet),
      ]);
      const isComputed = code.some((use) => use.isComputed);
      return [
        ...[...named].filter((name) => !defined.has(name)).map((name) => `${sheet} lacks .${name}`),
        ...[...defined]
          .filter((name) => !isComputed && !named.has(name))
          .map((name) => `${sheet} has unused .${name}`),
      ];
    });
    expect(faults).toEqual([]);
  });
});

const isSheet = (from: string, imported: string, sheet: string): boolean =>
  relative(screens, join(screens, from, '..', imported)) === sheet;

/** The classes of a sheet that a component names, under whatever name it has imported the sheet. */
function usesOf(file: string, sheet: string): { names: string[]; isComputed: boolean } {
  const text = read(file);
  const imported = [...text.matchAll(/import (\w+) from '([^']+\.module\.css)'/g)];
  const [, name] = imported.find(([, , path]) => isSheet(file, path ?? '', sheet)) ?? [];
  if (name === undefined) return { names: [], isComputed: false };
  const used = [...text.matchAll(new RegExp(`(?<![\\w/])${name}\\.(\\w+)`, 'g'))];
  return { names: used.map(([, of]) => of ?? ''), isComputed: new RegExp(`\\b${name}\\[`).test(text) };
}

/** The classes of a sheet that other sheets build on. */
const composedFrom = (sheet: string): string[] =>
  files('**/*.module.css').flatMap((file) =>
    [...read(file).matchAll(/composes: (\w+) from "([^"]+)"/g)]
      .filter(([, , path]) => isSheet(file, path ?? '', sheet))
      .map(([, name]) => name ?? ''),
  );

describe('the contrast of the tokens', () => {
  const themes = themesOf(read('style/tokens.css'));
  const texts = [
    'ink',
    'ink-soft',
    'ink-faint',
    'accent-text',
    'ok',
    'warn',
    'danger',
    'info',
    'refund-text',
  ];
  const grounds = ['canvas', 'surface', 'sunken'];
  const pairs: readonly (readonly [string, string])[] = [
    ...texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)),
    ['accent-ink', 'accent'],
    ['danger-ink', 'danger'],
    ['refund-ink', 'refund'],
    ['accent-text', 'accent-soft'],
    ['ink-soft', 'accent-soft'],
    ['refund-text', 'accent-soft'],
    ['ok', 'ok-soft'],
    ['warn', 'warn-soft'],
    ['danger', 'danger-soft'],
    ['info', 'info-soft'],
  ];

  test.each([...themes.keys()])(
    '%s: text stands out from its ground by 4.5 to 1, by 7 to 1 in high contrast',
    (name) => {
      const theme = themes.get(name) ?? {};
      const least = name.includes('more') ? 7 : 4.5;
      const weak = pairs
        .map(([text, ground]) => ({ text, ground, ratio: contrast(theme[text], theme[ground]) }))
        .filter(({ ratio }) => ratio < least);
      expect(weak).toEqual([]);
    },
  );

  test.each([...themes.keys()])('%s: the edge of a control and the focus stand out by 3 to 1', (name) => {
    const theme = themes.get(name) ?? {};
    for (const ground of grounds) {
      expect(contrast(theme.edge, theme[ground])).toBeGreaterThanOrEqual(3);
      expect(contrast(theme.focus, theme[ground])).toBeGreaterThanOrEqual(3);
    }
  });
});

type Theme = Readonly<Record<string, string>>;

/** The colours of each theme, later blocks over earlier ones as the cascade has it. */
function themesOf(css: string): Map<string, Theme> {
  const block = (selector: string): Theme => {
    const start = css.indexOf(`${selector} {`);
    const body = css.slice(start, css.indexOf('\n}', start));
    return Object.fromEntries(
      [...body.matchAll(/--color-([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
    );
  };
  const light = block(':root');
  const dark = { ...light, ...block(':root[data-theme="dark"]') };
  const more = block(':root[data-contrast="more"]');
  const darkMore = block(':root[data-theme="dark"][data-contrast="more"]');
  return new Map([
    ['light', light],
    ['dark', dark],
    ['light, contrast more', { ...light, ...more }],
    ['dark, contrast more', { ...dark, ...more, ...darkMore }],
  ]);
}

/** WCAG 2.2 contrast ratio of two colours. */
function contrast(one = '', other = ''): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
