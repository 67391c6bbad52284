import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inCompany } from '../../server/db.ts';
import { queueMail } from '../../server/jobs/mail-queue.ts';
import type { Worker } from '../../server/jobs/work.ts';
import type { Post } from '../../server/mail/post.ts';
import { smtpPost } from '../../server/mail/smtp-post.ts';
import { selfSigned } from '../support/certificate.ts';
import { accept, invitation, newAddress } from '../support/invite.ts';
import { type Mailbox, mailbox, smtpError } from '../support/mailbox.ts';
import { type Office, officeOf } from '../support/office.ts';
import { queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { hastenQueue, MAIL_FROM, testWorker } from '../support/worker.ts';

const PASSWORD = 'correct horse battery';
const RETRIES = 3;
const UNREACHABLE = 'The mail server cannot be reached (ECONNREFUSED).';

const { central, server } = await startCentral();
let office: Office;
let workers: Worker[];
const boxes: Mailbox[] = [];
/** Which mail server an address is at: each test has its own. */
const routes = new Map<string, Post>();

beforeAll(async () => {
  office = await officeOf(server.url, central.company);
  await hastenQueue(central, RETRIES);
  const post: Post = (letter) => {
    const route = routes.get(letter.to.split('@')[1] ?? '');
    if (!route) throw new Error(`no mail server for ${letter.to}`);
    return route(letter);
  };
  workers = await Promise.all([testWorker(central, post), testWorker(central, post)]);
});
afterAll(async () => {
  await Promise.all(workers?.map((worker) => worker.stop()));
  await Promise.all(boxes.map((box) => box.close()));
});

const query = <Row extends Record<string, unknown>>(sql: string, values: unknown[] = []) =>
  queryAs<Row>(central, central.company.company_id, sql, values);

/** A mail server for the addresses of a domain of its own. */
async function mailServer(domain: string, ...behaviour: Parameters<typeof mailbox>): Promise<Mailbox> {
  const box = await mailbox(...behaviour);
  boxes.push(box);
  routes.set(domain, smtpPost(box.url, MAIL_FROM));
  return box;
}

/** Invites somebody at a domain. */
async function inviteAt(domain: string, changes: Record<string, unknown> = {}) {
  const given = invitation({ email: newAddress(domain), ...changes });
  const made = await office.post('/api/v1/invitations', given);
  expect(made.status).toBe(201);
  return given;
}

type MailState = { state: string; reason?: string };

async function stateOf(email: string): Promise<MailState> {
  const { body } = await office.get(`/api/v1/invitations?text=${email}`);
  const [found] = body.items as [{ mail: MailState }];
  return found.mail;
}

/** Waits until the invitation's mail is as it should be. */
async function mailIs(email: string, expected: object): Promise<void> {
  await expect.poll(() => stateOf(email), { timeout: 60_000, interval: 250 }).toMatchObject(expected);
}

describe('a mail server', () => {
  test.concurrent('that takes 15 s holds up nobody but its own mail', async () => {
    const slow = await mailServer('slow.example', async ({ accept: take }) => {
      await pause(15_000);
      take();
    });
    const begun = performance.now();
    const { email } = await inviteAt('slow.example');
    const answered = performance.now() - begun;
    expect(answered).toBeLessThan(3_000);
    const { code } = await slow.mailTo(email);
    expect(await stateOf(email)).toEqual({ state: 'waiting' });
    await mailIs(email, { state: 'sent' });
    expect(performance.now() - begun).toBeGreaterThan(15_000);
    expect((await accept(server.url, { token: code, password: PASSWORD })).status).toBe(200);
    expect(slow.mails).toHaveLength(1);
  });

  test.concurrent('that refuses is not asked again, and the office sees why', async () => {
    let asked = 0;
    await mailServer('refusing.example', undefined, {
      onRcptTo: (_address, _session, callback) => {
        asked += 1;
        callback(smtpError(550, 'No such user\there'));
      },
    });
    const { email } = await inviteAt('refusing.example');
    await mailIs(email, {
      state: 'failed',
      reason: expect.stringMatching(/^The mail server refused the mail\. It said: 550 No such user here$/),
    });
    await pause(5_000);
    expect(asked).toBe(1);
  });

  test.concurrent('that answers with the code itself does not bring it before anybody’s eyes', async () => {
    const box = await mailServer('echo.example', ({ mail, refuse }) =>
      refuse(smtpError(554, `5.7.1 Looks like a secret: ${mail.code}, rejected`)),
    );
    const { email } = await inviteAt('echo.example');
    const { code } = await box.mailTo(email);
    await mailIs(email, {
      state: 'failed',
      reason: expect.stringContaining('Looks like a secret: …, rejected'),
    });
    expect(JSON.stringify(await stateOf(email))).not.toContain(code);
  });

  test.concurrent('that wants it later gets it later, and the office sees what it waits for', async () => {
    let asked = 0;
    const box = await mailServer('greylist.example', undefined, {
      onRcptTo: (_address, _session, callback) => {
        asked += 1;
        if (asked > 2) callback();
        else callback(smtpError(451, '4.7.1 Greylisted, come back later'));
      },
    });
    const { email } = await inviteAt('greylist.example');
    await mailIs(email, {
      state: 'waiting',
      reason: 'The mail server did not take the mail yet. It said: 451 4.7.1 Greylisted, come back later',
    });
    await box.mailTo(email);
    await mailIs(email, { state: 'sent' });
    expect((await stateOf(email)).reason).toBeUndefined();
    expect(asked).toBe(3);
  });

  test.concurrent('that is not there is tried some times, and then given up', async () => {
    const tries: number[] = [];
    const closed = await closedPort();
    const post = smtpPost(`smtp://127.0.0.1:${closed}`, MAIL_FROM);
    routes.set('gone.example', (letter) => {
      tries.push(Date.now());
      return post(letter);
    });
    const { email } = await inviteAt('gone.example');
    await mailIs(email, { state: 'waiting', reason: UNREACHABLE });
    await mailIs(email, { state: 'failed', reason: UNREACHABLE });
    expect(tries).toHaveLength(RETRIES + 1);
  });

  test.concurrent('that hangs up after it took the mail gets it again, and the newest code works', async () => {
    let broken = 0;
    const box = await mailServer('broken.example', ({ accept: take, hangUp }) => {
      broken += 1;
      if (broken === 1) hangUp();
      else take();
    });
    const { email } = await inviteAt('broken.example');
    const first = await box.mailTo(email);
    const second = await box.mailTo(email, 2);
    await mailIs(email, { state: 'sent' });
    expect(second.code).not.toBe(first.code);
    expect((await accept(server.url, { token: first.code, password: PASSWORD })).status).toBe(403);
    expect((await accept(server.url, { token: second.code, password: PASSWORD })).status).toBe(200);
  });

  test.concurrent('is told name and password where the address has some', async () => {
    const said: unknown[] = [];
    const box = await mailServer('auth.example', undefined, {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, callback) => {
        said.push(username, password);
        callback(null, { user: username });
      },
    });
    routes.set('auth.example', smtpPost(`smtp://till%40dock:p%3Ass%2Fword@127.0.0.1:${box.port}`, MAIL_FROM));
    const { email } = await inviteAt('auth.example');
    await box.mailTo(email);
    expect(said).toEqual(['till@dock', 'p:ss/word']);
  });

  test.concurrent('that does not know us is asked again: that is ours to repair', async () => {
    const box = await mailServer('stranger.example', undefined, {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, callback) => callback(smtpError(535, '5.7.8 Authentication failed')),
    });
    routes.set('stranger.example', smtpPost(`smtp://me:wrong@127.0.0.1:${box.port}`, MAIL_FROM));
    const { email } = await inviteAt('stranger.example');
    await mailIs(email, { state: 'waiting', reason: expect.stringMatching(/did not accept our sign-in/) });
    expect(JSON.stringify(await stateOf(email))).not.toContain('wrong');
  });
});

describe('TLS to the mail server', () => {
  test('is begun before anything is said, with a certificate that holds', async () => {
    const certificate = selfSigned();
    const trusted = tls.getCACertificates('default');
    const box = await mailServer('tls.example', undefined, {
      ...certificate,
      hideSTARTTLS: false,
      authOptional: true,
    });
    routes.set('tls.example', smtpPost(`${box.url}?tls=on`, MAIL_FROM));
    const { email } = await inviteAt('tls.example');
    await mailIs(email, { state: 'waiting', reason: expect.stringMatching(/No safe connection \(TLS\)/) });
    expect(box.mails).toHaveLength(0);
    tls.setDefaultCACertificates([...trusted, certificate.cert]);
    try {
      await box.mailTo(email);
      await mailIs(email, { state: 'sent' });
    } finally {
      tls.setDefaultCACertificates(trusted);
    }
  });

  test('is not done without because a server does not offer it', async () => {
    const said: string[] = [];
    const box = await mailServer('plain.example', undefined, {
      disabledCommands: ['STARTTLS'],
      onMailFrom: ({ address }, _session, callback) => {
        said.push(address);
        callback();
      },
    });
    routes.set('plain.example', smtpPost(`${box.url}?tls=on`, MAIL_FROM));
    const { email } = await inviteAt('plain.example');
    await mailIs(email, { state: 'waiting', reason: expect.stringMatching(/No safe connection \(TLS\)/) });
    expect(said).toEqual([]);
  });
});

describe('a mail', () => {
  test('that is asked for again before it went out goes out once', async () => {
    const box = await mailServer('hasty.example');
    const { email, invitation_id } = await inviteAt('hasty.example');
    await office.post(`/api/v1/invitations/${invitation_id}/resend`, {});
    const { code } = await box.mailTo(email);
    await mailIs(email, { state: 'sent' });
    await expect.poll(unfinishedJobs, { timeout: 20_000 }).toBe(0);
    expect(box.mails).toHaveLength(1);
    expect((await accept(server.url, { token: code, password: PASSWORD })).status).toBe(200);
  });

  test('that fails by a fault of ours is tried again, and the queue keeps no names', async () => {
    const box = await mailServer('fault.example');
    const post = smtpPost(box.url, MAIL_FROM);
    let tries = 0;
    routes.set('fault.example', async (letter) => {
      tries += 1;
      if (tries === 1) throw new Error(`a mistake about ${letter.to}`);
      return post(letter);
    });
    const { email, invitation_id } = await inviteAt('fault.example');
    await mailIs(email, { state: 'waiting', reason: 'The mail could not be handed over.' });
    expect(await outputOf(invitation_id)).toContain('"message": "delayed"');
    expect(await outputOf(invitation_id)).not.toContain(email);
    await box.mailTo(email);
    await mailIs(email, { state: 'sent' });
  });

  test('of a kind that only a later version knows is left for that, and named in no more than the log', async () => {
    const job = await inCompany(central.db, central.company.company_id, (tx) =>
      queueMail(tx, { kind: 'news', company_id: tx.company_id, reader: 'noor@shop.example' } as never),
    );
    const output = () =>
      query<{ state: string; output: string }>('select state, output::text from pgboss.job where id = $1', [
        job,
      ]);
    await expect
      .poll(output, { timeout: 20_000 })
      .toEqual([
        { state: 'retry', output: expect.stringContaining('could not be worked on; the log says why') },
      ]);
    expect(await output()).not.toEqual([
      expect.objectContaining({ output: expect.stringContaining('noor') }),
    ]);
  });

  test('has the headers it should have and one recipient, whatever the names are', async () => {
    const box = await mailServer('names.example');
    const name = 'Zoë\r\nBcc: eve@names.example\r\n\r\n<script>alert(1)</script>\u2028\u202e';
    const { email } = await inviteAt('names.example', { name });
    await query('update company set name = $1', ['Ann & Söhne\r\nBcc: eve@names.example']);
    const mail = await box.mailTo(email);
    expect(mail.to).toEqual([email]);
    expect(mail.headerNames.toSorted()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ]);
    expect(mail.headers).toMatchObject({ from: `Tilldock <${MAIL_FROM}>`, to: email });
    expect(mail.headers.subject).toBe('Tomas Reyes invites you to Ann & Söhne Bcc: eve@names.example');
    expect(mail.text).toContain('Hello Zoë Bcc: eve@names.example <script>alert(1)</script>,\n');
    expect(mail.html).toContain('Zoë Bcc: eve@names.example &#60;script&#62;');
    expect(mail.html).toContain('Ann &#38; Söhne');
  });

  test('goes out once each, with two workers at the queue', async () => {
    const box = await mailServer('many.example', async ({ accept: take }) => {
      await pause(50);
      take();
    });
    const given = await Promise.all(Array.from({ length: 24 }, () => inviteAt('many.example')));
    for (const { email } of given) await mailIs(email, { state: 'sent' });
    expect(box.mails.map(({ to }) => to[0]).sort()).toEqual(given.map(({ email }) => email).sort());
  });
});

/** Jobs that are not done yet. */
const unfinishedJobs = async (): Promise<number> =>
  (await query<{ count: number }>(`select count(*) from pgboss.job where state < 'completed'`))[0]?.count ??
  0;

/** What the queue keeps of the last try. */
const outputOf = async (invitationId: string): Promise<string> =>
  (
    await query<{ output: string }>(
      `select coalesce(output::text, '') as output from pgboss.job where data->>'invitation_id' = $1`,
      [invitationId],
    )
  )[0]?.output ?? '';

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  if (!address || typeof address !== 'object') throw new Error('no port');
  const probe = connect(address.port, '127.0.0.1');
  await new Promise((resolve) => probe.once('error', resolve));
  return address.port;
}
