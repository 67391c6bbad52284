import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { FEED_ENTITY_NAMES } from '#shared/sync/feed.ts';
import { OPERATION_KINDS } from '#shared/sync/operation.ts';
import { exceptionCodeSchema, quarantineCodeSchema } from '#shared/sync/push.ts';
import { accessMatrix } from '../../../server/ops/access-matrix.ts';
import { openApiText } from '../../../server/ops/openapi-command.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const found = (patterns: string[]): string[] =>
  globSync(patterns, { cwd: root }).map((file) => file.replaceAll('\\', '/'));

const pages = found(['*.md', 'docs/**/*.md']).sort();
const manifest = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

/** A page without its blocks of code, in which `[` and `#` mean something else. */
const prose = (page: string): string => read(page).replace(/^ *```[\s\S]*?^ *```$/gm, '');

/** What stands on a page as code: its blocks, and what is between backticks. */
const code = (page: string): string =>
  [...matches(read(page), /^ *```([\s\S]*?)^ *```$/gm), ...matches(prose(page), /`([^`]+)`/g)].join('\n');

/** The anchor that a heading gets where Markdown is shown. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[`*]|\[|\]\([^)]*\)/g, '')
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string): string[] =>
  [...prose(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, group = '']) => group);

/** A path of the project as the pages write one: between backticks, beginning with a folder of ours. */
const PATH = /`((?:shared|server|src-main|src-renderer|migrations|demo|test|docs|\.ci)\/[\w./*…-]*)`/g;

describe.each(pages)('%s', (page) => {
  test('links to pages, headings and pictures that exist', () => {
    const broken = matches(prose(page), /\]\(([^)\s]+)\)/g)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? page : join(dirname(page), path).replaceAll('\\', '/');
        if (!existsSync(join(root, target))) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  test('names files and folders that exist', () => {
    const missing = matches(read(page), PATH)
      .filter((path) => !path.includes('…'))
      .filter((path) => globSync(path.replace(/\/$/, ''), { cwd: root }).length === 0);
    // An example of a file that somebody would make, and a folder that the demo makes.
    const made = ['shared/sales/reason.ts', 'demo/out/'];
    expect(missing.filter((path) => !made.includes(path))).toEqual([]);
  });

  test('names functions in the files where they are', () => {
    const sentences = prose(page).replace(/\s+/g, ' ');
    const named = [...sentences.matchAll(/`(\w+)`(?: \(| in )`([\w./-]+\.(?:tsx?|sql))`/g)];
    const wrong = named.filter(([, name, file = '']) => !new RegExp(`\\b${name}\\b`).test(read(file)));
    expect(wrong.map(([text]) => text)).toEqual([]);
  });

  test('names scripts that npm knows', () => {
    const scripts = matches(code(page), /\bnpm (?:run (?:-s )?)?([a-z]+(?::[a-z]+)?)\b/g);
    const own = ['ci', 'run'];
    expect(scripts.filter((name) => !own.includes(name) && !(name in manifest.scripts))).toEqual([]);
  });
});

describe('what the pages list', () => {
  test('the README names every script', () => {
    const missing = Object.keys(manifest.scripts).filter(
      (name) => !new RegExp(`npm (run )?${name}\\b`).test(read('README.md')),
    );
    expect(missing).toEqual([]);
  });

  test('every variable of the configuration is explained, and no other', () => {
    const known = matches(read('server/config.ts'), /^ {2}([A-Z_]+): /gm).sort();
    const table = read('docs/operations.md').split("## The till's configuration")[0] ?? '';
    expect(matches(table, /^\| `([A-Z_]+)` \|/gm).sort()).toEqual(known);
    expect(matches(read('.env.example'), /^([A-Z_]+)=/gm).sort()).toEqual(known);
  });

  test('docs/sync.md has every kind, entity, verdict code and exception', () => {
    const page = read('docs/sync.md');
    const codes = [
      ...Object.keys(OPERATION_KINDS),
      ...FEED_ENTITY_NAMES,
      ...quarantineCodeSchema.options,
      ...exceptionCodeSchema.options,
    ];
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  test('docs/sync.md has every code that a problem can have', () => {
    const page = read('docs/sync.md');
    const thrown = found(['server/**/*.ts']).flatMap((file) =>
      matches(read(file), /(?:new Refusal\(\s*\d{3},|\[\s*[45]\d\d,|document\([45]\d\d,)\s*'(\w+)'/g),
    );
    expect(thrown.length).toBeGreaterThan(15);
    expect([...new Set(thrown)].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  test('docs/figures.md has every measure of the benchmark, and no other', () => {
    const measured = found(['test/bench/*.ts']).flatMap((file) =>
      matches(read(file), /\bmeasure\(\s*'([\w.]+)'/g),
    );
    expect(matches(read('docs/figures.md'), /^\| `([\w.]+)` \|/gm).sort()).toEqual(measured.sort());
  });

  test('docs/openapi.json is what the contract says; npm run openapi writes it', async () => {
    expect(read('docs/openapi.json')).toBe(await openApiText());
  });

  test('docs/access-matrix.md is what the contract and the roles say; npm run openapi writes it', () => {
    const page = read('docs/access-matrix.md');
    expect(page).toBe(accessMatrix());
    expect(page).toContain('| `GET /api/v1/audit` | `user.manage` | ✓ |  |');
  });

  test('the decisions are numbered without a gap', () => {
    const numbers = found(['docs/adr/*.md'])
      .map((file) => Number(/\/(\d{4})-/.exec(file)?.[1]))
      .sort((left, right) => left - right);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    for (const file of found(['docs/adr/*.md'])) {
      expect(read(file)).toMatch(new RegExp(`^# ${/\d{4}/.exec(file)?.[0]}\\. `));
    }
  });
});
