import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withoutCompany } from '../../server/db.ts';
import { lives } from '../../server/embedded/living.ts';
import { accept, invitation } from '../support/invite.ts';
import { type Mailbox, mailbox } from '../support/mailbox.ts';
import { type Office, officeOf } from '../support/office.ts';
import { databaseLine } from '../support/proxy.ts';
import { readMail } from '../support/read-mail.ts';
import { runServer } from '../support/server-process.ts';
import { startCentral } from '../support/start-central.ts';
import { hastenQueue, MAIL_FROM } from '../support/worker.ts';
import { runWorker, type WorkerRun } from '../support/worker-process.ts';

const PASSWORD = 'correct horse battery';

const { central, server } = await startCentral();
let office: Office;
let folder: string;
let runs: { readonly process: WorkerRun['process'] }[];

beforeAll(async () => {
  office = await officeOf(server.url, central.company);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tilldock-worker-'));
  runs = [];
});
afterEach(async () => {
  for (const run of runs) run.process.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** A worker on the tests' database. */
async function start(environment: NodeJS.ProcessEnv): Promise<WorkerRun> {
  const run = runWorker({ ...database(), TILLDOCK_DATA: folder, ...environment });
  runs.push(run);
  await run.working;
  return run;
}
const database = () => ({ DATABASE_URL: central.serverUrl, DATABASE_OWNER_URL: central.ownerUrl });
const mailTo = (box: Mailbox) => ({ TILLDOCK_SMTP_URL: box.url, TILLDOCK_MAIL_FROM: MAIL_FROM });

async function inviteSomebody(by = office): Promise<{ email: string; name: string }> {
  const given = invitation();
  expect((await by.post('/api/v1/invitations', given)).status).toBe(201);
  return given;
}

async function mailOf(email: string): Promise<unknown> {
  const { body } = await office.get(`/api/v1/invitations?text=${email}`);
  return (body.items as { mail: unknown }[])[0]?.mail;
}

const heartbeats = (): Promise<unknown[]> =>
  withoutCompany(central.db, async (client) => (await client.query('select * from worker_heartbeat')).rows);

const metrics = async (url = server.url): Promise<string> => (await fetch(`${url}/metrics`)).text();

describe('a worker', () => {
  test('that is killed after the mail server took a mail leaves it to another, and the newest code works', async () => {
    let hold = true;
    const box = await mailbox(({ accept: take }) => {
      if (!hold) take();
    });
    try {
      const first = await start(mailTo(box));
      await hastenQueue(central);
      const { email } = await inviteSomebody();
      const lost = await box.mailTo(email);
      first.process.kill('SIGKILL');
      expect((await first.ended).code).toBe('SIGKILL');
      hold = false;
      expect(await mailOf(email)).toEqual({ state: 'waiting' });
      // The mail was sent, and nobody knows: its code is good until there is a newer one.
      await start(mailTo(box));
      const newest = await box.mailTo(email, 2);
      expect((await accept(server.url, { token: lost.code, password: PASSWORD })).status).toBe(403);
      expect((await accept(server.url, { token: newest.code, password: PASSWORD })).status).toBe(200);
      await expect.poll(() => mailOf(email)).toMatchObject({ state: 'sent' });
      expect(box.mails).toHaveLength(2);
    } finally {
      await box.close();
    }
  });

  test('tells that it is there, and takes its word back when it ends in order', async () => {
    const box = await mailbox();
    try {
      await withoutCompany(central.db, (client) => client.query('delete from worker_heartbeat'));
      expect(await metrics()).toMatch(/^tilldock_workers 0$/m);
      const run = await start(mailTo(box));
      expect(await heartbeats()).toEqual([expect.objectContaining({ last_job_at: null })]);
      expect(await metrics()).toMatch(/^tilldock_workers 1$/m);
      expect(await metrics()).toMatch(/^tilldock_worker_heard_seconds \d/m);
      const { email } = await inviteSomebody();
      expect(await metrics()).toMatch(/^tilldock_mails_waiting 1$/m);
      await box.mailTo(email);
      await expect.poll(heartbeats).toEqual([expect.objectContaining({ last_job_at: expect.any(Date) })]);
      expect(await metrics()).toMatch(/^tilldock_mails_waiting 0$/m);
      run.process.kill('SIGTERM');
      const { code, said } = await run.ended;
      expect([code, said]).toEqual([0, expect.stringContaining('Tilldock worker: at work')]);
      expect(await heartbeats()).toEqual([]);
    } finally {
      await box.close();
    }
  });

  test('finishes the mail that is under way before it ends', async () => {
    const box = await mailbox(({ accept: take }) => setTimeout(take, 3_000));
    try {
      const run = await start(mailTo(box));
      const { email } = await inviteSomebody();
      await box.mailTo(email);
      run.process.kill('SIGTERM');
      expect((await run.ended).code).toBe(0);
      expect(await mailOf(email)).toMatchObject({ state: 'sent' });
      expect(box.mails).toHaveLength(1);
    } finally {
      await box.close();
    }
  });

  test('goes on when the database was gone for a while', async () => {
    const box = await mailbox();
    const line = await databaseLine(central.serverUrl);
    try {
      await start({ ...mailTo(box), DATABASE_URL: line.url });
      await line.cut();
      const { email } = await inviteSomebody();
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect(box.mails).toHaveLength(0);
      await line.mend();
      await box.mailTo(email);
    } finally {
      await line.cut();
      await box.close();
    }
  });

  test('starts or joins the embedded PostgreSQL and leaves none behind', async () => {
    const run = runWorker({ TILLDOCK_DATA: folder });
    runs.push(run);
    await run.working;
    const pid = Number.parseInt(await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8'), 10);
    expect(lives(pid)).toBe(true);
    run.process.kill('SIGINT');
    expect((await run.ended).code).toBe(0);
    expect(lives(pid)).toBe(false);
  });
});

describe('without a mail server', () => {
  test('mails become files during development, that only their owner may read; the code is in no log', async () => {
    const run = await start({});
    const { email, name } = await inviteSomebody();
    await expect.poll(() => mailOf(email), { timeout: 20_000 }).toMatchObject({ state: 'sent' });
    const [file = ''] = await readdir(join(folder, 'mail'));
    expect((await stat(join(folder, 'mail', file))).mode & 0o077).toBe(0);
    expect((await stat(join(folder, 'mail'))).mode & 0o077).toBe(0);
    const mail = readMail(await readFile(join(folder, 'mail', file), 'latin1'), []);
    expect(mail.headers.to).toBe(email);
    expect(mail.text).toContain(name);
    run.process.kill('SIGTERM');
    const { said } = await run.ended;
    expect(said).toContain(file);
    expect(said).not.toContain(mail.code);
    expect((await accept(server.url, { token: mail.code, password: PASSWORD })).status).toBe(200);
  });

  test('production says so to the office', async () => {
    await start({
      NODE_ENV: 'production',
      TILLDOCK_SECRET: randomBytes(32).toString('base64url'),
    });
    const { email } = await inviteSomebody();
    await expect
      .poll(() => mailOf(email), { timeout: 20_000 })
      .toMatchObject({ state: 'failed', reason: 'No mail server is set up, so nothing can be mailed.' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a server', () => {
  test('works the queue itself, unless it is told to leave that to a worker', async () => {
    const box = await mailbox();
    try {
      const off = runServer(folder, { ...database(), ...mailTo(box), TILLDOCK_WORKER: 'off' });
      runs.push(off);
      await off.listening;
      const { email } = await inviteSomebody();
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      expect(box.mails).toHaveLength(0);
      const on = runServer(folder, { ...database(), ...mailTo(box) });
      runs.push(on);
      await on.listening;
      await box.mailTo(email);
      for (const run of [off, on]) {
        run.process.kill('SIGTERM');
        expect((await run.ended).code).toBe(0);
      }
    } finally {
      await box.close();
    }
  });

  test('tells its other metrics while the database does not answer', async () => {
    const line = await databaseLine(central.serverUrl);
    const run = runServer(folder, { ...database(), DATABASE_URL: line.url, TILLDOCK_WORKER: 'off' });
    runs.push(run);
    const url = await run.listening;
    expect(await metrics(url)).toMatch(/^tilldock_workers \d/m);
    await line.cut();
    const page = await metrics(url);
    expect(page).toMatch(/^process_cpu_seconds_total /m);
    expect(page).not.toMatch(/^tilldock_workers/m);
  });
});
