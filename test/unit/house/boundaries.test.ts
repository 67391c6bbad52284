import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const biome = join(root, 'node_modules/.bin/biome');
const tsc = join(root, 'node_modules/.bin/tsc');

/** A house of its own under the project's rules, in which a wall can be broken without harm. */
let house: string;

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'tilldock-house-'));
  const rules = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
  const { vcs: _, $schema: __, ...own } = rules;
  await writeFile(join(house, 'biome.json'), JSON.stringify(own));
});
afterAll(() => rm(house, { recursive: true, force: true }));

async function plant(file: string, source: string): Promise<string> {
  const path = join(house, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, source);
  return path;
}

const lint = (path: string): Promise<string> =>
  run(biome, ['lint', path], { cwd: house }).then(
    () => '',
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );

const lines = (from: string) => `import * as planted from '${from}';\nexport const used = planted;\n`;

describe('the walls of the house', () => {
  test.each([
    ['shared/sales/planted.ts', 'node:fs'],
    ['shared/sales/planted.ts', '../../server/db.ts'],
    ['shared/sales/planted.ts', '../../src-main/data/open.ts'],
    ['server/sales/planted.ts', '../../src-main/data/open.ts'],
    ['server/sales/planted.ts', '../../src-renderer/app.tsx'],
    ['server/sales/planted.ts', 'better-sqlite3'],
    ['server/sync/planted.ts', 'better-sqlite3'],
    ['server/sync/snapshot-file.ts', '../../src-main/data/open.ts'],
    ['src-main/planted.ts', '../server/db.ts'],
    ['src-main/planted.ts', '../src-renderer/app.tsx'],
    ['src-main/data/planted.ts', 'electron'],
    ['src-main/data/planted.ts', 'pg'],
    ['src-renderer/planted.ts', '../src-main/main.ts'],
    ['src-renderer/planted.ts', '../server/db.ts'],
    ['src-renderer/planted.ts', 'node:fs'],
  ])('%s may not import %s', async (file, from) => {
    expect(await lint(await plant(file, lines(from)))).toContain('noRestrictedImports');
  });

  test.each([
    ['shared/sales/planted.ts', '../stock/quantity.ts'],
    ['server/sales/planted.ts', '#shared/sales/money.ts'],
    ['server/sync/snapshot-file.ts', 'better-sqlite3'],
    ['src-main/data/planted.ts', '#shared/sales/money.ts'],
    ['src-main/planted.ts', 'electron'],
    ['src-renderer/planted.ts', '#shared/sales/money.ts'],
  ])('%s may import %s', async (file, from) => {
    expect(await lint(await plant(file, lines(from)))).not.toContain('noRestrictedImports');
  });

  test('shared knows neither Node nor the browser by their types', async () => {
    await cp(join(root, 'tsconfig.base.json'), join(house, 'tsconfig.base.json'));
    await plant('shared/tsconfig.json', await readFile(join(root, 'shared/tsconfig.json'), 'utf8'));
    await plant('shared/sales/planted.ts', 'export const planted = [process.pid, document.title];\n');
    const said = await run(tsc, ['-p', join(house, 'shared')]).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    expect(said).toMatch(/Cannot find name 'process'/);
    expect(said).toMatch(/Cannot find name 'document'/);
  });
});
