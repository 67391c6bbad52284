import { gzipSync, zstdCompressSync } from 'node:zlib';
import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { opIdSchema } from '#shared/ids.ts';
import { testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();

describe('a shift that is pushed', () => {
  test('arrives once, adds up, and its Z report is confirmed', async () => {
    const { terminal, day, tickets } = await testShop(central, server);
    const operations = [terminal.record('day.opened', day.opened)];
    for (let index = 0; index < 20; index += 1) {
      operations.push(terminal.record('ticket.completed', day.ticket()));
    }
    operations.push(terminal.record('day.closed', day.closed()));
    const reply = await terminal.deliver(operations);
    expect(reply.acked_seq).toBe(22);
    const troubles = reply.verdicts.filter((entry) => entry.verdict === 'quarantined');
    expect(troubles).toEqual([]);
    expect(await tickets()).toBe(20);
    const answer = await terminal.send(`/api/v1/sales/days/${day.day_id}`);
    expect(answer.body).toMatchObject({ state: 'closed', z_agrees: true, sums: { sales: 20, lines: 80 } });
  });

  test('that is pushed again gets the same verdicts and takes effect once', async () => {
    const { terminal, day, tickets } = await testShop(central, server);
    const operations = [
      terminal.record('day.opened', day.opened),
      ...Array.from({ length: 5 }, () => terminal.record('ticket.completed', day.ticket())),
    ];
    const first = await terminal.deliver(operations);
    const second = await terminal.deliver(operations);
    expect(second.verdicts).toEqual(first.verdicts);
    const overlapping = [...operations.slice(3), terminal.record('ticket.completed', day.ticket())];
    const third = await terminal.deliver(overlapping);
    expect(third.verdicts.map((entry) => entry.seq)).toEqual([4, 5, 6, 7]);
    expect(await tickets()).toBe(6);
  });

  test('with a gap is told which operation comes next', async () => {
    const { terminal, day } = await testShop(central, server);
    terminal.record('day.opened', day.opened);
    const answer = await terminal.push([terminal.record('ticket.completed', day.ticket())]);
    expect(answer.status).toBe(409);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'push_gap', expected_seq: 1 });
  });

  test('may be compressed with gzip or zstd', async () => {
    const { terminal, day } = await testShop(central, server);
    for (const [encoding, compress] of [
      ['gzip', gzipSync],
      ['zstd', zstdCompressSync],
    ] as const) {
      const operation = terminal.record(
        encoding === 'gzip' ? 'day.opened' : 'ticket.completed',
        (encoding === 'gzip' ? day.opened : day.ticket()) as never,
      );
      const batch = {
        protocol: 1,
        epoch: 1,
        from_seq: operation.seq,
        prev_hash: operation.prev_hash,
        nonce: terminal.nonce(),
        operations: [operation],
      };
      const answer = await terminal.send('/api/v1/sync/push', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
        body: compress(JSON.stringify(batch)) as never,
      });
      expect(answer.body).toMatchObject({ acked_seq: operation.seq });
    }
  });
});

describe('a bad operation', () => {
  test('is set aside by itself and never blocks its neighbours', async () => {
    const { terminal, day, tickets } = await testShop(central, server);
    const good = terminal.record('day.opened', day.opened);
    const malformed = terminal.link({
      ...strip(good),
      seq: terminal.nextSeq(),
      op_id: uuid(),
      kind: 'ticket.completed',
      body: { nothing: true },
    });
    const unknown = terminal.link({
      ...strip(good),
      seq: terminal.nextSeq(),
      op_id: uuid(),
      kind: 'moon.landed',
      body: {},
    });
    const after = terminal.record('ticket.completed', day.ticket());
    const reply = await terminal.deliver([good, malformed, unknown, after]);
    expect(reply.verdicts.map((entry) => ('code' in entry ? entry.code : entry.verdict))).toEqual([
      'applied',
      'malformed',
      'unknown_kind',
      'applied_flagged',
    ]);
    expect(await tickets()).toBe(1);
  });

  test('that is no object at all is kept under its number', async () => {
    const { terminal, query } = await testShop(central, server);
    const answer = await terminal.push(['nonsense', 42, null], { from_seq: 1, prev_hash: '0'.repeat(64) });
    expect(answer.body).toMatchObject({ acked_seq: 3 });
    const kept = await query('select seq, verdict, code from journal order by seq');
    expect(kept).toEqual([
      { seq: 1, verdict: 'quarantined', code: 'malformed' },
      { seq: 2, verdict: 'quarantined', code: 'malformed' },
      { seq: 3, verdict: 'quarantined', code: 'malformed' },
    ]);
  });

  test('that repeats an operation id takes no effect a second time', async () => {
    const { terminal, day, tickets } = await testShop(central, server);
    const id = opIdSchema.parse(uuid());
    const reply = await terminal.deliver([
      terminal.record('day.opened', day.opened),
      terminal.record('ticket.completed', day.ticket(), { op_id: id }),
      terminal.record('ticket.completed', day.ticket(), { op_id: id }),
    ]);
    expect(reply.verdicts.at(-1)).toMatchObject({ verdict: 'quarantined', code: 'duplicate_op_id' });
    expect(await tickets()).toBe(1);
  });

  test('that repeats a ticket under a new id is set aside alone', async () => {
    const { terminal, day, tickets } = await testShop(central, server);
    const ticket = day.ticket();
    const reply = await terminal.deliver([
      terminal.record('day.opened', day.opened),
      terminal.record('ticket.completed', ticket),
      terminal.record('ticket.completed', ticket),
      terminal.record('ticket.completed', day.ticket()),
    ]);
    expect(reply.verdicts[2]).toMatchObject({ verdict: 'quarantined', code: 'duplicate_fact' });
    expect(await tickets()).toBe(2);
  });

  test('whose content was edited after it was hashed is set aside', async () => {
    const { terminal, day } = await testShop(central, server);
    const opened = terminal.record('day.opened', day.opened);
    const reply = await terminal.deliver([{ ...opened, body: { ...opened.body, float_minor: 1 } }]);
    expect(reply.verdicts[0]).toMatchObject({ verdict: 'quarantined', code: 'hash_mismatch' });
  });
});

describe('another history', () => {
  test('is never merged: the terminal is frozen and told so', async () => {
    const { terminal, day, tickets } = await testShop(central, server);
    const opened = terminal.record('day.opened', day.opened);
    await terminal.deliver([opened]);
    const other = { ...opened, hash: 'f'.repeat(64) };
    const answer = await terminal.push([other]);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'terminal_forked' });
    const next = await terminal.push([terminal.record('ticket.completed', day.ticket())]);
    expect(next.body).toMatchObject({ code: 'terminal_forked' });
    expect(await tickets()).toBe(0);
  });
});

const strip = ({ prev_hash: _p, hash: _h, ...rest }: Record<string, unknown>): Record<string, unknown> =>
  rest;
