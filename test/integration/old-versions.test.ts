import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { TicketCompleted } from '#shared/sales/operations.ts';
import type { StockAdjusted } from '#shared/stock/operations.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { linkHash } from '#shared/sync/chain.ts';
import { firstVersion, nextVersion } from '#shared/sync/kind-versions.ts';
import { OPERATION_KINDS } from '#shared/sync/operation.ts';
import { inCompany } from '../../server/db.ts';
import { sha256 } from '../../server/sync/received.ts';
import { replayQuarantine } from '../../server/sync/replay.ts';
import { playVersions } from '../support/play-versions.ts';
import { type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { adjusted } from '../support/stock.ts';

const { central, server } = await startCentral();

const stock = OPERATION_KINDS['stock.adjusted'].body;
/** As corrections of stock might have been told once: with a cause instead of a reason. */
const withCause = firstVersion(stock.omit({ reason: true }).extend({ cause: z.string() }));
const withReason = nextVersion(withCause, stock, ({ cause, ...rest }) => ({ ...rest, reason: cause }));

const asOnce = ({ reason: cause, ...rest }: StockAdjusted) => ({ ...rest, cause });
const found = () => adjusted('Find', [{ quantity: 3 }]);

const levels = async (shop: TestShop) =>
  (await shop.query<{ quantity_milli: string }>('select quantity_milli from stock_level')).map((row) =>
    Number(row.quantity_milli),
  );
const replay = (shop: TestShop) => inCompany(central.db, shop.company.company_id, replayQuarantine);

describe('a terminal with an earlier version of the program', () => {
  test('is understood: what it tells takes effect, once, and is kept as it told it', async () => {
    playVersions('stock.adjusted', withReason);
    const shop = await testShop(central, server);
    const { terminal } = shop;
    const operation = terminal.forge('stock.adjusted', asOnce(found()), { kind_version: 1 });
    for (let time = 0; time < 2; time += 1) {
      expect((await terminal.deliver([operation])).verdicts).toMatchObject([
        { verdict: 'applied_flagged', exceptions: ['unknown_variant'] },
      ]);
    }
    expect(await levels(shop)).toEqual([3000]);
    const { body } = await terminal.send('/api/v1/sync/operations?after_seq=0');
    expect(body.operations).toEqual([operation]);
  });

  test('tells beside one with the present version, in one push as well', async () => {
    playVersions('stock.adjusted', withReason);
    const shop = await testShop(central, server);
    const { terminal } = shop;
    const { verdicts } = await terminal.deliver([
      terminal.forge('stock.adjusted', asOnce(found()), { kind_version: 1 }),
      terminal.forge('stock.adjusted', found(), { kind_version: 2 }),
      terminal.forge('stock.adjusted', found(), { kind_version: 1 }),
      terminal.forge('stock.adjusted', asOnce(found()), { kind_version: 2 }),
    ]);
    expect(verdicts.map((entry) => (entry.verdict === 'quarantined' ? entry.code : 'applied'))).toEqual([
      'applied',
      'applied',
      'malformed',
      'malformed',
    ]);
    expect(await levels(shop)).toEqual([3000, 3000]);
  });

  test('goes on under a new name: what it told before counts once', async () => {
    playVersions('stock.adjusted', withReason);
    const shop = await testShop(central, server);
    const told = shop.terminal.forge('stock.adjusted', asOnce(found()), { kind_version: 1 });
    await shop.terminal.deliver([told]);
    const other = await shop.addTerminal();
    const { terminal_id, epoch, seq, prev_hash, hash, kind, body, ...about } = told;
    const again = other.forge('stock.adjusted', body, {
      ...about,
      seq: 1,
      origin: { terminal_id, epoch, seq },
    });
    expect((await other.deliver([again])).verdicts).toEqual([{ seq: 1, verdict: 'applied_before' }]);
    expect(await levels(shop)).toEqual([3000]);
  });

  test('told tickets whose hashes hold as they were told', async () => {
    const now = OPERATION_KINDS['ticket.completed'].body;
    const withMotto = firstVersion(now.extend({ ticket: now.shape.ticket.extend({ motto: z.string() }) }));
    playVersions(
      'ticket.completed',
      nextVersion(withMotto, now, ({ ticket: { motto: _, ...ticket }, ...links }) => ({ ...links, ticket })),
    );
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    const told = ({ ticket, ticket_prev_hash }: TicketCompleted) => {
      const then = { ...ticket, motto: 'Well sold' };
      return {
        ticket: then,
        ticket_prev_hash,
        ticket_hash: linkHash(ticket_prev_hash, canonicalJson(then), sha256),
      };
    };
    const { verdicts } = await terminal.deliver([
      terminal.record('day.opened', day.opened),
      terminal.forge('ticket.completed', told(day.ticket()), { kind_version: 1 }),
    ]);
    expect(verdicts).toMatchObject([
      { verdict: 'applied' },
      { exceptions: ['unknown_category', 'unknown_variant'] },
    ]);
    expect(await shop.tickets()).toBe(1);
  });
});

describe('a server with an earlier version than a terminal', () => {
  test('sets aside what it does not know, and takes it when it was updated', async () => {
    playVersions('stock.adjusted', withCause);
    const shop = await testShop(central, server);
    const { terminal } = shop;
    const { verdicts } = await terminal.deliver([
      terminal.forge('stock.adjusted', found(), { kind_version: 2 }),
      terminal.record('day.opened', shop.day.opened),
    ]);
    expect(verdicts).toMatchObject([
      { verdict: 'quarantined', code: 'unknown_kind', detail: 'stock.adjusted version 2' },
      { verdict: 'applied' },
    ]);
    expect(await replay(shop)).toEqual({ applied: 0, left: 1 });
    playVersions('stock.adjusted', withReason);
    expect(await replay(shop)).toEqual({ applied: 1, left: 0 });
    expect(await levels(shop)).toEqual([3000]);
  });

  test('replays what was told under the earliest of three, when a step between them was mended', async () => {
    const withWhy = firstVersion(stock.omit({ reason: true }).extend({ why: z.string() }));
    const three = (step: (told: z.output<typeof withWhy.body>) => z.input<typeof withCause.body>) =>
      nextVersion(nextVersion(withWhy, withCause.body, step), stock, ({ cause, ...rest }) => ({
        ...rest,
        reason: cause,
      }));
    playVersions(
      'stock.adjusted',
      three(() => {
        throw new Error('not yet');
      }),
    );
    const shop = await testShop(central, server);
    const { terminal } = shop;
    const { reason: why, ...rest } = found();
    const { verdicts } = await terminal.deliver([
      terminal.forge('stock.adjusted', { ...rest, why }, { kind_version: 1 }),
      terminal.record('day.opened', shop.day.opened),
    ]);
    expect(verdicts).toMatchObject([{ code: 'malformed' }, { verdict: 'applied' }]);
    playVersions(
      'stock.adjusted',
      three(({ why: cause, ...others }) => ({ ...others, cause })),
    );
    expect(await replay(shop)).toEqual({ applied: 1, left: 0 });
    expect(await levels(shop)).toEqual([3000]);
  });
});
