import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lives } from '../../server/embedded/living.ts';
import { startCluster } from '../../server/embedded.ts';
import { runServer, type ServerRun } from '../support/server-process.ts';

let folder: string;
let runs: ServerRun[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tilldock-embedded-'));
  runs = [];
});
afterEach(async () => {
  for (const run of runs) run.process.kill('SIGKILL');
  const left = await postmaster();
  if (left !== undefined) process.kill(left, 'SIGQUIT');
  while (left !== undefined && lives(left)) await pause(20);
  await rm(folder, { recursive: true, force: true });
});

function run(environment?: NodeJS.ProcessEnv): ServerRun {
  const started = runServer(folder, environment);
  runs.push(started);
  return started;
}

const pidFile = () => join(folder, 'postgres', 'postmaster.pid');

/** The process of the PostgreSQL that runs in the folder. */
async function postmaster(): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(pidFile(), 'utf8').catch(() => ''), 10);
  return Number.isNaN(pid) || !lives(pid) ? undefined : pid;
}

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
};

describe('the embedded PostgreSQL', () => {
  test('serves all who use the folder, and ends with the last of them', async () => {
    const [first, second] = await Promise.all([startCluster({ folder }), startCluster({ folder })]);
    expect(second.ownerUrl('postgres')).toBe(first.ownerUrl('postgres'));
    await first.stop();
    await first.stop();
    expect(await answers(second.ownerUrl('postgres'))).toBe(true);
    await second.stop();
    expect(await answers(second.ownerUrl('postgres'))).toBe(false);
    expect(await postmaster()).toBeUndefined();
  });

  test('keeps its files and its secret from others', async () => {
    const cluster = await startCluster({ folder });
    await cluster.stop();
    const modes = await Promise.all(
      ['postgres', 'postgres.secret', 'postgres.log'].map(
        async (name) => (await stat(join(folder, name))).mode & 0o077,
      ),
    );
    expect(modes).toEqual([0, 0, 0]);
    expect((await readdir(folder)).sort()).toEqual([
      'postgres',
      'postgres.log',
      'postgres.secret',
      'postgres.users',
    ]);
  });

  test('takes no harm from what a start left that was killed half-way', async () => {
    const dead = spawn(process.execPath, ['--version']);
    await new Promise((resolve) => dead.once('exit', resolve));
    const abandoned = join(folder, `postgres.${dead.pid}.0123abcd.partial`);
    await mkdir(abandoned);
    await writeFile(join(abandoned, 'PG_VERSION'), '18\n');
    await writeFile(`${abandoned}.secret`, 'x');
    const cluster = await startCluster({ folder });
    expect(await answers(cluster.ownerUrl('postgres'))).toBe(true);
    await cluster.stop();
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('starts over the lock of a dead process, and of a number that another program has now', async () => {
    await (await startCluster({ folder })).stop();
    // What a number stands for can be told on Linux only; elsewhere a person is asked to look.
    const living = process.platform === 'linux' ? [process.pid] : [];
    for (const pid of [4_194_303, ...living]) {
      await writeFile(pidFile(), `${pid}\n${join(folder, 'postgres')}\n1\n5432\n\n127.0.0.1\n`);
      const cluster = await startCluster({ folder });
      expect(await answers(cluster.ownerUrl('postgres'))).toBe(true);
      await cluster.stop();
    }
  });

  test('makes a database once, however many ask for it at the same time', async () => {
    const cluster = await startCluster({ folder });
    await Promise.all(Array.from({ length: 5 }, () => cluster.createDatabase('shop')));
    expect(await answers(cluster.ownerUrl('shop'))).toBe(true);
    await cluster.stop();
  });
});

describe('the server over it', () => {
  test('ends in order on a signal, with everything it started', async () => {
    const server = run();
    expect((await fetch(`${await server.listening}/ready`)).status).toBe(200);
    server.process.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(await postmaster()).toBeUndefined();
  });

  test('leaves nothing running when it is told to end while it starts', async () => {
    await (await startCluster({ folder })).stop();
    for (const after of [100, 300, 500, 700]) {
      const server = run();
      await pause(after);
      server.process.kill('SIGINT');
      await server.ended;
      for (let waited = 0; waited < 100 && (await postmaster()) !== undefined; waited += 1) await pause(100);
      expect([after, await postmaster()]).toEqual([after, undefined]);
    }
  });

  test('that was killed leaves its PostgreSQL to the next, who ends it', async () => {
    const killed = run();
    await killed.listening;
    killed.process.kill('SIGKILL');
    await killed.ended;
    const kept = await postmaster();
    expect(kept).toBeDefined();
    const next = run();
    await next.listening;
    expect(await postmaster()).toBe(kept);
    next.process.kill('SIGTERM');
    await next.ended;
    expect(await postmaster()).toBeUndefined();
  });

  test('says in plain words why it cannot start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const bound = taken.address();
    const port = String(bound && typeof bound === 'object' ? bound.port : 0);
    const inUse = await run({ TILLDOCK_PORT: port }).ended;
    taken.close();
    const unreachable = await run({ DATABASE_URL: 'postgres://till:hunter2@127.0.0.1:1/tilldock' }).ended;
    const wrong = await run({ TILLDOCK_PORT: 'http', TILLDOCK_POOL: '0' }).ended;
    expect([inUse.code, unreachable.code, wrong.code]).toEqual([1, 1, 1]);
    expect(inUse.said).toContain('set TILLDOCK_PORT to another port');
    expect(unreachable.said).toContain('correct DATABASE_URL');
    expect(wrong.said).toBe(
      'The configuration is wrong:\nTILLDOCK_PORT: must be a whole number\nTILLDOCK_POOL: must be from 2 to 200\n',
    );
    for (const { said } of [inUse, unreachable]) expect(said).not.toMatch(/^ {4}at |hunter2/m);
    expect(await postmaster()).toBeUndefined();
  });
});
