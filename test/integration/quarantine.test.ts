import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { opIdSchema, userIdSchema } from '#shared/ids.ts';
import type { PushReply } from '#shared/sync/push.ts';
import { inCompany } from '../../server/db.ts';
import { replayQuarantine } from '../../server/sync/replay.ts';
import { decideOn, deskOfShop, onDesk } from '../support/desk.ts';
import { officeOf } from '../support/office.ts';
import { type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { shift } from '../support/tickets.ts';

const { central, server } = await startCentral();
let owner: pg.Client;

beforeAll(async () => {
  owner = new pg.Client({ connectionString: central.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
});

const verdicts = (reply: PushReply) =>
  reply.verdicts.map((entry) => (entry.verdict === 'quarantined' ? entry.code : entry.verdict));

const replay = (shop: TestShop) =>
  inCompany(central.db, shop.company.company_id, (tx) => replayQuarantine(tx));

/**
 * Makes the database refuse some rows until it is repaired: stands for a fact that this version of the server
 * cannot take and a later one can.
 */
const spoil = (table: string, allowed: string) =>
  owner.query(`alter table ${table} add constraint spoilt check (${allowed}) not valid`);
const repair = (table: string) => owner.query(`alter table ${table} drop constraint spoilt`);

const chainTroubles = async (shop: TestShop) =>
  (await shop.exceptions()).filter(({ code }) => /chain|number/.test(code));

const stranger = () => userIdSchema.parse(uuid());

describe('a day whose opening is set aside', () => {
  test('takes its tickets and its closing with it, and all of them come back in order after the repair', async () => {
    const shop = await testShop(central, server);
    const { terminal } = shop;
    const day = shift(terminal.enrolment, shop.user, 4242);
    const next = shift(terminal.enrolment, shop.user);
    const pushes = [
      [terminal.record('day.opened', day.opened), terminal.record('ticket.completed', day.ticket())],
      [terminal.record('ticket.completed', day.ticket()), terminal.record('day.closed', day.closed())],
      [terminal.record('day.opened', next.opened)],
    ];
    await spoil('sales_day', 'float_minor <> 4242');
    const replies = [];
    for (const operations of pushes) replies.push(await terminal.deliver(operations));
    expect(replies.map(verdicts)).toEqual([
      ['not_applicable', 'depends_on_quarantined'],
      ['depends_on_quarantined', 'depends_on_quarantined'],
      ['applied'],
    ]);
    expect(await shop.tickets()).toBe(0);
    expect(await replay(shop)).toEqual({ applied: 0, left: 4 });
    expect(await shop.tickets()).toBe(0);
    await repair('sales_day');
    expect(await replay(shop)).toEqual({ applied: 4, left: 0 });
    expect(await replay(shop)).toEqual({ applied: 0, left: 0 });
    const answer = await terminal.send(`/api/v1/sales/days/${day.day_id}`);
    expect(answer.body).toMatchObject({ state: 'closed', z_agrees: true, sums: { sales: 2 } });
    const again = await terminal.deliver(pushes.flat());
    expect(verdicts(again).filter((verdict) => !verdict.startsWith('applied'))).toEqual([]);
  });

  test('raises what the replay finds, as a push would', async () => {
    const shop = await testShop(central, server);
    const { terminal } = shop;
    const day = shift(terminal.enrolment, shop.user, 4242);
    await spoil('sales_day', 'float_minor <> 4242');
    await terminal.deliver([terminal.record('day.opened', day.opened, { user_id: stranger() })]);
    await repair('sales_day');
    expect(await shop.exceptions()).toEqual([]);
    expect(await replay(shop)).toEqual({ applied: 1, left: 0 });
    expect(await shop.exceptions()).toEqual([{ seq: 1, code: 'unknown_user' }]);
  });

  test('fills its place in the numbers afterwards: no repetition, and the chain goes on where it stands', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    const [first, second, third] = [day.ticket(), day.ticket(), day.ticket()];
    const fourth = day.ticket();
    await spoil('ticket', 'number <> 2');
    const reply = await terminal.deliver([
      terminal.record('day.opened', day.opened),
      ...[first, second, third].map((body) => terminal.record('ticket.completed', body)),
    ]);
    await repair('ticket');
    expect(verdicts(reply)).toEqual(['applied', 'applied_flagged', 'not_applicable', 'applied_flagged']);
    expect(await chainTroubles(shop)).toEqual([
      { seq: 4, code: 'receipt_number_gap' },
      { seq: 4, code: 'ticket_chain_broken' },
    ]);
    expect(await replay(shop)).toEqual({ applied: 1, left: 0 });
    await terminal.deliver([terminal.record('ticket.completed', fourth)]);
    expect(await chainTroubles(shop)).toHaveLength(2);
  });

  test('that was opened before is not set aside by a second opening', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    const reply = await terminal.deliver([
      terminal.record('day.opened', day.opened),
      terminal.record('day.opened', day.opened),
      terminal.forge('day.opened', { ...day.opened, float_minor: 'much' }),
      terminal.record('ticket.completed', day.ticket()),
    ]);
    expect(verdicts(reply)).toEqual(['applied', 'duplicate_fact', 'malformed', 'applied_flagged']);
    const later = await terminal.deliver([terminal.record('ticket.completed', day.ticket())]);
    expect(verdicts(later)).toEqual(['applied_flagged']);
  });

  test('that was opened anew after a malformed opening goes on', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    const reply = await terminal.deliver([
      terminal.forge('day.opened', { ...day.opened, float_minor: 'much' }),
      terminal.record('ticket.completed', day.ticket()),
      terminal.record('day.opened', day.opened),
      terminal.record('ticket.completed', day.ticket()),
    ]);
    expect(verdicts(reply)).toEqual(['malformed', 'depends_on_quarantined', 'applied', 'applied_flagged']);
    expect(await replay(shop)).toEqual({ applied: 1, left: 1 });
    expect(await shop.tickets()).toBe(2);
  });
});

describe('a poison operation', () => {
  test('among 499 good ones is set aside alone', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    const bodies = Array.from({ length: 499 }, () => day.ticket({ lines: [{}] }));
    for (const body of bodies.slice(250, 251)) body.ticket.business_date = '0000-01-01';
    const reply = await terminal.deliver([
      terminal.record('day.opened', day.opened),
      ...bodies.map((body) => terminal.record('ticket.completed', body)),
    ]);
    expect(reply.acked_seq).toBe(500);
    expect(verdicts(reply).filter((verdict) => !verdict.startsWith('applied'))).toEqual(['not_applicable']);
    expect(await shop.tickets()).toBe(498);
  });

  test('keeps its verdict however often it is sent', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    const ticket = day.ticket();
    const twice = opIdSchema.parse(uuid());
    const operations = [
      terminal.record('day.opened', day.opened, { user_id: stranger() }),
      terminal.record('ticket.completed', ticket),
      terminal.record('ticket.completed', ticket),
      terminal.forge('moon.landed', {}),
      terminal.record('ticket.completed', day.ticket(), { op_id: twice }),
      terminal.record('ticket.completed', day.ticket(), { op_id: twice }),
    ];
    const first = await terminal.deliver(operations);
    expect(verdicts(first)).toEqual([
      'applied_flagged',
      'applied_flagged',
      'duplicate_fact',
      'unknown_kind',
      'applied_flagged',
      'duplicate_op_id',
    ]);
    for (const from of [0, 1, 3, 5]) {
      const again = await terminal.deliver(operations.slice(from));
      expect(again.verdicts).toEqual(first.verdicts.slice(from));
    }
  });
});

describe('a repair from the office', () => {
  test('of one thing takes along what waits because of it, in order, and nothing else', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    const office = await officeOf(server.url, shop.company, 'MANAGER');
    const codes = async (query: string) => (await onDesk(office, query)).map(({ code }) => code);
    await spoil('sales_day', 'float_minor <> 10000');
    const operations = [
      terminal.record('day.opened', day.opened),
      terminal.record('ticket.completed', day.ticket()),
      terminal.record('day.closed', day.closed()),
      terminal.forge('moon.landed', {}),
    ];
    await terminal.deliver(operations).finally(() => repair('sales_day'));
    const waiting = ['not_applicable', 'depends_on_quarantined', 'depends_on_quarantined', 'unknown_kind'];
    expect(await codes('state=open')).toEqual(waiting);
    const [opening, ticket] = await onDesk(office);
    if (!opening || !ticket) throw new Error('nothing is set aside');
    const early = await decideOn(office, ticket, 'replay', { note: 'Too early.' });
    expect(early.body).toMatchObject({ state: 'open', decision: { settles: false } });
    expect((await decideOn(office, opening, 'replay')).body).toMatchObject({ state: 'settled', actions: [] });
    expect(await codes('state=open&kind=quarantined')).toEqual(['unknown_kind']);
    const answer = await terminal.send(`/api/v1/sales/days/${day.day_id}`);
    expect(answer.body).toMatchObject({ state: 'closed', z_agrees: true, sums: { sales: 1 } });
    const told = (await terminal.send('/api/v1/sync/state?verdicts_after=0')).body.verdicts_changed;
    expect(told).toMatchObject([{ seq: 1, verdict: 'applied' }, { seq: 2 }, { seq: 3, verdict: 'applied' }]);
    expect(await shop.tickets()).toBe(1);
  });

  test('leaves out what somebody has decided to leave out', async () => {
    const { shop, terminal, office, only } = await deskOfShop(central, server);
    await terminal.deliver([terminal.forge('day.opened', { day_id: 7 })]);
    await decideOn(office, await only(), 'accept');
    expect(await replay(shop)).toEqual({ applied: 0, left: 0 });
    const [settled] = await onDesk(office);
    await decideOn(office, { exception_id: settled?.exception_id ?? 0, version: 2 }, 'reopen');
    expect(await replay(shop)).toEqual({ applied: 0, left: 1 });
  });

  test('of everything at once is for the places that one sees, and is noted', async () => {
    const { shop, terminal, office } = await deskOfShop(central, server);
    await terminal.deliver([terminal.forge('moon.landed', {})]);
    const answer = await office.post('/api/v1/exceptions/replay', { note: 'After the upgrade.' });
    expect(answer.body).toEqual({ applied: 0, left: 1 });
    const admin = await officeOf(server.url, shop.company);
    expect((await admin.get('/api/v1/audit?entity=exception')).body.items).toMatchObject([
      {
        action: 'exception.replayed',
        key: 'all',
        after: { applied: 0, left: 1, note: 'After the upgrade.' },
      },
    ]);
  });
});
