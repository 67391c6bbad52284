import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { type LocationId, locationIdSchema } from '#shared/ids.ts';
import { type Office, officeOf } from '../support/office.ts';
import { testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { adjusted } from '../support/stock.ts';
import { shift } from '../support/tickets.ts';
import { type WireTerminal, wireTerminal } from '../support/wire-terminal.ts';

const { central, server } = await startCentral();

/** A shop with one till in SHOP1, a second location BRANCH, and its administrator at the office. */
async function shopWithBranch() {
  const shop = await testShop(central, server);
  const admin = await officeOf(server.url, shop.company, 'ADMIN');
  const { version: _, ...fields } = (await admin.get(`/api/v1/locations/${shop.company.location_id}`)).body;
  const branch = locationIdSchema.parse(uuid());
  await admin.post('/api/v1/locations', { ...fields, location_id: branch, code: 'BRANCH', name: 'Branch' });
  const place = (terminal: WireTerminal) => `/api/v1/terminals/${terminal.enrolment.terminal_id}`;
  const move = async (terminal: WireTerminal, to: LocationId, office: Office = admin) => {
    const version = Number((await rowOf(admin, terminal))?.version ?? 1);
    return office.patch(place(terminal), version, { location_id: to });
  };
  const enrolAt = async (location_id: LocationId, office: Office = admin) => {
    const made = await office.post('/api/v1/terminals/enrolment-codes', { location_id });
    return wireTerminal(server.url, String(made.body.code), shop.user);
  };
  return { ...shop, shop, admin, branch, place, move, enrolAt };
}

type Row = Record<string, unknown>;
const rowsOf = async (office: Office, query = ''): Promise<Row[]> =>
  (await office.get(`/api/v1/terminals${query}`)).body.items as Row[];
const rowOf = async (office: Office, terminal: WireTerminal): Promise<Row | undefined> =>
  (await rowsOf(office)).find((row) => row.terminal_id === terminal.enrolment.terminal_id);
const namesIn = (body: Row): Set<unknown> =>
  new Set((body.changes as { entity: string; row: Row | null }[]).map(({ row }) => row?.name));

describe('the list of terminals', () => {
  test('says where each is, what state it is in, and when it was heard of', async () => {
    const { shop, admin, terminal, addTerminal, place } = await shopWithBranch();
    const second = await addTerminal();
    await terminal.deliver([terminal.record('day.opened', shop.day.opened)]);
    expect(await rowsOf(admin)).toMatchObject([
      {
        terminal_id: terminal.enrolment.terminal_id,
        code: 'T1',
        name: 'Till',
        location_id: shop.company.location_id,
        location_name: 'Corner Shop, High Street',
        state: 'active',
        last_seq: 1,
        clock_offset_ms: expect.any(Number),
        last_seen_at: expect.stringMatching(/Z$/),
        version: 1,
      },
      { terminal_id: second.enrolment.terminal_id, code: 'T2', last_seen_at: null, last_seq: 0 },
    ]);
    await shop.query(
      `update terminal set frozen_at = now(), frozen_because = 'forked' where terminal_id = '${second.enrolment.terminal_id}'`,
    );
    const codes = async (query: string) => (await rowsOf(admin, query)).map((row) => row.code);
    expect(await codes('?state=frozen')).toEqual(['T2']);
    await admin.post(`${place(second)}/revoke`);
    expect(await codes('?state=revoked')).toEqual(['T2']);
    expect(await codes('?state=active')).toEqual(['T1']);
    expect(await codes(`?location_id=${uuid()}`)).toEqual([]);
    expect(await codes('?text=high%20street&sort=last_seen_at&order=desc')).toEqual(['T1', 'T2']);
    expect((await admin.get('/api/v1/terminals?state=lost')).status).toBe(422);
  });

  test('is sorted by number where by code: T10 after T9', async () => {
    const { admin, enrolAt, branch } = await shopWithBranch();
    for (let count = 0; count < 10; count += 1) await enrolAt(branch);
    const codes = (await rowsOf(admin)).map((row) => row.code);
    expect(codes).toEqual(Array.from({ length: 11 }, (_, index) => `T${index + 1}`));
  });
});

describe('a terminal', () => {
  test('is renamed from the version that was seen', async () => {
    const { shop, admin, terminal, place } = await shopWithBranch();
    const renamed = await admin.patch(place(terminal), 1, { name: 'Counter' });
    expect(renamed).toMatchObject({ status: 200, body: { name: 'Counter', version: 2 } });
    expect((await admin.patch(place(terminal), 1, { name: 'Late' })).status).toBe(412);
    expect((await admin.send('PATCH', place(terminal), { name: 'Late' })).status).toBe(428);
    const written = await shop.query(
      `select action, before ->> 'name' as before, after ->> 'name' as after from audit_entry
       where entity = 'terminal' order by entry_id`,
    );
    expect(written).toEqual([
      { action: 'terminal.enrolled', before: null, after: 'Till' },
      { action: 'terminal.changed', before: 'Till', after: 'Counter' },
    ]);
  });

  test('that waits for news hears of its revocation at once', async () => {
    const { admin, terminal, place } = await shopWithBranch();
    const { cursor } = (await terminal.send('/api/v1/sync/pull')).body;
    const waiting = terminal.send(`/api/v1/sync/pull?cursor=${cursor}&wait_s=25`);
    await admin.post(`${place(terminal)}/revoke`);
    expect(await waiting).toMatchObject({ status: 403, body: { code: 'terminal_revoked' } });
  }, 10_000);

  test('that is pushed from meanwhile keeps the version that people see', async () => {
    const { shop, admin, terminal, place } = await shopWithBranch();
    await terminal.deliver([terminal.record('day.opened', shop.day.opened)]);
    expect((await admin.patch(place(terminal), 1, { name: 'Counter' })).status).toBe(200);
  });

  test('that is moved is told of its new place from its next pull on, and of nobody at the old one', async () => {
    const { shop, terminal, branch, move } = await shopWithBranch();
    await shop.query(
      `update app_user set sees = 'locations', name = 'Only here' where user_id = '${shop.user}'`,
    );
    await shop.query(
      `insert into user_location select company_id, user_id, '${branch}' from app_user where user_id = '${shop.user}'`,
    );
    const before = (await terminal.send('/api/v1/sync/pull')).body;
    expect(namesIn(before)).not.toContain('Only here');
    expect((await move(terminal, branch)).body).toMatchObject({
      location_id: branch,
      location_name: 'Branch',
      code: 'T1',
    });
    const after = (await terminal.send(`/api/v1/sync/pull?cursor=${before.cursor}`)).body;
    expect(after.reset).toBe(true);
    const names = namesIn(after);
    expect([names.has('Only here'), names.has('Branch'), names.has('Corner Shop, High Street')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('keeps its code wherever it goes, and no other ever gets it: receipt numbers stay unique', async () => {
    const { shop, admin, terminal, branch, move, enrolAt } = await shopWithBranch();
    await enrolAt(branch);
    await move(terminal, branch);
    await enrolAt(shop.company.location_id);
    await admin.post(`/api/v1/terminals/${terminal.enrolment.terminal_id}/revoke`);
    await enrolAt(branch);
    const codes = (await rowsOf(admin)).map((row) => [row.code, row.location_id === branch]);
    expect(codes).toEqual([
      ['T1', true],
      ['T2', true],
      ['T3', false],
      ['T4', true],
    ]);
  });

  test('that sold before it knew of its move sold where it says it did', async () => {
    const { shop, terminal, day, branch, move } = await shopWithBranch();
    const here = { location_id: shop.company.location_id };
    const opened = terminal.record('day.opened', day.opened, here);
    const sold = terminal.record('ticket.completed', day.ticket({ lines: [{}] }), here);
    const breakage = terminal.record('stock.adjusted', adjusted('Breakage', [{ quantity: -1 }]), here);
    expect((await move(terminal, branch)).status).toBe(200);
    const there = shift(terminal.enrolment, shop.user);
    const closed = terminal.record('day.closed', day.closed(), here);
    await terminal.deliver([
      opened,
      sold,
      breakage,
      closed,
      terminal.record('day.opened', there.opened, { location_id: branch }),
      terminal.record('ticket.completed', there.ticket({ lines: [{}] })),
    ]);
    const counted = (table: string) =>
      shop.query(
        `select count(*) filter (where location_id = '${shop.company.location_id}')::integer as there,
           count(*) filter (where location_id = '${branch}')::integer as here from ${table}`,
      );
    for (const table of ['sales_day', 'ticket', 'ticket_line', 'tender'])
      expect([table, await counted(table)]).toEqual([table, [{ there: 1, here: 1 }]]);
    for (const table of ['stock_move', 'stock_level'])
      expect([table, await counted(table)]).toEqual([table, [{ there: 2, here: 1 }]]);
  });

  test('that names a place which the company does not have is believed, and flagged once', async () => {
    const { shop, terminal, day } = await shopWithBranch();
    const nowhere = { location_id: locationIdSchema.parse(uuid()) };
    await terminal.deliver([
      terminal.record('day.opened', day.opened, nowhere),
      terminal.record('ticket.completed', day.ticket({ lines: [{}] }), nowhere),
    ]);
    expect((await shop.exceptions()).filter(({ code }) => code === 'unknown_location')).toEqual([
      { seq: 1, code: 'unknown_location' },
    ]);
    expect(await shop.query('select location_id from ticket')).toEqual([nowhere]);
  });

  test('is not moved to nowhere, to another company, or while its sales day is open', async () => {
    const { shop, terminal, day, branch, move } = await shopWithBranch();
    const elsewhere = await central.addCompany();
    for (const to of [locationIdSchema.parse(uuid()), elsewhere.location_id]) {
      expect(await move(terminal, to)).toMatchObject({
        status: 422,
        body: { code: 'unknown_reference', errors: [{ path: 'location_id' }] },
      });
    }
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
    expect(await move(terminal, branch)).toMatchObject({ status: 409, body: { code: 'day_open' } });
    await terminal.deliver([terminal.record('day.closed', day.closed())]);
    expect((await move(terminal, branch)).status).toBe(200);
    expect((await shop.query('select location_id from terminal'))[0]).toEqual({ location_id: branch });
  });
});

describe('a terminal that is revoked', () => {
  test('delivers what it has: later facts are flagged, earlier ones are not', async () => {
    const { shop, admin, terminal, day, place } = await shopWithBranch();
    const before = [
      terminal.record('day.opened', day.opened),
      terminal.record('ticket.completed', day.ticket({ lines: [{}] })),
    ];
    const revoked = await admin.post(`${place(terminal)}/revoke`);
    expect(revoked).toMatchObject({ status: 200, body: { state: 'revoked' } });
    const after = terminal.record('ticket.completed', day.ticket({ lines: [{}] }), {
      occurred_at: new Date(Date.now() + 60_000).toISOString(),
    });
    const reply = await terminal.deliver([...before, after]);
    const flagged = reply.verdicts.map(
      (verdict) => verdict.verdict === 'applied_flagged' && verdict.exceptions.includes('terminal_revoked'),
    );
    expect(flagged).toEqual([false, false, true]);
    expect(await shop.tickets()).toBe(2);
  });

  test('gets nothing new, from the next request on, with the token it has or with another', async () => {
    const { admin, terminal, day, place } = await shopWithBranch();
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
    const paths = ['/api/v1/sync/pull', `/api/v1/sales/days/${day.day_id}`];
    for (const path of paths) expect((await terminal.send(path)).status).toBe(200);
    await admin.post(`${place(terminal)}/revoke`);
    const again = { authorization: `Bearer ${await terminal.token()}` };
    for (const headers of [{}, again]) {
      for (const path of paths) {
        expect(await terminal.send(path, { headers })).toMatchObject({
          status: 403,
          body: { code: 'terminal_revoked' },
        });
      }
      const state = await terminal.send('/api/v1/sync/state', { headers });
      expect(state).toMatchObject({ status: 200, body: { acked_seq: 1 } });
    }
  });

  test('stays so: it cannot be moved', async () => {
    const { admin, terminal, branch, place, move } = await shopWithBranch();
    await admin.post(`${place(terminal)}/revoke`);
    const again = await admin.post(`${place(terminal)}/revoke`);
    expect(again).toMatchObject({ status: 200, body: { state: 'revoked', version: 2 } });
    expect(await move(terminal, branch)).toMatchObject({ status: 409, body: { code: 'terminal_revoked' } });
  });

  test('is told nothing by the code that it was enrolled with', async () => {
    const { admin, branch } = await shopWithBranch();
    const { code } = (await admin.post('/api/v1/terminals/enrolment-codes', { location_id: branch })).body;
    const enrol = () =>
      admin.post('/api/v1/terminals/enrol', { code, name: 'Till', public_key: 'A'.repeat(43) });
    const { terminal_id } = (await enrol()).body;
    expect((await enrol()).status).toBe(201);
    await admin.post(`/api/v1/terminals/${terminal_id}/revoke`);
    expect(await enrol()).toMatchObject({ status: 403, body: { code: 'enrolment_refused' } });
  });
});

describe('an enrolment code', () => {
  test('is made for a location, says when it ends, and is on record without itself', async () => {
    const { shop, admin, branch } = await shopWithBranch();
    const made = await admin.post('/api/v1/terminals/enrolment-codes', { location_id: branch });
    expect(made.status).toBe(201);
    const left = Date.parse(String(made.body.expires_at)) - Date.now();
    expect(left).toBeGreaterThan(9 * 60_000);
    expect(left).toBeLessThan(11 * 60_000);
    const terminal = await wireTerminal(server.url, String(made.body.code), shop.user);
    expect(terminal.enrolment.location.location_id).toBe(branch);
    const audited = await shop.query<{ row: string }>('select to_jsonb(a)::text as row from audit_entry a');
    const text = audited.map(({ row }) => row).join();
    expect(text).toContain('terminal.code_made');
    expect(text).not.toContain(String(made.body.code));
    expect(text).not.toContain(String(made.body.code).replaceAll('-', ''));
    const nowhere = await admin.post('/api/v1/terminals/enrolment-codes', { location_id: uuid() });
    expect(nowhere).toMatchObject({ status: 422, body: { errors: [{ path: 'location_id' }] } });
  });
});

test('a manager of some locations sees, makes and moves terminals there only', async () => {
  const { shop, admin, terminal, branch, place, move, enrolAt } = await shopWithBranch();
  const manager = await officeOf(server.url, shop.company, 'MANAGER');
  await shop.query(`update app_user set sees = 'locations' where user_id = '${shop.user}'`);
  await shop.query(
    `insert into user_location select company_id, user_id, '${branch}' from app_user where user_id = '${shop.user}'`,
  );
  const own = await enrolAt(branch, manager);
  expect((await rowsOf(manager)).map((row) => row.terminal_id)).toEqual([own.enrolment.terminal_id]);
  const code = (location_id: string) => manager.post('/api/v1/terminals/enrolment-codes', { location_id });
  expect((await code(shop.company.location_id)).status).toBe(422);
  expect((await manager.patch(place(terminal), 1, { name: 'Mine' })).status).toBe(404);
  expect((await manager.post(`${place(terminal)}/revoke`)).status).toBe(404);
  expect((await move(own, shop.company.location_id, manager)).status).toBe(422);
  expect((await manager.patch(place(own), 1, { name: 'Mine' })).status).toBe(200);
  expect((await rowOf(admin, terminal))?.state).toBe('active');
});
