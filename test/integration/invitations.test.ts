import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Worker } from '../../server/jobs/work.ts';
import { uuidBytes } from '../../server/uuid-bytes.ts';
import { accept, invitation, invited as inviteBy, newAddress } from '../support/invite.ts';
import { type Mailbox, mailbox } from '../support/mailbox.ts';
import { type Office, officeOf, signedIn } from '../support/office.ts';
import { person, queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { testWorker } from '../support/worker.ts';

const PASSWORD = 'correct horse battery';
const HOUR = 3_600_000;

const { central, server } = await startCentral();
let box: Mailbox;
let worker: Worker;
let office: Office;

beforeAll(async () => {
  box = await mailbox();
  worker = await testWorker(central, box);
  office = await officeOf(server.url, central.company);
});
afterAll(async () => {
  await worker?.stop();
  await box?.close();
});

const query = <Row extends Record<string, unknown>>(sql: string, values: unknown[] = []) =>
  queryAs<Row>(central, central.company.company_id, sql, values);

const post = (given: object, by = office) => by.post('/api/v1/invitations', given);
const act = (id: string, what: 'resend' | 'revoke', by = office) =>
  by.post(`/api/v1/invitations/${id}/${what}`, {});
const user = async (id: string) => (await office.get(`/api/v1/users/${id}`)).body;

const invited = (changes: Record<string, unknown> = {}) => inviteBy(office, box, changes);

/** Somebody whose invitation is over for so many hours. */
async function late(changes: Record<string, unknown> = {}) {
  const given = await invited(changes);
  await query(`update invitation set expires_at = now() - interval '1 hour' where invitation_id = $1`, [
    given.invitation_id,
  ]);
  return given;
}

describe('an invitation', () => {
  test.concurrent('brings a code by mail, with which somebody comes in, once', async () => {
    const given = invitation({ email: newAddress().toUpperCase() });
    const before = Date.now();
    const made = await post(given);
    const email = given.email.toLowerCase();
    expect(made).toMatchObject({
      status: 201,
      body: { email, name: given.name, status: 'PENDING', mail: { state: 'waiting' } },
    });
    const lasts = Date.parse(String(made.body.expires_at)) - before;
    expect(Math.round(lasts / HOUR)).toBe(72);
    expect(await user(given.user_id)).toMatchObject({ status: 'INVITED', has_password: false });

    const mail = await box.mailTo(email);
    expect(mail.to).toEqual([email]);
    expect(mail.headers.subject).toBe('Tomas Reyes invites you to Corner Shop Ltd');
    expect(mail.text).toContain(`\n\n${mail.code}\n\n`);
    expect(mail.html).toContain(`>${mail.code}<`);
    expect(mail.text).toMatch(/I have an invitation.*\n.*until \d+ \w+ \d{4} at \d\d:\d\d UTC/s);

    const chosen = { token: ` ${mail.code}\n`, password: PASSWORD, name: 'Noor', pin: '8051' };
    expect(await accept(server.url, chosen)).toMatchObject({
      status: 200,
      body: { email, company_id: central.company.company_id },
    });
    expect(await user(given.user_id)).toMatchObject({
      ...{ status: 'ACTIVE', name: 'Noor', has_password: true, has_pin: true, roles: ['CASHIER'] },
    });
    const session = await signedIn(server.url, { username: email, password: PASSWORD });
    expect((await session.get('/api/v1/me')).body).toMatchObject({ user: { user_id: given.user_id } });
    const listed = await office.get(`/api/v1/invitations?text=${email}`);
    expect(listed.body).toMatchObject({
      total_count: 1,
      items: [{ status: 'ACCEPTED', mail: { state: 'sent' } }],
    });
  });

  test.concurrent('that was accepted gives the same answer again for the same password, for a while', async () => {
    const { code: token, email, invitation_id } = await invited();
    const first = await accept(server.url, { token, password: PASSWORD, name: 'Noor' });
    expect(first.status).toBe(200);
    expect((await accept(server.url, { token, password: PASSWORD })).body).toEqual(first.body);
    const refused = { status: 403, body: { code: 'invitation_refused' } };
    expect(await accept(server.url, { token, password: 'another good password' })).toMatchObject(refused);
    await signedIn(server.url, { username: email, password: PASSWORD });
    await query(
      `update invitation set accepted_at = now() - interval '16 minutes' where invitation_id = $1`,
      [invitation_id],
    );
    expect(await accept(server.url, { token, password: PASSWORD })).toMatchObject(refused);
  });

  test.concurrent('lets one of many in who bring its code at the same time, and tells the others no', async () => {
    const { code: token, user_id, email } = await invited();
    const passwords = Array.from({ length: 6 }, (_, index) => `password of guest ${index}`);
    const answers = await Promise.all(passwords.map((password) => accept(server.url, { token, password })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403, 403, 403]);
    const winner = passwords[answers.findIndex(({ status }) => status === 200)] ?? '';
    await signedIn(server.url, { username: email, password: winner });
    const accepted = await query('select from audit_entry where action = $1 and user_id = $2', [
      'invitation.accepted',
      user_id,
    ]);
    expect(accepted).toHaveLength(1);
  });

  test.concurrent('is one for an address, which must be nobody’s here', async () => {
    const pending = await invited();
    const taken = (message: string) => ({
      status: 409,
      body: { code: 'address_taken', errors: [{ path: 'email', message }] },
    });
    const again = invitation({ email: pending.email.toUpperCase() });
    expect(await post(again)).toMatchObject(taken('is invited already'));
    await accept(server.url, { token: pending.code, password: PASSWORD });
    expect(await post(again)).toMatchObject(taken('is the address of somebody here already'));
    const people = await office.get(`/api/v1/users?text=${pending.email}`);
    expect(people.body.total_count).toBe(1);
  });

  test.concurrent('of one company says nothing about another, which may invite the same address', async () => {
    const ours = await invited();
    const other = await central.addCompany();
    const made = await post({ ...ours, code: undefined }, await officeOf(server.url, other));
    expect(made.status).toBe(201);
    const theirs = await box.mailTo(ours.email, 2);
    expect(await accept(server.url, { token: theirs.code, password: PASSWORD })).toMatchObject({
      body: { company_id: other.company_id },
    });
    expect(await user(ours.user_id)).toMatchObject({ status: 'INVITED' });
    // The secret of one company's code under the name of another.
    const forged = Buffer.from(ours.code, 'base64url');
    uuidBytes(other.company_id).copy(forged);
    expect(
      (await accept(server.url, { token: forged.toString('base64url'), password: PASSWORD })).status,
    ).toBe(403);
    expect((await act(ours.invitation_id, 'revoke', await officeOf(server.url, other))).status).toBe(409);
    expect((await accept(server.url, { token: ours.code, password: PASSWORD })).status).toBe(200);
  });

  test.concurrent('can be asked for again with the same ids, also at the same time, and is the same one', async () => {
    const given = invitation({ roles: ['CASHIER', 'MANAGER'] });
    const sameThing = { ...given, roles: ['MANAGER', 'CASHIER'] };
    const answers = await Promise.all([given, sameThing, given, sameThing].map((asked) => post(asked)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    for (const other of [
      { ...given, name: 'Somebody Else' },
      { ...given, email: newAddress() },
      { ...given, roles: ['CASHIER'] },
      { ...given, user_id: uuid() },
      invitation({ user_id: given.user_id }),
      invitation({ user_id: person(central.company, 'CASHIER') }),
    ]) {
      expect(await post(other)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    }
    const { code: token } = await box.mailTo(given.email);
    await accept(server.url, { token, password: PASSWORD });
    expect((await post(given)).body).toMatchObject({ status: 'ACCEPTED' });
  });

  test.concurrent('that is sent again has another code and another 72 hours; the older code ends', async () => {
    const { invitation_id, email, code } = await late();
    const again = await act(invitation_id, 'resend');
    expect(again).toMatchObject({ status: 202, body: { status: 'PENDING', mail: { state: 'waiting' } } });
    expect(Date.parse(String(again.body.expires_at))).toBeGreaterThan(Date.now() + 71 * HOUR);
    expect((await accept(server.url, { token: code, password: PASSWORD })).status).toBe(403);
    const newer = await box.mailTo(email, 2);
    expect(newer.code).not.toBe(code);
    expect((await accept(server.url, { token: code, password: PASSWORD })).status).toBe(403);
    expect((await accept(server.url, { token: newer.code, password: PASSWORD })).status).toBe(200);
    expect(await act(invitation_id, 'resend')).toMatchObject({
      status: 409,
      body: { code: 'invitation_over' },
    });
  });

  test.concurrent('that is withdrawn opens nothing, and frees the address', async () => {
    const { invitation_id, email, code, user_id } = await invited();
    const revoked = await act(invitation_id, 'revoke');
    expect(revoked).toMatchObject({ status: 200, body: { status: 'REVOKED' } });
    // The mail may still be under way while it is withdrawn.
    const { mail: _, ...withdrawn } = revoked.body as { mail: unknown };
    expect((await act(invitation_id, 'revoke')).body).toMatchObject(withdrawn);
    expect(await act(invitation_id, 'resend')).toMatchObject({
      status: 409,
      body: { code: 'invitation_over' },
    });
    expect((await accept(server.url, { token: code, password: PASSWORD })).status).toBe(403);
    expect(await user(user_id)).toMatchObject({ status: 'DISABLED', email: null });
    expect((await post(invitation({ email }))).status).toBe(201);
    const next = await box.mailTo(email, 2);
    expect((await accept(server.url, { token: next.code, password: PASSWORD })).status).toBe(200);
    const accepted = await office.get(`/api/v1/invitations?text=${email}&status=ACCEPTED`);
    const [{ invitation_id: id }] = accepted.body.items as [{ invitation_id: string }];
    expect(await act(id, 'revoke')).toMatchObject({ status: 409, body: { code: 'invitation_over' } });
  });

  test.concurrent('is over after 72 hours without anybody doing anything, and then frees the address', async () => {
    const old = await late();
    const find = async (status: string) =>
      (await office.get(`/api/v1/invitations?text=${old.email}&status=${status}`)).body.total_count;
    expect([await find('PENDING'), await find('EXPIRED')]).toEqual([0, 1]);
    expect((await post(invitation({ email: old.email }))).status).toBe(201);
    expect([await find('PENDING'), await find('EXPIRED')]).toEqual([1, 1]);
    expect(await user(old.user_id)).toMatchObject({ status: 'DISABLED', email: null });
    // Another took its place, so it can no longer be taken up.
    expect(await act(old.invitation_id, 'resend')).toMatchObject({ status: 409 });
  });

  test.concurrent('does not lock out whom an administrator let in meanwhile', async () => {
    const { invitation_id, user_id, code } = await invited();
    const { version } = await user(user_id);
    await office.patch(`/api/v1/users/${user_id}`, Number(version), { pin: '8051' });
    await office.post(`/api/v1/users/${user_id}/disable`, {});
    expect((await accept(server.url, { token: code, password: PASSWORD })).status).toBe(403);
    expect(await act(invitation_id, 'resend')).toMatchObject({
      status: 409,
      body: { code: 'invitation_over' },
    });
    await office.post(`/api/v1/users/${user_id}/enable`, {});
    await act(invitation_id, 'revoke');
    expect(await user(user_id)).toMatchObject({ status: 'ACTIVE' });
  });

  test.concurrent('is for whoever may invite, and for roles and places that there are', async () => {
    const manager = await officeOf(server.url, central.company, 'MANAGER');
    const { invitation_id } = await invited();
    const refusals = [
      await manager.get('/api/v1/invitations'),
      await post(invitation(), manager),
      await act(invitation_id, 'resend', manager),
      await act(invitation_id, 'revoke', manager),
    ];
    expect(refusals.map(({ status, body }) => [status, body.code])).toEqual(
      Array(4).fill([403, 'forbidden']),
    );
    expect(await act(uuid(), 'resend')).toMatchObject({ status: 404 });
    for (const [path, changes] of [
      ['roles', { roles: ['WIZARD'] }],
      [
        'scope',
        { roles: ['ADMIN'], scope: { kind: 'locations', location_ids: [central.company.location_id] } },
      ],
      ['scope.location_ids', { scope: { kind: 'locations', location_ids: [uuid()] } }],
      ['scope.client_id', { roles: ['CLIENT'], scope: { kind: 'client', client_id: uuid() } }],
      ['email', { email: 'noor' }],
      ['email', { email: 'noor@shop.example\r\nBcc: eve@shop.example' }],
      ['name', { name: ' ' }],
    ] as const) {
      const answer = await post(invitation(changes));
      expect([answer.status, answer.body.errors]).toEqual([422, [expect.objectContaining({ path })]]);
    }
  });

  test.concurrent('hands out no more than its author has', async () => {
    const other = await central.addCompany();
    const theirs = <Row extends Record<string, unknown>>(sql: string, values: unknown[] = []) =>
      queryAs<Row>(central, other.company_id, sql, values);
    await theirs(
      `insert into role_permission (company_id, role_code, permission_code)
       select company_id, 'MANAGER', 'user.invite' from company`,
    );
    const manager = await officeOf(server.url, other, 'MANAGER');
    expect((await post(invitation({ roles: ['ADMIN'] }), manager)).status).toBe(403);
    expect((await post(invitation(), manager)).status).toBe(201);
    const above = invitation({ roles: ['ADMIN'] });
    await post(above, await officeOf(server.url, other));
    expect((await act(above.invitation_id, 'revoke', manager)).status).toBe(403);
  });
});
