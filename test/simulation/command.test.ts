import { type ChildProcess, spawn } from 'node:child_process';
import { expect, test } from 'vitest';

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

const MAIN = new URL('main.ts', import.meta.url).pathname;

function simulate(args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, out, err }));
  });
  return { child, ended };
}

test('with --json all that is written is one line with what was played and what was found', async () => {
  const { code, out } = await simulate(['--seed', '1', '--histories', '3', '--json']).ended;
  expect(code).toBe(0);
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  const told = JSON.parse(out) as Record<string, unknown>;
  expect(told).toMatchObject({ histories: 3, violations: [] });
  expect(told.operations).toBeGreaterThan(0);
  expect(Object.values(told.faults as object).every((count) => count > 0)).toBe(true);
});

test('Ctrl-C ends it after the histories that are under way, and tells what was played', async () => {
  const { child, ended } = simulate(['--seed', '1', '--histories', '100000', '--workers', '1', '--json']);
  child.stderr?.once('data', () => child.kill('SIGINT'));
  const { code, out, err } = await ended;
  expect(code).toBe(130);
  expect(err).toContain('Interrupted');
  expect((JSON.parse(out) as { histories: number }).histories).toBeLessThan(100_000);
});

test.each([
  [['--seed', 'x'], '--seed: x is not a whole number from 0 on.'],
  [['--histories', '0'], '--histories: 0 is not a whole number from 1 on.'],
  [['--only', '3-1'], '--only: 3-1 is neither a step nor a run of steps.'],
  [['--workers', '-1'], '--workers'],
  [['--sede', '4'], '--sede'],
  [['7'], "'7'"],
])('a mistake is named before anything begins: %s', async (args, message) => {
  const { code, out, err } = await simulate(args).ended;
  expect(code).toBe(2);
  expect(err.split('\n')[0]).toContain(message);
  expect(out).toBe('');
});
