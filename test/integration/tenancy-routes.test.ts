import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import { dayIdSchema, lineIdSchema, opIdSchema, ticketIdSchema, userIdSchema } from '#shared/ids.ts';
import { challengeText } from '#shared/people/challenge.ts';
import type { DayOpened } from '#shared/sales/operations.ts';
import type { WireOperation } from '#shared/sync/operation.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { addItems } from '../support/catalogue.ts';
import { everything } from '../support/everything.ts';
import { enrolmentCode, type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { adjusted } from '../support/stock.ts';
import { type Shift, shift } from '../support/tickets.ts';
import type { Answer, WireTerminal } from '../support/wire-terminal.ts';

const CANARY = 'Seen by nobody else';

const { central, server } = await startCentral();
let victim: TestShop;
let intruder: TestShop;
/** Everything of the victim's that has an id, and its cursor. */
let stolen: readonly string[];
let cursor: string;

beforeAll(async () => {
  const named = { ...DEMO_SHOP.location, name: CANARY };
  victim = await testShop(central, server, { ...DEMO_SHOP, name: CANARY, location: named });
  intruder = await testShop(central, server);
  const mug = { sku: 'MUG', price: 499, barcode: '4006381333931' };
  await addItems(central.db, intruder.company.company_id, [{ ...mug, name: 'Mug' }]);
  const goods = await addItems(central.db, victim.company.company_id, [{ ...mug, name: CANARY }]);
  const variant = goods.get('MUG') ?? '';
  const { terminal, day, company } = victim;
  const { ticket, ...links } = day.ticket({ lines: [{}, { variant_id: variant }] });
  const operations = [
    terminal.record('day.opened', day.opened),
    terminal.record('ticket.completed', { ticket, ...links }),
  ];
  await terminal.deliver(operations);
  cursor = String((await terminal.send('/api/v1/sync/pull')).body.cursor);
  stolen = [
    company.company_id,
    company.location_id,
    terminal.enrolment.terminal_id,
    day.day_id,
    ticket.ticket_id,
    variant,
    ...ticket.lines.map((line) => line.line_id),
    ...company.people.map((entry) => entry.user_id),
    ...operations.map((operation) => operation.op_id),
  ];
});
type Ids = { first: string; second: string; third: string };
type Actor = { terminal: WireTerminal; day: Shift };
type Attempt = (actor: Actor, ids: Ids) => Promise<Answer>;

const pushed = ({ terminal }: Actor, operation: WireOperation): Promise<Answer> => terminal.push([operation]);

const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  'opens their day': (actor, { first, second }) => {
    const body: DayOpened = { ...actor.day.opened, day_id: dayIdSchema.parse(first) };
    return pushed(actor, actor.terminal.record('day.opened', body, { user_id: userIdSchema.parse(second) }));
  },
  'closes their day': (actor, { first, second }) => {
    const { z } = actor.day.closed();
    const body = { z: { ...z, day_id: dayIdSchema.parse(first), opened_by: userIdSchema.parse(second) } };
    return pushed(actor, actor.terminal.record('day.closed', body));
  },
  'rings on their day, in their names, with their goods': (actor, { first, second, third }) => {
    const sold = actor.day.ticket({ lines: [{ variant_id: third }, {}] });
    const ticket = {
      ...sold.ticket,
      ticket_id: ticketIdSchema.parse(first),
      day_id: dayIdSchema.parse(second),
      cashier_id: userIdSchema.parse(third),
      lines: sold.ticket.lines.map((line, index) => ({
        ...line,
        line_id: lineIdSchema.parse(index === 0 ? first : second),
      })),
    };
    return pushed(actor, actor.terminal.record('ticket.completed', { ...sold, ticket }));
  },
  'corrects their stock': (actor, { first, second }) => {
    const body = adjusted('Theft', [{ variant_id: first, quantity: -5 }]);
    const about = { approver_id: userIdSchema.parse(second) };
    return pushed(actor, actor.terminal.record('stock.adjusted', body, about));
  },
  'repeats their operation': (actor, { first }) =>
    pushed(actor, actor.terminal.record('day.opened', actor.day.opened, { op_id: opIdSchema.parse(first) })),
  'says it is their terminal': (actor, { first }) => {
    const { prev_hash: _p, hash: _h, ...content } = actor.terminal.record('day.opened', actor.day.opened);
    return actor.terminal.push([{ ...content, terminal_id: first, prev_hash: _p, hash: _h }]);
  },
  'reads their day': ({ terminal }, { first }) => terminal.send(`/api/v1/sales/days/${first}`),
  'reads its own state': ({ terminal }) => terminal.send('/api/v1/sync/state'),
  'pulls on from their cursor': ({ terminal }) => terminal.send(`/api/v1/sync/pull?cursor=${cursor}`),
  'compares with their tables': ({ terminal }) => terminal.send(`/api/v1/sync/tables?cursor=${cursor}`),
};

test('another company, by whatever it sends under whose ids, changes nothing and learns nothing', async () => {
  const before = await everything(victim);
  const attempts = fc.array(
    fc.record({
      name: fc.constantFrom(...Object.keys(ATTEMPTS)),
      ids: fc.record({ first: anyId(), second: anyId(), third: anyId() }),
    }),
    { minLength: 3, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(attempts, async (sequence) => {
      const terminal = await intruder.addTerminal();
      const actor = { terminal, day: shift(terminal.enrolment, intruder.user) };
      for (const { name, ids } of sequence) {
        const answer = await ATTEMPTS[name]?.(actor, ids);
        expect([name, answer?.status]).toEqual([name, name === 'reads their day' ? expect.any(Number) : 200]);
        expect(JSON.stringify(answer?.body)).not.toContain(CANARY);
        // A day of the intruder's own making may bear the same id; the victim's figures never show.
        if (name === 'reads their day') expect([200, 404]).toContain(answer?.status);
      }
    }),
    { numRuns: 25 },
  );
  expect(await everything(victim)).toEqual(before);
});

/** Mostly the victim's ids; now and then one that nobody has. */
const anyId = () => fc.nat().map((index) => stolen[index % (stolen.length + 1)] ?? uuid());

test('the same ids, codes and numbers live side by side in two companies', async () => {
  const { terminal, day, user } = victim;
  const other = await testShop(central, server);
  const twin = day.ticket();
  const body = { ...day.opened };
  const reply = await other.terminal.deliver([
    other.terminal.record('day.opened', body, { op_id: opIdSchema.parse(stolen.at(-2)) }),
    other.terminal.record('ticket.completed', twin, { op_id: opIdSchema.parse(stolen.at(-1)) }),
  ]);
  expect(reply.verdicts.map((entry) => entry.verdict)).toEqual(['applied', 'applied_flagged']);
  await terminal.deliver([terminal.record('ticket.completed', twin)]);
  for (const shop of [victim, other]) {
    const [row] = await shop.query<{ tickets: number; codes: string[] }>(
      `select count(*)::integer as tickets, (select array_agg(code) from location) as codes
       from ticket where ticket_id = '${twin.ticket.ticket_id}'`,
    );
    expect(row).toEqual({ tickets: 1, codes: ['SHOP1'] });
  }
  expect(user).not.toBe(other.user);
});

test('a page of the feed holds rows of its own company only', async () => {
  const page = JSON.stringify((await intruder.terminal.send('/api/v1/sync/pull?limit=10000')).body);
  expect(page).toContain('Mug');
  expect(page).not.toContain(CANARY);
  for (const id of stolen) expect(page).not.toContain(id);
  expect(JSON.stringify((await victim.terminal.send('/api/v1/sync/pull')).body)).toContain(CANARY);
});

test("a terminal's key opens no other terminal's door", async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const ask = async (path: string, body: object) => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const theirs = victim.terminal.enrolment.terminal_id;
  const { body } = await ask('/api/v1/terminals/challenge', { terminal_id: theirs });
  const challenge = String(body.challenge);
  const signature = sign(null, Buffer.from(challengeText(challenge)), privateKey).toString('base64url');
  expect((await ask('/api/v1/terminals/token', { challenge, signature })).status).toBe(401);
  const code = await enrolmentCode(central, intruder.company);
  const public_key = Buffer.alloc(32, 7).toString('base64url');
  const enrolled = await ask('/api/v1/terminals/enrol', { code, name: 'Till', public_key });
  expect(JSON.stringify(enrolled.body)).not.toContain(CANARY);
});
