import { expect, test } from 'vitest';
import { z } from 'zod';
import { nextVersion } from '#shared/sync/kind-versions.ts';
import { OPERATION_KINDS } from '#shared/sync/operation.ts';
import { recentTickets, ticketById } from '../../../src-main/data/sales/ticket-store.ts';
import { bodyOf, operationsFrom } from '../../../src-main/data/sync/operation-store.ts';
import { pruneOperations } from '../../../src-main/data/sync/prune.ts';
import { noteSafe, saveSyncPosition } from '../../../src-main/data/sync/sync-state.ts';
import { readTold } from '../../../src-main/data/sync/take-back.ts';
import { playVersions } from '../../support/play-versions.ts';
import { beginDay, sellHearts } from './sell.ts';
import { openShop } from './shop.ts';

const KIND = 'ticket.completed';

/** A later program, whose tickets thank the customer. */
function upgrade(): void {
  const kind = OPERATION_KINDS[KIND];
  const { ticket } = kind.body.shape;
  const later = kind.body.extend({ ticket: ticket.extend({ thanks: z.string() }) });
  playVersions(
    KIND,
    nextVersion(kind, later, (told) => ({ ...told, ticket: { ...told.ticket, thanks: 'Come again' } })),
  );
}

test('a till that was upgraded shows what the version before recorded as its own, also when it is old', () => {
  const shop = openShop();
  beginDay(shop);
  const ticket = sellHearts(shop);
  sellHearts(shop);
  const { ledger } = shop.till;
  upgrade();
  const now = { ...ticket, thanks: 'Come again' };
  expect(ticketById(ledger, ticket.ticket_id)).toEqual(now);
  expect(bodyOf(ledger, 2, KIND)).toMatchObject({ ticket: { thanks: 'Come again' } });
  const [stored] = operationsFrom(ledger, 2, 1);
  expect(stored?.content).toContain('"kind_version":1');
  expect(stored?.content).not.toContain('thanks');
  saveSyncPosition(ledger, { acked_seq: 3, safe_seq: 3 });
  ledger.transaction(() => {
    noteSafe(ledger, '2026-03-01T12:00:00.000Z', 3);
    noteSafe(ledger, '2026-05-01T12:00:00.000Z', 3);
  })();
  while (pruneOperations(ledger));
  expect(bodyOf(ledger, 2, KIND)).toBeUndefined();
  expect(recentTickets(ledger, 2)[1]).toEqual(now);
});

test('a till that was upgraded takes back what the version before had told, with its text as it was', () => {
  const shop = openShop();
  beginDay(shop);
  sellHearts(shop);
  const [stored] = operationsFrom(shop.till.ledger, 2, 1);
  const { content = '', prev_hash, hash } = stored ?? {};
  upgrade();
  const told = readTold({ ...JSON.parse(content), prev_hash, hash });
  expect(told).toMatchObject({ content, hash });
  expect(told?.operation).toMatchObject({ kind_version: 2, body: { ticket: { thanks: 'Come again' } } });
});
