import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { SESSION_DAYS } from '#shared/people/session.ts';
import { inCompany, rows } from '../../server/db.ts';
import { hashSecret } from '../../server/people/secret-hash.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import { askForToken, type Office, officeOf, withTokens } from '../support/office.ts';
import { addColleague, colleaguePassword } from '../support/people.ts';
import { person, queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import type { Answer } from '../support/wire-terminal.ts';

const { central, server } = await startCentral();
let company: SeededCompany;
let admin: Office;

beforeAll(async () => {
  company = central.company;
  admin = await officeOf(server.url, company);
});
const colleague = (about: Parameters<typeof addColleague>[3] = {}) =>
  addColleague(central, server.url, company, about);
const query = <Row extends Record<string, unknown>>(sql: string) =>
  queryAs<Row>(central, company.company_id, sql);
const refresh = (office: Office): Promise<Answer> =>
  askForToken(server.url, { grant_type: 'refresh_token', refresh_token: office.tokens.refresh_token });
const refreshed = async (office: Office): Promise<Office> =>
  withTokens(server.url, (await refresh(office)).body as never);
const me = async (office: Office) => (await office.get('/api/v1/me')).status;
const sessionOf = async (office: Office) => String((await office.get('/api/v1/me')).body.session_id);

/** Neither its access token nor its refresh token opens anything. */
const expectEnded = async (office: Office): Promise<void> => {
  const used = await office.get('/api/v1/me');
  expect(used).toMatchObject({ status: 401, body: { code: 'unauthorised' } });
  expect(used.headers.get('www-authenticate')).toBe('Bearer');
  expect(await refresh(office)).toMatchObject({ status: 401, body: { code: 'unauthorised' } });
};

describe('a refresh token', () => {
  test('gives the next pair of the same session', async () => {
    const first = await (await colleague()).signIn();
    const second = await refreshed(first);
    expect(await sessionOf(second)).toBe(await sessionOf(first));
    expect(second.tokens.refresh_token).not.toBe(first.tokens.refresh_token);
    expect(await me(await refreshed(second))).toBe(200);
  });

  test('that comes a second time ends the session for whoever has it, and is written down', async () => {
    const first = await (await colleague()).signIn();
    const session = await sessionOf(first);
    const second = await refreshed(first);
    expect((await refresh(first)).status).toBe(401);
    for (const office of [first, second]) await expectEnded(office);
    expect(await query(`select action, key from audit_entry where key = '${session}'`)).toEqual([
      { action: 'session.refresh_reused', key: session },
    ]);
  });

  test('that comes many times at once is good for one of them at most', async () => {
    const office = await (await colleague()).signIn();
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(office)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await expectEnded(office);
  });

  test('keeps a session alive for thirty days, and not a second longer', async () => {
    const office = await (await colleague()).signIn();
    const session = await sessionOf(office);
    const left = async (): Promise<number> => {
      const [row] = await query<{ days: number }>(
        `select extract(epoch from expires_at - now()) / 86400 as days from office_session
         where session_id = '${session}'`,
      );
      return Number(row?.days);
    };
    await query(
      `update office_session set expires_at = now() + interval '1 hour' where session_id = '${session}'`,
    );
    const again = await refreshed(office);
    expect(await left()).toBeCloseTo(SESSION_DAYS, 2);
    await query(`update office_session set expires_at = now() where session_id = '${session}'`);
    await expectEnded(again);
  });

  test('that is made up, another session’s, or another company’s opens nothing and ends nothing', async () => {
    const [one, two] = [await (await colleague()).signIn(), await (await colleague()).signIn()];
    const bytes = (office: Office) => Buffer.from(office.tokens.refresh_token, 'base64url');
    const swapped = Buffer.concat([bytes(two).subarray(0, 32), bytes(one).subarray(32)]);
    const foreign = Buffer.concat([Buffer.from(uuid().replaceAll('-', ''), 'hex'), bytes(one).subarray(16)]);
    const made = [swapped, foreign, Buffer.alloc(64, 1), bytes(one).subarray(0, 63)];
    for (const text of [...made.map((token) => token.toString('base64url')), 'x', '']) {
      const answer = await askForToken(server.url, { grant_type: 'refresh_token', refresh_token: text });
      expect([text, answer]).toMatchObject([text, { status: 401, body: { code: 'unauthorised' } }]);
    }
    for (const office of [one, two]) expect((await refresh(office)).status).toBe(200);
  });

  test('and its session are forgotten three months after they ended, and no earlier', async () => {
    const { signIn, user_id } = await colleague();
    const ended = await Promise.all([signIn(), signIn(), signIn()]);
    const [old = '', over = '', recent = ''] = await Promise.all(ended.map(sessionOf));
    const alive = await signIn();
    const later = await refreshed(alive);
    await query(
      `update office_session set revoked_at = now() - interval '91 days', revoked_because = 'logout'
       where session_id = '${old}'`,
    );
    await query(
      `update office_session set expires_at = now() - interval '91 days' where session_id = '${over}'`,
    );
    await query(
      `update office_session set expires_at = now() - interval '89 days' where session_id = '${recent}'`,
    );
    await query("update refresh_token set used_at = now() - interval '91 days' where used_at is not null");
    await signIn();
    const left = await query<{ session_id: string; tokens: number }>(
      `select session_id, count(*)::integer as tokens from office_session left join refresh_token using (session_id)
       where user_id = '${user_id}' group by session_id`,
    );
    const kept = new Map(left.map((row) => [row.session_id, row.tokens]));
    expect([kept.has(old), kept.has(over), kept.get(recent)]).toEqual([false, false, 1]);
    expect(kept.get(await sessionOf(later))).toBe(1);
    expect((await refresh(alive)).status).toBe(401);
    expect((await refresh(later)).status).toBe(200);
  });

  test('is kept as a hash only', async () => {
    const office = await (await colleague()).signIn();
    const found = await query<{ kept: string }>(
      `select coalesce(string_agg(to_jsonb(t)::text || to_jsonb(s)::text, ''), '') as kept
       from refresh_token t join office_session s using (company_id, session_id)`,
    );
    expect(found[0]?.kept.length).toBeGreaterThan(100);
    const secret = Buffer.from(office.tokens.refresh_token, 'base64url').subarray(32);
    for (const form of [office.tokens.refresh_token, secret.toString('hex')]) {
      expect(found[0]?.kept).not.toContain(form);
    }
  });
});

describe('a session ends at once', () => {
  test('when its person signs out, and their others stay', async () => {
    const { signIn } = await colleague();
    const [here, there] = [await signIn(), await signIn()];
    expect(await here.post('/api/v1/auth/logout')).toMatchObject({ status: 200, body: { done: true } });
    await expectEnded(here);
    expect(await me(there)).toBe(200);
  });

  test('with all others of the person, when they sign out everywhere', async () => {
    const { signIn } = await colleague();
    const [here, there] = [await signIn(), await signIn()];
    const other = await (await colleague()).signIn();
    await here.post('/api/v1/auth/logout-all');
    for (const office of [here, there]) await expectEnded(office);
    expect(await me(other)).toBe(200);
  });

  test('when an administrator ends it, or all of a person', async () => {
    const { user_id, signIn } = await colleague();
    const [first, second, third] = [await signIn(), await signIn(), await signIn()];
    const one = await admin.post(`/api/v1/sessions/${await sessionOf(first)}/revoke`);
    expect(one).toMatchObject({ status: 200, body: { revoked: 1 } });
    await expectEnded(first);
    expect(await me(second)).toBe(200);
    const rest = await admin.post(`/api/v1/users/${user_id}/sessions/revoke`);
    expect(rest).toMatchObject({ status: 200, body: { revoked: 2 } });
    for (const office of [second, third]) await expectEnded(office);
  });

  test('when all of the company are ended, the administrator’s own too', async () => {
    const shop = await central.addCompany();
    const [boss, manager] = [await officeOf(server.url, shop), await officeOf(server.url, shop, 'MANAGER')];
    expect((await boss.post('/api/v1/users/sessions/revoke-all')).body).toEqual({ revoked: 2 });
    for (const office of [boss, manager]) await expectEnded(office);
    expect(await me(admin)).toBe(200);
  });

  test('when the person is disabled', async () => {
    const { user_id, signIn } = await colleague();
    const office = await signIn();
    expect((await admin.post(`/api/v1/users/${user_id}/disable`)).status).toBe(200);
    await expectEnded(office);
    await admin.post(`/api/v1/users/${user_id}/enable`);
    await expectEnded(office);
    expect(await me(await signIn())).toBe(200);
  });

  test('when the person is given other roles or another scope, and not when they are given a name', async () => {
    const { user_id, signIn } = await colleague({ roles: ['MANAGER'] });
    const path = `/api/v1/users/${user_id}`;
    const version = async () => Number((await admin.get(path)).body.version);
    const change = async (body: object) => {
      const office = await signIn();
      expect((await admin.patch(path, await version(), body)).status).toBe(200);
      return office;
    };
    expect(await me(await change({ name: 'Noor H.' }))).toBe(200);
    expect(await me(await change({ roles: ['MANAGER'], scope: { kind: 'company' } }))).toBe(200);
    await expectEnded(await change({ roles: ['MANAGER', 'CASHIER'] }));
    const scope = { kind: 'locations', location_ids: [company.location_id] };
    await expectEnded(await change({ scope }));
  });

  test('when a role of the person may do something else', async () => {
    const shop = await central.addCompany();
    const boss = await officeOf(server.url, shop);
    const manager = await officeOf(server.url, shop, 'MANAGER');
    const roles = (await boss.get('/api/v1/roles')).body.items as { code: string; version: number }[];
    const { version } = roles.find(({ code }) => code === 'MANAGER') ?? {};
    const path = '/api/v1/roles/MANAGER/permissions';
    const answer = await boss.send(
      'PUT',
      path,
      { permissions: ['catalogue.view'] },
      { 'if-match': `"${version}"` },
    );
    expect(answer.status).toBe(200);
    await expectEnded(manager);
    expect(await me(boss)).toBe(200);
  });

  test('with all but the one that asks, when the person sets another password', async () => {
    const { email, signIn } = await colleague();
    const [here, there] = [await signIn(), await signIn()];
    const change = (current_password: string) =>
      here.post('/api/v1/me/password', { current_password, password: 'an even longer password' });
    expect(await change('not it')).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'current_password' }] },
    });
    expect(await me(there)).toBe(200);
    expect(await change(colleaguePassword)).toMatchObject({ status: 200, body: { done: true } });
    await expectEnded(there);
    expect(await me(here)).toBe(200);
    const form = (password: string) => ({ username: email, password });
    expect((await askForToken(server.url, form(colleaguePassword))).status).toBe(401);
    expect((await askForToken(server.url, form('an even longer password'))).status).toBe(200);
  });

  test('and never begins with a password that is being changed at that moment', async () => {
    const { user_id, email } = await colleague();
    let signingIn: Promise<Answer> | undefined;
    await inCompany(central.db, company.company_id, async (tx) => {
      await rows(tx, 'update app_user set password_hash = $3 where company_id = $1 and user_id = $2', [
        tx.company_id,
        user_id,
        await hashSecret('an even longer password'),
      ]);
      signingIn = askForToken(server.url, { username: email, password: colleaguePassword });
      await pause(500);
    });
    expect(await signingIn).toMatchObject({ status: 401, body: { code: 'sign_in_refused' } });
    expect(await query(`select from office_session where user_id = '${user_id}'`)).toEqual([]);
  });
});

describe('the list of sessions', () => {
  test('shows everybody’s to who manages people, and one’s own to the others', async () => {
    const shop = await central.addCompany();
    const boss = await officeOf(server.url, shop);
    const manager = await officeOf(server.url, shop, 'MANAGER');
    const list = async (office: Office, filter = '') => {
      const { items, total_count } = (await office.get(`/api/v1/sessions?sort=user_name${filter}`)).body as {
        items: { user_name: string; current: boolean; ip: string }[];
        total_count: number;
      };
      expect(total_count).toBe(items.length);
      return items.map(({ user_name, current }) => `${user_name}${current ? ' (this one)' : ''}`);
    };
    expect(await list(boss)).toEqual(['Maya Lindqvist', 'Tomas Reyes (this one)']);
    expect(await list(manager)).toEqual(['Maya Lindqvist (this one)']);
    expect(await list(boss, '&text=MAYA')).toEqual(['Maya Lindqvist']);
    expect(await list(boss, `&user_id=${person(shop, 'MANAGER')}`)).toEqual(['Maya Lindqvist']);
    expect(await list(manager, `&user_id=${person(shop, 'ADMIN')}`)).toEqual([]);
    const theirs = await sessionOf(boss);
    const answer = await manager.post(`/api/v1/sessions/${theirs}/revoke`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await admin.post(`/api/v1/sessions/${theirs}/revoke`)).status).toBe(404);
    expect(await me(boss)).toBe(200);
    expect((await manager.post(`/api/v1/sessions/${await sessionOf(manager)}/revoke`)).status).toBe(200);
    await expectEnded(manager);
    expect(await list(boss)).toEqual(['Tomas Reyes (this one)']);
  });

  test('says when each was last used, to the minute', async () => {
    const office = await (await colleague()).signIn();
    const session = await sessionOf(office);
    const ago = async (): Promise<number> => {
      const [row] = await query<{ ago: number }>(
        `select extract(epoch from now() - last_used_at)::integer as ago from office_session
         where session_id = '${session}'`,
      );
      return Number(row?.ago);
    };
    const age = (interval: string) =>
      query(
        `update office_session set last_used_at = now() - interval '${interval}' where session_id = '${session}'`,
      );
    await age('50 seconds');
    await me(office);
    expect(await ago()).toBeGreaterThan(45);
    await age('2 minutes');
    await me(office);
    expect(await ago()).toBeLessThan(30);
  });
});
