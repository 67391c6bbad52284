import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Office, officeOf } from '../support/office.ts';
import { person, queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();
let admin: Office;

beforeAll(async () => {
  admin = await officeOf(server.url, central.company, 'ADMIN');
});
type Entry = Record<string, unknown> & { action: string; at: string; entry_id: number };
const entries = async (query: string, office = admin): Promise<Entry[]> => {
  const answer = await office.get(`/api/v1/audit?${query}`);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body.items as Entry[];
};

describe('the record of administrative changes', () => {
  test('says who changed what, from what to what, when, and from where', async () => {
    const began = Date.now();
    const place = '/api/v1/departments';
    await admin.send('POST', place, { code: 'FISH', name: 'Fish' }, { 'x-request-id': 'fish-1' });
    await admin.send(
      'PATCH',
      `${place}/FISH`,
      { name: 'Seafood' },
      { 'if-match': '"1"', 'x-request-id': 'fish-2' },
    );
    await admin.send('DELETE', `${place}/FISH`, undefined, { 'if-match': '"2"', 'x-request-id': 'fish-3' });
    const found = await entries('entity=department&key=FISH');
    const who = {
      user_id: person(central.company, 'ADMIN'),
      user_name: 'Tomas Reyes',
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      entity: 'department',
      key: 'FISH',
      ip: '127.0.0.1',
    };
    const [fish, seafood] = [
      { code: 'FISH', name: 'Fish', version: 1 },
      { code: 'FISH', name: 'Seafood', version: 2 },
    ];
    expect(found).toMatchObject([
      { ...who, action: 'department.created', before: null, after: fish, request_id: 'fish-1' },
      { ...who, action: 'department.changed', before: fish, after: seafood, request_id: 'fish-2' },
      { ...who, action: 'department.removed', before: seafood, after: null, request_id: 'fish-3' },
    ]);
    for (const { at } of found) expect(Date.parse(at)).toBeGreaterThanOrEqual(began - 1000);
  });

  test('has nothing of what was refused, or changed nothing', async () => {
    const before = (await admin.get('/api/v1/audit')).body.total_count;
    await admin.post('/api/v1/departments', { code: 'BAD' });
    await admin.patch('/api/v1/currencies/GBP', 9, { name: 'Quid' });
    await admin.patch('/api/v1/currencies/GBP', 1, { name: 'Pound sterling' });
    await admin.send('DELETE', '/api/v1/currencies/GBP', undefined, { 'if-match': '"1"' });
    expect((await admin.get('/api/v1/audit')).body.total_count).toBe(before);
  });

  test('is read newest or oldest first, by time, by person, by text, and page by page', async () => {
    for (const code of ['A1', 'A2', 'A3']) await admin.post('/api/v1/departments', { code, name: code });
    const keys = async (query: string) =>
      (await entries(`entity=department&text=A&${query}`))
        .map((entry) => entry.key)
        .filter((key) => /^A\d$/.test(String(key)));
    expect(await keys('order=desc')).toEqual(['A3', 'A2', 'A1']);
    const [, second] = await entries('entity=department&text=DEPARTMENT.created&order=desc');
    const at = encodeURIComponent(second?.at ?? '');
    expect(await keys(`from=${at}`)).toEqual(['A2', 'A3']);
    expect(await keys(`to=${at}`)).toEqual(['A1']);
    expect(await keys(`user_id=${person(central.company, 'ADMIN')}`)).toEqual(['A1', 'A2', 'A3']);
    expect(await keys(`user_id=${person(central.company, 'MANAGER')}`)).toEqual([]);
    expect(await entries('text=tomas&limit=1&skip=1')).toHaveLength(1);
    for (const query of ['from=yesterday', 'user_id=me', 'entity=%00', 'sort=action']) {
      expect([query, (await admin.get(`/api/v1/audit?${query}`)).status]).toEqual([query, 422]);
    }
  });

  test('is for those who manage people', async () => {
    const manager = await officeOf(server.url, central.company, 'MANAGER');
    expect((await manager.get('/api/v1/audit')).status).toBe(403);
  });

  test('is added to and never changed: the server has no right to', async () => {
    const attempt = (sql: string) =>
      queryAs(central, central.company.company_id, sql).then(
        () => 'done',
        (error: pg.DatabaseError) => error.code,
      );
    expect(await attempt("update audit_entry set action = 'x.y'")).toBe('42501');
    expect(await attempt("update audit_entry set after = '{}'")).toBe('42501');
    expect(await attempt('delete from audit_entry')).toBe('42501');
    expect(await attempt('truncate audit_entry')).toBe('42501');
    expect(await attempt('alter table audit_entry disable row level security')).toBe('42501');
    expect(await attempt('select count(*) from audit_entry')).toBe('done');
  });
});
