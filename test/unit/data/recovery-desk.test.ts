import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { copyLedger } from '../../../src-main/data/backup/copy-ledger.ts';
import { systemClock } from '../../../src-main/data/clock.ts';
import { openLedger } from '../../../src-main/data/open.ts';
import { openRecoveryDesk, type RecoveryDesk } from '../../../src-main/data/recovery/recovery-desk.ts';
import { refusal } from './refusals.ts';
import { beginDay, sellHearts } from './sell.ts';
import { closeTill, newFolder, openShop } from './shop.ts';
import { spoilText, tearPages } from './torn.ts';

/** The desk of a till whose ledger lost its first page, with one copy that was made before. */
async function damagedShop() {
  const shop = openShop();
  beginDay(shop);
  for (let sale = 0; sale < 5; sale += 1) sellHearts(shop);
  const backups = newFolder();
  const { name } = await copyLedger(shop.till.ledger, backups, '2026-03-01T12:00:00.000Z');
  closeTill(shop.till);
  const ledger = join(shop.folder, 'ledger.db');
  tearPages(ledger, [1]);
  const found = openLedger(shop.folder, '2026-03-01T13:00:00.000Z');
  if ('ledger' in found) throw new Error('the ledger was opened');
  const log = pino({ level: 'silent' });
  const place = { folder: shop.folder, backups, recovery: found.recovery, clock: systemClock(), log };
  const desk = openRecoveryDesk(place);
  onTestFinished(() => desk.stop());
  await looked(desk);
  return { desk, ledger, folder: shop.folder, copy: join(backups, name), name };
}

const looked = (desk: RecoveryDesk) =>
  vi.waitFor(() => {
    const { salvage, backups } = desk.state();
    expect(salvage.phase).toBe('done');
    expect(backups.copies.map(({ check }) => check.state)).not.toContain('waiting');
  }, 30_000);

describe('a ledger that is to take the place of a damaged one', () => {
  test('is not put there where its copy has gone bad since it was looked at: all stays as it was', async () => {
    const { desk, ledger, folder, copy, name } = await damagedShop();
    const damaged = readFileSync(ledger);
    spoilText(copy, 'SHOP1-T1-T-000003');
    const { data, message } = await refusal(() => desk.restore(name));
    expect(data.code).toBe('copy_bad');
    expect(message).toContain('was not used');
    expect(readFileSync(ledger).equals(damaged)).toBe(true);
    expect(readdirSync(folder).filter((file) => /new|damaged/.test(file))).toEqual([]);
    expect(desk.state().is_restoring).toBe(false);
  });

  test('is made by one who asked first; the other one is told to wait', async () => {
    const { desk, folder, name } = await damagedShop();
    const [first, second] = await Promise.allSettled([desk.restore(name), desk.restore(name)]);
    expect(first).toMatchObject({ status: 'fulfilled', value: { last_seq: 6 } });
    expect(second).toMatchObject({ status: 'rejected', reason: { data: { code: 'recovery_busy' } } });
    expect(readdirSync(folder).filter((file) => file.includes('.db.damaged-'))).toHaveLength(1);
    expect(existsSync(join(folder, 'ledger.salvage'))).toBe(false);
  });

  test('holds the copy alone where reading the damaged one was stopped', async () => {
    const { desk, folder, name } = await damagedShop();
    desk.look();
    desk.cancel();
    await vi.waitFor(() => expect(desk.state().salvage.phase).toBe('cancelled'), 30_000);
    await vi.waitFor(() => expect(desk.state().backups.copies[0]?.check.state).toBe('good'), 30_000);
    expect(await desk.restore(name)).toMatchObject({ last_seq: 6, added: 0, waiting: 0 });
    expect(openLedger(folder, '2026-03-01T14:00:00.000Z')).toHaveProperty('ledger');
  });
});
