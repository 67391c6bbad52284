import * as argon2 from '@node-rs/argon2';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Worker } from '../../server/jobs/work.ts';
import { smtpPost } from '../../server/mail/smtp-post.ts';
import { uuidBytes } from '../../server/uuid-bytes.ts';
import { accept, invitation, newAddress, resetPassword } from '../support/invite.ts';
import { type Mailbox, mailbox, smtpError } from '../support/mailbox.ts';
import { askForToken, newPlace, type Office, officeOf, signedIn } from '../support/office.ts';
import { person, queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { MAIL_FROM, testWorker } from '../support/worker.ts';

// Does what it did, and counts.
vi.mock('@node-rs/argon2', { spy: true });

const OLD = 'correct horse battery';
const NEW = 'staple another battery';

const { central, server } = await startCentral();
let box: Mailbox;
let full: Mailbox;
let worker: Worker;
let office: Office;

beforeAll(async () => {
  box = await mailbox();
  full = await mailbox(({ refuse }) => refuse(smtpError(552, 'The mailbox is full')));
  const [toBox, toFull] = [smtpPost(box.url, MAIL_FROM), smtpPost(full.url, MAIL_FROM)];
  worker = await testWorker(central, (letter) =>
    letter.subject.startsWith('A new password') && letter.to.endsWith('@full.example')
      ? toFull(letter)
      : toBox(letter),
  );
  office = await officeOf(server.url, central.company);
});
afterAll(async () => {
  await worker?.stop();
  await box?.close();
  await full?.close();
});

const query = <Row extends Record<string, unknown>>(sql: string, values: unknown[] = []) =>
  queryAs<Row>(central, central.company.company_id, sql, values);
const send = (id: string, by = office) => by.post(`/api/v1/users/${id}/password-reset`, {});
const signIn = async (email: string, password: string, from?: string): Promise<number> =>
  (await askForToken(server.url, { username: email, password }, from)).status;

/** Somebody who signs in to the office with the old password. */
async function colleague(domain?: string): Promise<{ user_id: string; email: string }> {
  const given = invitation({ email: newAddress(domain) });
  await office.post('/api/v1/invitations', given);
  const { code } = await box.mailTo(given.email);
  const accepted = await accept(server.url, { token: code, password: OLD });
  expect(accepted.status).toBe(200);
  return given;
}

/** The code of the newest mail for a new password; the first mail was the invitation. */
const code = async (email: string, which = 1): Promise<string> => (await box.mailTo(email, which + 1)).code;

test.concurrent('a reset ends all sessions at once and lets the person choose a new password', async () => {
  const { user_id, email } = await colleague();
  const session = await signedIn(server.url, { username: email, password: OLD });
  expect(await send(user_id)).toMatchObject({ status: 202, body: { accepted: true } });
  expect((await session.get('/api/v1/me')).status).toBe(401);

  const between = await signedIn(server.url, { username: email, password: OLD });
  const mail = await box.mailTo(email, 2);
  expect(mail.headers.subject).toBe('A new password for Corner Shop Ltd');
  expect(mail.text).toContain('Tomas Reyes has let you choose a new password');
  const answer = await resetPassword(server.url, { token: mail.code, password: NEW });
  expect(answer).toMatchObject({ status: 200, body: { email, company_id: central.company.company_id } });
  expect((await between.get('/api/v1/me')).status).toBe(401);
  expect(await signIn(email, OLD)).toBe(401);
  expect(await signIn(email, NEW)).toBe(200);
  const told = await query<{ action: string; user_id: string; session_id: string | null }>(
    `select action, user_id, session_id from audit_entry where entity = 'user' and key = $1 and action like '%reset%'
     order by entry_id`,
    [user_id],
  );
  expect(told).toEqual([
    {
      action: 'user.password_reset_sent',
      user_id: person(central.company, 'ADMIN'),
      session_id: expect.any(String),
    },
    { action: 'user.password_reset', user_id, session_id: null },
  ]);
});

test.concurrent('a code gives the same answer again for the same password, for a while', async () => {
  const { user_id, email } = await colleague();
  await send(user_id);
  const token = await code(email);
  const first = await resetPassword(server.url, { token, password: NEW });
  const session = await signedIn(server.url, { username: email, password: NEW });
  expect((await resetPassword(server.url, { token, password: NEW })).body).toEqual(first.body);
  // A repetition is no second reset.
  expect((await session.get('/api/v1/me')).status).toBe(200);
  expect((await resetPassword(server.url, { token, password: OLD })).status).toBe(403);
  await query(`update password_reset set used_at = now() - interval '16 minutes' where user_id = $1`, [
    user_id,
  ]);
  expect((await resetPassword(server.url, { token, password: NEW })).status).toBe(403);
});

test.concurrent('a newer code ends the one before it', async () => {
  const { user_id, email } = await colleague();
  await send(user_id);
  const older = await code(email);
  await send(user_id);
  expect((await resetPassword(server.url, { token: older, password: NEW })).status).toBe(403);
  const newer = await code(email, 2);
  expect((await resetPassword(server.url, { token: newer, password: NEW })).status).toBe(200);
});

test.concurrent('a new password forgets the failures with the old one', async () => {
  const { user_id, email } = await colleague();
  const from = newPlace();
  const tries = [];
  for (let count = 0; count < 7; count += 1) tries.push(await signIn(email, 'forgotten password', from));
  expect(tries).toContain(429);
  await send(user_id);
  await resetPassword(server.url, { token: await code(email), password: NEW }, from);
  expect(await signIn(email, NEW, from)).toBe(200);
});

test.concurrent('a mail that never goes out is told in the record of changes', async () => {
  const { user_id } = await colleague('full.example');
  await send(user_id);
  const told = () =>
    query<{ after: { reason: string } }>(
      `select after from audit_entry where action = 'user.password_reset_not_mailed' and key = $1`,
      [user_id],
    );
  await expect
    .poll(told, { timeout: 20_000 })
    .toEqual([{ after: { reason: 'The mail server refused the mail. It said: 552 The mailbox is full' } }]);
});

test.concurrent('a reset is for active people with an address, and by those who manage people', async () => {
  const refused = { status: 409, body: { code: 'no_password' } };
  expect(await send(person(central.company, 'CASHIER'))).toMatchObject(refused);
  const invited = invitation();
  await office.post('/api/v1/invitations', invited);
  expect(await send(invited.user_id)).toMatchObject(refused);
  const { user_id } = await colleague();
  await office.post(`/api/v1/users/${user_id}/disable`, {});
  expect(await send(user_id)).toMatchObject(refused);
  expect((await send(uuid())).status).toBe(404);
  const manager = await officeOf(server.url, central.company, 'MANAGER');
  expect((await send(user_id, manager)).status).toBe(403);
  const other = await central.addCompany();
  expect((await send(user_id, await officeOf(server.url, other))).status).toBe(404);
});

test('a code that opens nothing is refused in the same words and with the same work', async () => {
  const [used, late, disabled] = await Promise.all([colleague(), colleague(), colleague()]);
  const codes: Record<string, string> = {};
  for (const [what, { user_id, email }] of Object.entries({ used, late, disabled })) {
    await send(user_id);
    codes[what] = await code(email);
  }
  await resetPassword(server.url, { token: codes.used ?? '', password: NEW });
  await query(`update password_reset set used_at = now() - interval '1 day' where user_id = $1`, [
    used.user_id,
  ]);
  await query('update password_reset set expires_at = now() where user_id = $1', [late.user_id]);
  await office.post(`/api/v1/users/${disabled.user_id}/disable`, {});
  const invited = invitation();
  await office.post('/api/v1/invitations', invited);
  codes['of an invitation'] = (await box.mailTo(invited.email)).code;
  codes.unknown = Buffer.concat([uuidBytes(central.company.company_id), Buffer.alloc(32)]).toString(
    'base64url',
  );
  codes['no code at all'] = 'x'.repeat(200);
  for (const [what, token] of Object.entries(codes)) {
    vi.mocked(argon2.hash).mockClear();
    vi.mocked(argon2.verify).mockClear();
    const { status, body } = await resetPassword(server.url, { token, password: NEW });
    expect([what, status, body.code, body.detail]).toEqual([
      what,
      403,
      'reset_refused',
      'This code is wrong or was used, or its time is over. Ask for another one.',
    ]);
    const work = [vi.mocked(argon2.hash).mock.calls.length, vi.mocked(argon2.verify).mock.calls.length];
    expect([what, work]).toEqual([what, [1, 1]]);
  }
});
