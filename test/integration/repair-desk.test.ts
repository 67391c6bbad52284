import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { ExceptionView } from '#shared/contract/office/exceptions.ts';
import type { LocationId } from '#shared/ids.ts';
import { addLocation, decideOn, deskOfShop, onDesk } from '../support/desk.ts';
import { officeOf } from '../support/office.ts';
import { addColleague } from '../support/people.ts';
import { person } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();

describe('what was flagged or set aside', () => {
  test('is on the desk with its cause, its values, who, where and when', async () => {
    const { shop, terminal, office, wrong, only } = await deskOfShop(central, server);
    const cashier = person(shop.company, 'CASHIER');
    const sold = wrong({ user_id: cashier });
    await terminal.deliver([sold]);
    const seen = await only();
    expect(seen).toMatchObject({
      ...{ state: 'open', kind: 'flagged', code: 'ticket_sums_differ', about: 'money', version: 1 },
      cause: 'The figures on this ticket do not add up.',
      actions: ['accept', 'correct'],
      ...{ occurred_at: sold.occurred_at, seq: 2, op_id: sold.op_id, operation_kind: 'ticket.completed' },
      location: { location_id: shop.company.location_id, code: 'SHOP1', name: 'Corner Shop, High Street' },
      terminal: { terminal_id: terminal.enrolment.terminal_id, code: 'T1' },
      user: { user_id: cashier, name: 'Ada Okafor' },
      approver: null,
      ...{ receipt_number: 'SHOP1-T1-T-000001', amount_minor: 1, currency: 'GBP' },
      decision: null,
    });
    const view = (await office.get(`/api/v1/exceptions/${seen.exception_id}`)).body as ExceptionView;
    expect(view).toMatchObject({ ...seen, operation: sold, decisions: [] });
    expect(view.facts).toMatchObject({
      lines: [{ quantity_milli: 1000 }],
      amounts: expect.arrayContaining([
        { of: 'total', minor: 1 },
        { of: 'net', minor: 212 },
      ]),
    });
  });

  test('is found by state, kind, code, terminal, place and words, and sorted and paged', async () => {
    const { shop, terminal, office, wrong, codes } = await deskOfShop(central, server);
    await terminal.deliver([wrong(), terminal.forge('moon.landed', {}), wrong()]);
    expect(await codes('')).toEqual(['ticket_sums_differ', 'unknown_kind', 'ticket_sums_differ']);
    expect(await codes('kind=quarantined')).toEqual(['unknown_kind']);
    expect(await codes('kind=flagged')).toHaveLength(2);
    expect(await codes('code=unknown_kind')).toEqual(['unknown_kind']);
    expect(await codes('text=000002')).toEqual(['ticket_sums_differ']);
    expect(await codes('text=MAYA')).toHaveLength(3);
    expect(await codes('state=settled')).toEqual([]);
    expect(await codes(`terminal_id=${terminal.enrolment.terminal_id}`)).toHaveLength(3);
    expect(await codes(`terminal_id=${uuid()}`)).toEqual([]);
    expect(await codes(`location_id=${shop.company.location_id}`)).toHaveLength(3);
    expect(await codes('sort=code&order=desc')).toEqual([
      'unknown_kind',
      'ticket_sums_differ',
      'ticket_sums_differ',
    ]);
    const page = (await office.get('/api/v1/exceptions?limit=1&skip=1')).body;
    expect(page).toMatchObject({ total_count: 3, items: [{ code: 'unknown_kind' }] });
    for (const query of ['state=gone', 'code=rude', 'limit=0', 'terminal_id=T1', 'sort=detail']) {
      expect([query, (await office.get(`/api/v1/exceptions?${query}`)).status]).toEqual([query, 422]);
    }
  });

  test('is shown as far as it can be read, whatever is wrong with it', async () => {
    const { terminal, office, codes } = await deskOfShop(central, server);
    const deep = Array.from({ length: 200 }).reduce<unknown>((inner) => [inner], 'down');
    await terminal.deliver([
      terminal.forge('day.opened', {}, { user_id: 'nobody' }),
      terminal.garbage(7),
      terminal.garbage({ op_id: 'mine', kind: 'Ж\u0000', user_id: 7, occurred_at: 'yesterday', body: deep }),
      terminal.forge('ticket.completed', { ticket: 'none' }, { location_id: uuid() }),
    ]);
    expect(await codes('state=open')).toEqual(['malformed', 'malformed', 'malformed', 'malformed']);
    for (const { exception_id } of await onDesk(office)) {
      const answer = await office.get(`/api/v1/exceptions/${exception_id}`);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ facts: null, location: { code: 'SHOP1' } });
    }
  });

  test('is seen by the people of its location, and by nobody of another company', async () => {
    const { shop, terminal, office, wrong, only } = await deskOfShop(central, server);
    await terminal.deliver([wrong()]);
    const seen = await only();
    const admin = await officeOf(server.url, shop.company);
    const elsewhere = await addLocation(admin, shop.company.location_id, 'SHOP2');
    const managerOf = async (location_id: LocationId) =>
      (
        await addColleague(central, server.url, shop.company, {
          roles: ['MANAGER'],
          scope: { kind: 'locations', location_ids: [location_id] },
        })
      ).signIn();
    const stranger = await deskOfShop(central, server);
    expect(await onDesk(await managerOf(shop.company.location_id))).toHaveLength(1);
    for (const other of [await managerOf(elsewhere), stranger.office]) {
      expect(await onDesk(other)).toEqual([]);
      expect((await other.get(`/api/v1/exceptions/${seen.exception_id}`)).status).toBe(404);
      for (const action of ['accept', 'replay', 'reopen'] as const) {
        expect((await decideOn(other, seen, action)).status).toBe(404);
      }
      const replayed = await other.post('/api/v1/exceptions/replay', { note: 'All of it.' });
      expect(replayed.body).toEqual({ applied: 0, left: 0 });
    }
    expect((await onDesk(office))[0]).toEqual(seen);
  });
});

describe('a decision of the office', () => {
  test('settles it, by name, and the terminal hears of it', async () => {
    const { shop, terminal, office, wrong, told, only } = await deskOfShop(central, server);
    await terminal.deliver([wrong()]);
    const seen = await only();
    const note = 'The drawer was counted twice; it is right.';
    const answer = await decideOn(office, seen, 'accept', { note });
    expect(answer.status).toBe(200);
    const decision = {
      ...{ action: 'accepted', settles: true, note, terminal: null, approver: null, corrected_by: null },
      user: { user_id: shop.user, name: 'Maya Lindqvist' },
    };
    expect(answer.body).toMatchObject({
      ...{ state: 'settled', version: 2, actions: ['reopen'] },
      ...{ decision, decisions: [decision] },
    });
    expect(await told()).toEqual([{ seq: 2, verdict: 'applied' }]);
    const admin = await officeOf(server.url, shop.company);
    const audited = await admin.get('/api/v1/audit?entity=exception');
    expect(audited.body.items).toMatchObject([
      {
        ...{ action: 'exception.accepted', key: String(seen.exception_id), user_name: 'Maya Lindqvist' },
        ...{ before: { state: 'open', version: 1 }, after: { state: 'settled', version: 2, note } },
      },
    ]);
  });

  test('names what makes up for it: an operation that the company has, or a receipt', async () => {
    const { terminal, office, wrong, right } = await deskOfShop(central, server);
    const [sold, correction] = [wrong(), right()];
    const setAside = terminal.forge('moon.landed', {});
    await terminal.deliver([sold, correction, setAside]);
    const [seen] = await onDesk(office, 'kind=flagged');
    if (!seen) throw new Error('nothing is flagged');
    for (const [by, path] of [
      [{ op_id: uuid() }, 'by.op_id'],
      [{ op_id: setAside.op_id }, 'by.op_id'],
      [{ op_id: seen.op_id }, 'by.op_id'],
      [{ receipt_number: 'SHOP1-T1-T-000099' }, 'by.receipt_number'],
      [{ receipt_number: 'a kind word' }, 'by.receipt_number'],
    ] as const) {
      const refused = await decideOn(office, seen, 'correct', { by });
      expect([by, refused.status, refused.body.errors]).toMatchObject([by, 422, [{ path }]]);
    }
    const settled = await decideOn(office, seen, 'correct', { by: { op_id: correction.op_id } });
    expect(settled.body.decision).toMatchObject({
      action: 'corrected',
      corrected_by: { op_id: correction.op_id, receipt_number: null },
    });
    await terminal.deliver([wrong()]);
    const [next] = await onDesk(office, 'kind=flagged&state=open');
    const by = { receipt_number: 'SHOP1-T1-T-000002' };
    expect((await decideOn(office, next ?? seen, 'correct', { by })).body.decision).toMatchObject({
      corrected_by: { op_id: null, receipt_number: 'SHOP1-T1-T-000002' },
    });
  });

  test('is made once, however many managers make it at the same time', async () => {
    const { shop, terminal, office, wrong, only } = await deskOfShop(central, server);
    await terminal.deliver([wrong()]);
    const seen = await only();
    const managers = await Promise.all([
      office,
      officeOf(server.url, shop.company),
      officeOf(server.url, shop.company, 'MANAGER'),
    ]);
    const answers = await Promise.all(managers.map((manager) => decideOn(manager, seen, 'accept')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    for (const { body } of answers.filter(({ status }) => status === 409)) {
      expect(body.code).toBe('exception_settled');
      expect(body.detail).toMatch(
        /^(Maya Lindqvist|Tomas Reyes) accepted this on \d+ \w+ 20\d\d at .* UTC\./,
      );
    }
    expect(await shop.query('select action from exception_decision')).toEqual([{ action: 'accepted' }]);
  });

  test('that is asked for again is answered as before, and under an id that said something else refused', async () => {
    const { terminal, office, wrong, only } = await deskOfShop(central, server);
    await terminal.deliver([wrong()]);
    const seen = await only();
    const body = { decision_id: uuid(), note: 'Once.' };
    const first = await decideOn(office, seen, 'accept', body);
    const again = await decideOn(office, seen, 'accept', body);
    expect([again.status, again.body]).toEqual([200, first.body]);
    const other = await decideOn(office, seen, 'accept', { ...body, note: 'Twice.' });
    expect([other.status, other.body.code]).toEqual([409, 'id_reused']);
  });

  test('is made from what was seen: without a version, from an old one, or against its nature it is refused', async () => {
    const { terminal, office, only } = await deskOfShop(central, server);
    await terminal.deliver([terminal.forge('moon.landed', {})]);
    const seen = await only();
    const path = `/api/v1/exceptions/${seen.exception_id}/accept`;
    const body = { decision_id: uuid(), note: 'x' };
    expect((await office.post(path, body)).status).toBe(428);
    expect((await decideOn(office, seen, 'reopen')).body.code).toBe('not_possible');
    expect((await decideOn(office, seen, 'accept', { note: ' ' })).status).toBe(422);
    const tried = await decideOn(office, seen, 'replay');
    expect(tried.body).toMatchObject({
      ...{ state: 'open', version: 2, kind: 'quarantined' },
      decision: { action: 'replayed', settles: false },
    });
    expect((await decideOn(office, seen, 'accept')).status).toBe(412);
    expect((await decideOn(office, { ...seen, version: 2 }, 'accept')).status).toBe(200);
  });

  test('can be taken back while it changed nothing, and the terminal hears of that, too', async () => {
    const { terminal, office, wrong, told, codes } = await deskOfShop(central, server);
    await terminal.deliver([wrong(), terminal.forge('moon.landed', {})]);
    for (const seen of await onDesk(office)) await decideOn(office, seen, 'accept');
    expect(await told()).toMatchObject([
      { seq: 3, verdict: 'quarantined', settled: true },
      { seq: 2, verdict: 'applied' },
    ]);
    expect(await codes('state=open')).toEqual([]);
    for (const seen of await onDesk(office)) {
      expect((await decideOn(office, seen, 'reopen')).body).toMatchObject({ state: 'open', version: 3 });
    }
    expect(await told()).toEqual([
      { seq: 3, verdict: 'quarantined', code: 'unknown_kind', detail: 'moon.landed' },
      { seq: 2, verdict: 'applied_flagged', exceptions: ['ticket_sums_differ'] },
    ]);
  });

  test('cannot be changed or deleted: the server has no right to, nor to what it is about', async () => {
    const { shop, terminal, office, wrong, only } = await deskOfShop(central, server);
    await terminal.deliver([wrong()]);
    await decideOn(office, await only(), 'accept');
    for (const sql of [
      "update exception_decision set note = 'never'",
      'update exception_decision set settles = false',
      'delete from exception_decision',
      "update exception set detail = ''",
      'delete from exception',
    ]) {
      await expect(shop.query(sql), sql).rejects.toMatchObject({ code: '42501' });
    }
  });
});
