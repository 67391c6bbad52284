import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from '@node-rs/argon2';
import pino from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { onTestFinished } from 'vitest';
import { type Item, itemSchema } from '#shared/catalogue/item.ts';
import {
  adjustmentIdSchema,
  dayIdSchema,
  lineIdSchema,
  terminalIdSchema,
  ticketIdSchema,
  userIdSchema,
  variantIdSchema,
} from '#shared/ids.ts';
import { type Location, locationSchema } from '#shared/people/location.ts';
import type { Permission } from '#shared/people/permission.ts';
import { ROLES } from '#shared/people/role.ts';
import { type TillUser, tillUserSchema } from '#shared/people/user.ts';
import type { FeedChange, FeedPage } from '#shared/sync/feed.ts';
import { type Clock, systemClock } from '../../../src-main/data/clock.ts';
import { openCatalog, openLedger } from '../../../src-main/data/open.ts';
import { insertTerminal } from '../../../src-main/data/people/terminal.ts';
import { applyPage } from '../../../src-main/data/sync/apply-page.ts';
import { pullState } from '../../../src-main/data/sync/pull-state.ts';
import type { Till } from '../../../src-main/data/till.ts';

/** An empty folder that goes when the test is over. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tilldock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const newDayId = () => dayIdSchema.parse(uuidv7());
export const newTicketId = () => ticketIdSchema.parse(uuidv7());
export const newLineId = () => lineIdSchema.parse(uuidv7());
export const newAdjustmentId = () => adjustmentIdSchema.parse(uuidv7());

export const aLocation = (own: Partial<Record<keyof Location, unknown>> = {}): Location =>
  locationSchema.parse({
    company_id: uuidv7(),
    company_name: 'Corner Shop Ltd',
    location_id: uuidv7(),
    code: 'SHOP1',
    kind: 'store',
    name: 'High Street',
    currency: 'GBP',
    zone: 'Europe/London',
    day_change_hour: 0,
    cash_step_minor: 1,
    denominations: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
    prices_include_tax: true,
    tax_rounding: 'line',
    ...own,
  });

/** The quickest argon2id there is, since tests need many. */
const pinHash = (pin: string) => hashSync(pin, { memoryCost: 8, timeCost: 1 });

export const aUser = (
  name: string,
  pin: string,
  permissions: readonly Permission[],
  own: Partial<TillUser> = {},
): TillUser =>
  tillUserSchema.parse({
    user_id: userIdSchema.parse(uuidv7()),
    name,
    pin_hash: pinHash(pin),
    permissions,
    active: true,
    ...own,
  });

export const anItem = (own: Partial<Record<keyof Item, unknown>> = {}): Item =>
  itemSchema.parse({
    variant_id: variantIdSchema.parse(uuidv7()),
    sku: `SKU-${uuidv7()}`,
    name: 'White Hanging Heart T-Light Holder',
    unit_price_micro: 255_000_000,
    category: 'HOME',
    tax_class: 'STANDARD',
    active: true,
    barcodes: [],
    ...own,
  });

export const aPage = (changes: FeedChange[], own: Partial<FeedPage> = {}): FeedPage => ({
  reset: false,
  changes,
  cursor: uuidv7(),
  more: false,
  server_time: '2026-03-01T09:00:00Z',
  ...own,
});

export const rowOf = (entity: FeedChange['entity'], key: string, row: object): FeedChange => ({
  entity,
  key,
  row: { ...row },
});

export const itemRow = (item: Item): FeedChange => rowOf('item', item.variant_id, item);

/** A clock that stands still until it is moved. Both clocks move together unless the wall clock is set. */
export type HandClock = Clock & { pass(ms: number): void; set(wall: string): void };
export function handClock(start = '2026-03-01T09:00:00.000Z'): HandClock {
  let wall = Date.parse(start);
  let monotonic = 0;
  return {
    boot_id: uuidv7(),
    wallMs: () => wall,
    monotonicMs: () => monotonic,
    pass: (ms) => {
      wall += ms;
      monotonic += ms;
    },
    set: (at) => {
      wall = Date.parse(at);
    },
  };
}

export const CASHIER_PIN = '1111';
export const MANAGER_PIN = '2222';

/** A shop with two people, a few goods, and a till that has pulled them and lost the network. */
export type Shop = {
  folder: string;
  till: Till;
  clock: HandClock;
  location: Location;
  cashier: TillUser;
  manager: TillUser;
  heart: Item;
  lantern: Item;
  bread: Item;
};

const { permissions: CASHIER } = ROLES.CASHIER;
const { permissions: MANAGER } = ROLES.MANAGER;

export function openShop(own: Partial<Record<keyof Location, unknown>> = {}): Shop {
  const folder = newFolder();
  const clock = handClock();
  const till = openTill(folder, clock);
  const location = aLocation(own);
  const cashier = aUser('Carla', CASHIER_PIN, CASHIER);
  const manager = aUser('Mona', MANAGER_PIN, MANAGER);
  const heart = anItem({ sku: '85123A', barcodes: ['5012345678900'] });
  const lantern = anItem({ sku: '71053', name: 'White Metal Lantern', unit_price_micro: 339_000_000 });
  const bread = anItem({ sku: 'BREAD', name: 'Bread', tax_class: 'ZERO', unit_price_micro: 120_000_000 });
  till.ledger.transaction(() =>
    insertTerminal(
      till.ledger,
      {
        terminal_id: terminalIdSchema.parse(uuidv7()),
        terminal_code: 'T1',
        epoch: 1,
        location,
        name: 'Front',
        server_url: 'http://127.0.0.1:9',
      },
      '2026-03-01T08:00:00.000Z',
    ),
  )();
  pullInto(till, [
    rowOf('location', location.location_id, location),
    rowOf('user', cashier.user_id, cashier),
    rowOf('user', manager.user_id, manager),
    rowOf('department', 'SHOP', { code: 'SHOP', name: 'Shop' }),
    rowOf('category', 'HOME', { code: 'HOME', name: 'Home', department: 'SHOP' }),
    rowOf('tax_class', 'STANDARD', {
      code: 'STANDARD',
      name: 'Standard',
      rates: [{ code: 'VAT20', rate_ppm: 200_000 }],
    }),
    rowOf('tax_class', 'ZERO', { code: 'ZERO', name: 'Zero', rates: [{ code: 'VAT0', rate_ppm: 0 }] }),
    rowOf('payment_type', 'CASH', { code: 'CASH', name: 'Cash', kind: 'cash' }),
    rowOf('payment_type', 'CARD', { code: 'CARD', name: 'Card', kind: 'card' }),
    ...[heart, lantern, bread].map(itemRow),
  ]);
  return { folder, till, clock, location, cashier, manager, heart, lantern, bread };
}

/** Opens the files of a folder as a till without a network. */
export function openTill(folder: string, clock: Clock = systemClock()): Till {
  const at = new Date(clock.wallMs()).toISOString();
  const opened = openLedger(folder, at);
  if (!('ledger' in opened)) throw new Error(opened.recovery.message);
  return {
    ledger: opened.ledger,
    catalog: openCatalog(folder, at).catalog,
    clock,
    log: pino({ level: 'silent' }),
    committed: () => {},
  };
}

/** Closes the files as at the end of the process. */
export function closeTill(till: Till): void {
  till.ledger.close();
  till.catalog.close();
}

/** Takes changes into the catalogue as a pull would. */
export function pullInto(till: Till, changes: FeedChange[], own: Partial<FeedPage> = {}): void {
  const { cursor } = pullState(till.catalog);
  if (!applyPage(till.catalog, aPage(changes, own), cursor, '2026-03-01T08:00:00.000Z')) {
    throw new Error('the page was not taken');
  }
}
