import { spawn } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { damagedTill } from '../../support/damaged-till.ts';
import { openDesktopBench } from '../../support/desktop.ts';
import { desktopProblem } from '../../support/packed-app.ts';

const problem = desktopProblem();

test('the packed app salvages a ledger by command, without a window', async ({ skip }) => {
  skip(problem !== null, problem ?? '');
  const bench = await openDesktopBench();
  try {
    const folder = await bench.newFolder();
    const data = join(folder, 'data');
    await mkdir(data);
    await damagedTill(data, { copies: 'none' });
    const to = join(folder, 'saved');
    const args = [...bench.args(folder), 'salvage', '--from', data, '--to', to];
    const child = spawn(bench.program, args, { env: bench.env, stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const code = await new Promise((settle) => child.once('close', settle));
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringContaining('Operations:  13, numbers 1 to 13'),
    });
    expect((await readdir(to)).sort()).toEqual(['ledger.db', 'operations.jsonl', 'report.txt']);
    expect(await readdir(folder)).not.toContain('settings.json');
  } finally {
    await bench.close();
  }
});
