import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { inCompany, rows } from '../../server/db.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import { type TestCentral, testCentral } from '../support/central.ts';

const COMMAND = fileURLToPath(new URL('../../server/catalogue/import-command.ts', import.meta.url));

let central: TestCentral;
let folder: string;
beforeAll(async () => {
  central = await testCentral();
});
afterAll(() => central?.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tilldock-import-'));
  return () => rm(folder, { recursive: true, force: true });
});

/** Runs the command in the test's folder, as npm does from wherever a user stands. */
async function run(args: readonly string[], onStart: (child: ChildProcess) => void = () => {}) {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: {
      ...process.env,
      DATABASE_URL: central.serverUrl,
      DATABASE_OWNER_URL: central.ownerUrl,
      INIT_CWD: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  onStart(child);
  const code = await new Promise<number | null>((settle) => child.once('close', settle));
  return { ...said, code };
}

const itemsOf = (shop: SeededCompany) =>
  inCompany(central.db, shop.company_id, async (tx) => {
    const [row] = await rows<{ count: number }>(tx, 'select count(*) as count from variant');
    return row?.count ?? 0;
  });

test('a file is imported with a table at the end, and what was rejected in a file beside the user', async () => {
  await writeFile(join(folder, 'spring.csv'), 'sku,name,price\nA,Tea,1.20\nB,=Salt,x\n');
  const { code, out } = await run(['spring.csv']);
  expect(code).toBe(0);
  expect(out).toMatch(/^Imported \(Corner Shop Ltd\)\n {2}read +2\n {2}new +1\n/);
  expect(out).toMatch(/rejected +1\n/);
  expect(out).toContain(`listed in ${join(folder, 'spring.csv.rejected.csv')}`);
  const report = await readFile(join(folder, 'spring.csv.rejected.csv'), 'utf8');
  expect(report.split('\r\n')[1]).toMatch(/^3,rejected,"price","x","is not a price/);
});

test('a preview in JSON is one line, and leaves no file where all is well', async () => {
  await writeFile(join(folder, 'spring.tsv.gz'), gzipSync('ean\tname\n96385074\tTea "1.2"\n'));
  const { code, out } = await run(['spring.tsv.gz', '--price', '1.99', '--dry-run', '--json']);
  expect(code).toBe(0);
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(out)).toMatchObject({ read: 1, new: 1, rejected: 0, dry_run: true, report: null });
  expect(await readdir(folder)).toEqual(['spring.tsv.gz']);
});

test.each([
  [['nowhere.csv'], 'nowhere.csv cannot be read: ENOENT.'],
  [['.'], 'is not a file.'],
  [['list.csv', '--prise', '1'], "Unknown option '--prise'"],
  [['list.csv'], 'There is no column for the price'],
  [
    ['list.csv', '--price', '1', '--company', 'Nobody'],
    '--company: there is no company Nobody; there are Corner Shop Ltd',
  ],
])('%j is a mistake of usage', async (args, sentence) => {
  await writeFile(join(folder, 'list.csv'), 'sku,name\nA,Tea\n');
  const { code, out, err } = await run(args);
  expect(err).toContain(sentence);
  expect(err).not.toContain('    at ');
  expect([code, out]).toEqual([2, '']);
});

test('a damaged file fails with what was done before', async () => {
  const packed = gzipSync(
    `sku,name,price\n${Array.from({ length: 9000 }, (_, index) => `D${index},Tea,1\n`).join('')}`,
  );
  await writeFile(join(folder, 'cut.csv.gz'), packed.subarray(0, -20));
  const { code, err } = await run(['cut.csv.gz']);
  expect(err).toMatch(
    /^The compressed file is damaged or cut off\. [05],?0{0,3} rows before it were dealt with\.\n$/,
  );
  expect(code).toBe(1);
});

test('one of several companies is chosen by name; a command that does not say which is refused', async () => {
  const other = await central.addCompany({ ...DEMO_SHOP, name: 'Market Stall' });
  await writeFile(join(folder, 'list.csv'), 'sku,name,price\nA,Tea,1\n');
  const refused = await run(['list.csv']);
  expect(refused).toMatchObject({
    code: 2,
    err: expect.stringContaining('--company: which one, by name or id?'),
  });
  expect((await run(['list.csv', '--company', 'Market Stall'])).code).toBe(0);
  expect(await itemsOf(other)).toBe(1);
});

test('Ctrl-C ends after the rows under way with exit code 130, and the same command goes on', async () => {
  const shop = await central.addCompany({ ...DEMO_SHOP, name: 'Big Store' });
  const size = 40_000;
  const lines = Array.from({ length: size }, (_, index) => `I${index},Item ${index},1.00`);
  await writeFile(join(folder, 'big.csv'), ['sku,name,price', ...lines].join('\n'));
  const args = ['big.csv', '--company', shop.company_id, '--json'];
  const first = await run(args, async (child) => {
    while ((await itemsOf(shop)) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
  });
  expect(first.code).toBe(130);
  const summary = JSON.parse(first.out);
  expect(summary).toMatchObject({ interrupted: true, new: await itemsOf(shop) });
  expect(summary.new).toBeLessThan(size);
  const second = await run(args);
  expect(second.code).toBe(0);
  expect(JSON.parse(second.out)).toMatchObject({ unchanged: summary.new, new: size - summary.new });
});
