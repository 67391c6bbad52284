import { generateKeyPairSync } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { terminalIdSchema } from '#shared/ids.ts';
import type { WireOperation } from '#shared/sync/operation.ts';
import { inCompany } from '../../server/db.ts';
import { makeEnrolment } from '../../server/people/enrolment.ts';
import { enrolmentCode, type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import type { WireTerminal } from '../support/wire-terminal.ts';

const { central, server } = await startCentral();

/** A shop whose terminal has opened its day and told so. */
async function openShop() {
  const shop = await testShop(central, server);
  const { terminal, day } = shop;
  const opened = terminal.record('day.opened', day.opened);
  await terminal.deliver([opened]);
  const sell = () => terminal.record('ticket.completed', day.ticket());
  /** Another device with a copy of the disk, whose cashier goes on selling. */
  const copy = async () => {
    const device = await terminal.copy();
    const shift = day.copy();
    return Object.assign(device, { sell: () => device.record('ticket.completed', shift.ticket()) });
  };
  const alarms = async () => (await shop.exceptions()).filter(({ code }) => ALARMS.has(code));
  return { ...shop, opened, sell, copy, alarms };
}

const ALARMS: ReadonlySet<string> = new Set([
  'terminal_forked',
  'terminal_cloned',
  'terminal_restored',
  'told_by_copy',
  'receipt_number_repeated',
]);

const refused = (code: string) => ({ status: 409, body: { code } });
const frozen = async ({ query }: TestShop) =>
  (await query<{ frozen_because: string | null }>('select frozen_because from terminal'))[0]?.frozen_because;

/** The code with which one copy goes on as the terminal. */
const codeFor = async ({ company, terminal }: TestShop): Promise<string> =>
  inCompany(central.db, company.company_id, async (tx) => {
    const id = terminalIdSchema.parse(terminal.enrolment.terminal_id);
    return (await makeEnrolment(tx, company.location_id, id)).code;
  });

/** Operations as a terminal sends them again under its new name. */
const again = (terminal: WireTerminal, operations: readonly WireOperation[]) =>
  operations.map((operation) => {
    const { kind, body, prev_hash: _p, hash: _h, seq, epoch, terminal_id, ...about } = operation;
    return terminal.forge(kind, body, { ...about, origin: { terminal_id, epoch, seq } });
  });

describe('a nonce', () => {
  test('is new with each push, and never told by the state', async () => {
    const { terminal, sell } = await openShop();
    const seen = [terminal.enrolment.nonce, terminal.nonce()];
    for (let sale = 0; sale < 3; sale += 1) {
      await terminal.deliver([sell()]);
      seen.push(terminal.nonce());
    }
    expect(new Set(seen).size).toBe(5);
    const state = await terminal.send('/api/v1/sync/state');
    expect(JSON.stringify(state.body)).not.toContain(terminal.nonce());
  });

  test('raises no alarm when the answers of both pushes under way are lost, however often', async () => {
    const { terminal, sell, tickets } = await openShop();
    for (let round = 0; round < 10; round += 1) {
      const two = [sell(), sell()];
      for (const operation of two) await terminal.push([operation], { isAnswerLost: true });
    }
    const repeated = [sell(), sell()];
    await terminal.push([repeated[0]], { isAnswerLost: true });
    await terminal.deliver(repeated);
    await terminal.deliver([sell()]);
    expect(await tickets()).toBe(23);
  });

  test('that is older serves to hear verdicts again, and for nothing new', async () => {
    const shop = await openShop();
    const { terminal, sell, opened, tickets } = shop;
    const old = terminal.enrolment.nonce;
    const sold = [sell(), sell()];
    for (const operation of sold) await terminal.deliver([operation]);
    const known = await terminal.push([opened, ...sold], { nonce: old, isAnswerLost: true });
    expect(known.body).toMatchObject({ acked_seq: 3, verdicts: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] });
    expect(known.body).not.toHaveProperty('nonce');
    expect(await terminal.push([sell()], { nonce: old })).toMatchObject(refused('terminal_cloned'));
    expect(await tickets()).toBe(2);
  });

  test('of a request that was held up on its way harms nobody, since nobody waits for its answer', async () => {
    const shop = await openShop();
    const { terminal, sell, tickets } = shop;
    const heldUp = terminal.nonce();
    const sold = [sell(), sell(), sell(), sell()];
    for (const operation of sold.slice(0, 3)) await terminal.deliver([operation]);
    const late = await terminal.push(sold, { nonce: heldUp, isAnswerLost: true });
    expect(late).toMatchObject(refused('terminal_cloned'));
    await terminal.deliver(sold.slice(3));
    expect(await tickets()).toBe(4);
    expect(await frozen(shop)).toBeNull();
  });
});

describe('a copy of a disk', () => {
  test('that hands in what it did freezes the terminal: both copies are told, and a manager is', async () => {
    const shop = await openShop();
    const { terminal, sell, query, alarms, tickets } = shop;
    const copy = await shop.copy();
    for (let sale = 0; sale < 3; sale += 1) await terminal.deliver([sell()]);
    const branch = [copy.sell(), copy.sell()];
    expect(await copy.handIn(branch)).toMatchObject({ status: 200, body: { received_seq: 3 } });
    expect(await copy.handIn(branch)).toMatchObject({ status: 200 });
    expect(await frozen(shop)).toBe('forked');
    for (const each of [terminal, copy]) {
      expect(await each.push([each === copy ? copy.sell() : sell()])).toMatchObject(
        refused('terminal_forked'),
      );
      expect(await each.send('/api/v1/sync/pull')).toMatchObject(refused('terminal_forked'));
      expect(await each.send('/api/v1/sync/state')).toMatchObject(refused('terminal_forked'));
      expect(await each.send('/api/v1/sync/operations?after_seq=0')).toMatchObject(
        refused('terminal_forked'),
      );
    }
    expect(await alarms()).toEqual([{ seq: 2, code: 'terminal_forked' }]);
    expect(await tickets()).toBe(3);
    const kept = await query<{ first_seq: number; body: Buffer }>(
      'select first_seq, body from journal_branch',
    );
    expect(kept.map((row) => row.first_seq)).toEqual([2]);
    const evidence = JSON.parse(zstdDecompressSync(kept[0]?.body ?? Buffer.of()).toString());
    expect(evidence.operations).toEqual(branch);
  });

  test('that went on from the same last operation with an older nonce is a clone', async () => {
    const shop = await openShop();
    const { terminal, sell, alarms } = shop;
    const old = terminal.nonce();
    for (const operation of [sell(), sell()]) await terminal.deliver([operation]);
    const copy = await shop.copy();
    copy.keepNonce(old);
    const more = copy.sell();
    expect(await copy.push([more])).toMatchObject(refused('terminal_cloned'));
    expect(await frozen(shop)).toBeNull();
    await copy.handIn([more]);
    expect(await frozen(shop)).toBe('cloned');
    expect(await terminal.push([sell()])).toMatchObject(refused('terminal_cloned'));
    expect(await alarms()).toEqual([{ seq: 4, code: 'terminal_cloned' }]);
  });

  test('that only hands in what is known freezes nobody', async () => {
    const shop = await openShop();
    const { terminal, opened, sell } = shop;
    const copy = await shop.copy();
    expect(await copy.handIn([opened])).toMatchObject({ status: 200 });
    expect(await frozen(shop)).toBeNull();
    await terminal.deliver([sell()]);
  });

  test('may hand in only so much', async () => {
    const shop = await openShop();
    const { terminal, sell, query } = shop;
    const copy = await shop.copy();
    await terminal.deliver([sell()]);
    await copy.handIn([copy.sell()]);
    await query(
      `insert into journal_branch (company_id, terminal_id, epoch, first_seq, last_seq, last_hash, body)
       select company_id, terminal_id, epoch, 3, 3, '', convert_to(repeat('x', 64 * 1024 * 1024), 'UTF8')
       from terminal`,
    );
    const more = await copy.handIn([copy.sell()]);
    expect(more).toMatchObject({ status: 413, body: { code: 'branch_too_large' } });
  });
});

describe('a ledger that was restored from an old copy', () => {
  test('gets back what was told, word for word, and with what became of it', async () => {
    const { terminal, opened, sell } = await openShop();
    const sold = [sell(), sell(), sell()];
    await terminal.deliver(sold.slice(0, 2));
    const unknown = terminal.forge('moon.landed', {});
    await terminal.deliver([...sold.slice(2), unknown] as WireOperation[]);
    const all = [];
    for (let after = 0, more = true; more; after = all.length) {
      const page = await terminal.send(`/api/v1/sync/operations?after_seq=${after}`);
      all.push(...(page.body.operations as object[]));
      more = page.body.more === true;
      if (!more) {
        expect(page.body.verdicts).toMatchObject([
          { seq: 4, verdict: 'applied_flagged' },
          { seq: 5, verdict: 'quarantined', code: 'unknown_kind' },
        ]);
      }
    }
    expect(all).toEqual([opened, ...sold, unknown]);
    const middle = await terminal.send('/api/v1/sync/operations?after_seq=2');
    expect(middle.body.operations).toEqual([sold[1]]);
    const beyond = await terminal.send('/api/v1/sync/operations?after_seq=6');
    expect(beyond).toMatchObject({ status: 422, body: { errors: [{ path: 'after_seq' }] } });
  });

  test('goes on with a new nonce once it has everything, and sooner not', async () => {
    const shop = await openShop();
    const { terminal, sell, alarms, opened } = shop;
    const restored = await shop.copy();
    const sold = sell();
    await terminal.deliver([sold]);
    const { epoch } = terminal.enrolment;
    const ask = (last: WireOperation) =>
      restored.post('/api/v1/sync/resume', {
        epoch,
        last_seq: last.seq,
        last_hash: last.hash,
        nonce: restored.nonce(),
      });
    expect(await ask(opened)).toMatchObject(refused('resume_elsewhere'));
    const first = await ask(sold);
    expect(first.body).toMatchObject({ series: [{ series: 'T', last_number: 1 }] });
    expect((await ask(sold)).body).toEqual(first.body);
    const goesOn = await shop.copy();
    goesOn.keepNonce(String(first.body.nonce));
    await goesOn.deliver([goesOn.sell()]);
    expect(await alarms()).toEqual([{ seq: 2, code: 'terminal_restored' }]);
    // The one that was thought to be gone still works: it is told, tells what it did, and both stop.
    const branch = sell();
    expect(await terminal.push([branch])).toMatchObject(refused('terminal_forked'));
    expect(await frozen(shop)).toBe('forked');
  });

  test('is noticed by the copy that goes on meanwhile, even if they never differ', async () => {
    const shop = await openShop();
    const { terminal, sell } = shop;
    const other = await shop.copy();
    const sold = sell();
    await terminal.deliver([sold]);
    const { epoch } = terminal.enrolment;
    const asked = { epoch, last_seq: sold.seq, last_hash: sold.hash, nonce: other.nonce() };
    await other.post('/api/v1/sync/resume', asked);
    const next = sell();
    expect(await terminal.push([next])).toMatchObject(refused('terminal_cloned'));
    await terminal.handIn([next]);
    expect(await frozen(shop)).toBe('cloned');
  });
});

describe('a code for one terminal', () => {
  /** Two copies that both sold twice, found out, and stopped. */
  async function forkedShop() {
    const shop = await openShop();
    const copy = await shop.copy();
    const there = [shop.sell(), shop.sell()];
    await shop.terminal.deliver(there);
    const branch = [copy.sell(), copy.sell()];
    expect(await copy.push(branch)).toMatchObject(refused('terminal_forked'));
    await copy.handIn(branch);
    return { ...shop, there, branch, copied: copy };
  }

  test('lets one copy go on under a new epoch, and bring in what only it knows', async () => {
    const shop = await forkedShop();
    const { terminal, sell, query, tickets, there, branch, copied, alarms } = shop;
    const goesOn = await copied.enrolAgain(await codeFor(shop));
    expect(goesOn.enrolment).toMatchObject({
      terminal_id: terminal.enrolment.terminal_id,
      terminal_code: 'T1',
      epoch: 2,
      after_seq: 3,
      series: [{ series: 'T', last_number: 2, last_hash: ticketHash(there[1]) }],
    });
    const reply = await goesOn.deliver(again(goesOn, [...branch, ...there]));
    expect(reply.verdicts.map(({ verdict }) => verdict)).toEqual([
      'applied_flagged',
      'applied_flagged',
      'applied_before',
      'applied_before',
    ]);
    expect(await tickets()).toBe(4);
    expect(await alarms()).toEqual([
      { seq: 2, code: 'terminal_forked' },
      { seq: 4, code: 'receipt_number_repeated' },
      { seq: 4, code: 'told_by_copy' },
      { seq: 5, code: 'receipt_number_repeated' },
      { seq: 5, code: 'told_by_copy' },
    ]);
    const [named] = await query<{ detail: string }>(
      "select detail from exception where code = 'told_by_copy' order by seq limit 1",
    );
    for (const id of [branch[0]?.op_id, there[0]?.op_id]) expect(named?.detail).toContain(id);
    for (const path of ['pull', 'state']) {
      expect(await terminal.send(`/api/v1/sync/${path}`)).toMatchObject(refused('terminal_replaced'));
    }
    expect(await terminal.push([sell()])).toMatchObject(refused('terminal_replaced'));
  });

  test('takes what was sent again once, and not what was changed on the way', async () => {
    const shop = await forkedShop();
    const goesOn = await shop.copied.enrolAgain(await codeFor(shop));
    const [first, second] = shop.there;
    if (!first || !second) throw new Error('nothing was sold');
    const changed = { ...second, occurred_at: '2026-03-02T09:00:00.000Z' };
    const reply = await goesOn.deliver(again(goesOn, [first, changed]));
    expect(reply.verdicts).toMatchObject([
      { verdict: 'applied_before' },
      { verdict: 'quarantined', code: 'duplicate_op_id' },
    ]);
    const unclaimed = goesOn.forge('ticket.completed', first.body, { op_id: first.op_id });
    const plain = await goesOn.deliver([unclaimed]);
    expect(plain.verdicts).toMatchObject([{ verdict: 'quarantined', code: 'duplicate_op_id' }]);
    expect(await shop.tickets()).toBe(2);
  });

  test('lets the other copy come in as a new terminal, with its receipts as they were printed', async () => {
    const shop = await forkedShop();
    const { copied, branch, query, company } = shop;
    const other = await copied.enrolAgain(await enrolmentCode(central, company));
    expect(other.enrolment).toMatchObject({ terminal_code: 'T2', epoch: 1, after_seq: 3, series: [] });
    const reply = await other.deliver(again(other, branch));
    expect(reply.verdicts.map(({ verdict }) => verdict)).toEqual(['applied_flagged', 'applied_flagged']);
    const sold = await query<{ receipt_number: string }>(
      `select receipt_number from ticket where terminal_id = '${other.enrolment.terminal_id}' order by number`,
    );
    expect(sold.map((row) => row.receipt_number)).toEqual(['SHOP1-T1-T-000001', 'SHOP1-T1-T-000002']);
    const flags = await query<{ code: string }>(
      `select distinct code from exception where terminal_id = '${other.enrolment.terminal_id}' and kind = 'flagged' order by code`,
    );
    expect(flags.map((row) => row.code)).toEqual(
      expect.arrayContaining(['receipt_number_repeated', 'told_by_copy', 'unknown_day']),
    );
    expect(flags.map((row) => row.code)).not.toContain('ticket_chain_broken');
    const closed = await other.deliver([other.record('day.closed', shop.day.closed())]);
    expect(closed.verdicts).toMatchObject([{ verdict: 'applied_flagged', exceptions: ['unknown_day'] }]);
  });

  test('makes a terminal of a new machine where the old one is gone', async () => {
    const shop = await openShop();
    await shop.terminal.deliver([shop.sell()]);
    const code = await codeFor(shop);
    const { public_key } = newKey();
    const asked = { code, name: 'Till', public_key };
    const first = await enrol(asked);
    expect(first).toMatchObject({ status: 201, body: { epoch: 2, after_seq: 0, terminal_code: 'T1' } });
    expect((await enrol(asked)).body).toEqual(first.body);
    expect(await enrol({ ...asked, ...newKey() })).toMatchObject({ status: 403 });
  });

  test('is spent once the device has told something, also for the same key', async () => {
    const shop = await openShop();
    const goesOn = await shop.terminal.enrolAgain(await codeFor(shop));
    const before = await shop.query('select code_hash from enrolment where terminal_id is not null');
    expect(before).toHaveLength(1);
    await goesOn.deliver([goesOn.record('ticket.completed', shop.day.ticket())]);
    const used = await shop.query('select from enrolment where used_by is not null');
    expect(used).toHaveLength(2);
  });
});

const ticketHash = (operation: WireOperation | undefined) =>
  (operation?.body as { ticket_hash?: string } | undefined)?.ticket_hash;
const newKey = () => ({
  public_key: String(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x),
});
const enrol = async (asked: object) => {
  const response = await fetch(`${server.url}/api/v1/terminals/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
  return { status: response.status, body: await response.json() };
};
