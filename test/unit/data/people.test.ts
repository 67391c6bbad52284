import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { actorOf } from '../../../src-main/data/people/authorise.ts';
import { listPeople, signIn, signOut, userOfSession } from '../../../src-main/data/people/session.ts';
import { startCart } from '../../../src-main/data/sales/start-cart.ts';
import { refusal, refusalOf } from './refusals.ts';
import { alone, beginDay } from './sell.ts';
import {
  aUser,
  CASHIER_PIN,
  closeTill,
  handClock,
  MANAGER_PIN,
  newTicketId,
  openShop,
  openTill,
  pullInto,
  rowOf,
} from './shop.ts';

describe('signing in', () => {
  test('shows the people who may, and takes the right PIN only', async () => {
    const { till, cashier } = openShop();
    const gone = aUser('Gone', '9999', [], { active: false });
    const { pin_hash: _, ...office } = aUser('Office', '9999', []);
    pullInto(till, [rowOf('user', gone.user_id, gone), rowOf('user', office.user_id, office)]);
    expect(listPeople(till).map((person) => person.name)).toEqual(['Carla', 'Mona']);
    expect(await refusalOf(() => signIn(till, cashier.user_id, MANAGER_PIN))).toBe('pin_wrong');
    expect(await refusalOf(() => signIn(till, uuidv7(), CASHIER_PIN))).toBe('pin_wrong');
    expect(await refusalOf(() => signIn(till, gone.user_id, '9999'))).toBe('pin_wrong');
    expect(await refusalOf(() => signIn(till, office.user_id, '9999'))).toBe('pin_wrong');
    const { session, permissions } = await signIn(till, cashier.user_id, CASHIER_PIN);
    expect(permissions).toContain('sale.ring');
    expect(userOfSession(till, session).name).toBe('Carla');
  });

  test('lasts over a restart, until it is ended or the person is switched off', async () => {
    const shop = openShop();
    const { session } = await signIn(shop.till, shop.cashier.user_id, CASHIER_PIN);
    closeTill(shop.till);
    const till = openTill(shop.folder);
    expect(userOfSession(till, session).name).toBe('Carla');
    pullInto(till, [rowOf('user', shop.cashier.user_id, { ...shop.cashier, active: false })]);
    expect(await refusalOf(() => userOfSession(till, session))).toBe('signed_out');
    pullInto(till, [rowOf('user', shop.cashier.user_id, shop.cashier)]);
    signOut(till, session);
    expect(await refusalOf(() => userOfSession(till, session))).toBe('signed_out');
  });

  test('of somebody who was disabled is over for good, also when they are let in again', async () => {
    const { till, cashier } = openShop();
    const { session } = await signIn(till, cashier.user_id, CASHIER_PIN);
    const told = (active: boolean) =>
      pullInto(till, [rowOf('user', cashier.user_id, { ...cashier, active })]);
    told(false);
    const { message } = await refusal(() => userOfSession(till, session));
    expect(message).toContain('ended Carla’s access');
    told(true);
    expect(await refusalOf(() => userOfSession(till, session))).toBe('signed_out');
  });

  test('of the next person at a screen ends that of the one before, and a wrong PIN ends nothing', async () => {
    const { till, cashier, manager } = openShop();
    const { session: before } = await signIn(till, cashier.user_id, CASHIER_PIN);
    expect(await refusalOf(() => signIn(till, manager.user_id, '0000', before))).toBe('pin_wrong');
    expect(userOfSession(till, before).name).toBe('Carla');
    const { session } = await signIn(till, manager.user_id, MANAGER_PIN, before);
    expect(userOfSession(till, session).name).toBe('Mona');
    expect(await refusalOf(() => userOfSession(till, before))).toBe('signed_out');
  });

  test('takes no more than the office allows: a permission that was pulled away is gone in mid-session', async () => {
    const shop = openShop();
    const { till, cashier } = shop;
    beginDay(shop);
    const { session } = await signIn(till, cashier.user_id, CASHIER_PIN);
    pullInto(till, [rowOf('user', cashier.user_id, { ...cashier, permissions: ['catalogue.view'] })]);
    const start = () =>
      startCart(till, alone(userOfSession(till, session)), { ticket_id: newTicketId(), kind: 'sale' });
    expect((await refusal(start)).data).toMatchObject({ code: 'approval_needed', permission: 'sale.ring' });
  });

  test('leaves no token in the file', async () => {
    const { till, cashier } = openShop();
    const { session } = await signIn(till, cashier.user_id, CASHIER_PIN);
    const kept = JSON.stringify(till.ledger.prepare('SELECT * FROM session').all());
    expect(kept).not.toContain(session);
  });
});

describe('wrong PINs', () => {
  test('make the next try wait, longer each time, and a restart does not help', async () => {
    const shop = openShop();
    const { cashier, clock } = shop;
    const attempt = (till: typeof shop.till, pin: string) => () => signIn(till, cashier.user_id, pin);
    for (let wrong = 0; wrong < 5; wrong += 1) {
      expect(await refusalOf(attempt(shop.till, '0000'))).toBe('pin_wrong');
    }
    expect(await refusalOf(attempt(shop.till, CASHIER_PIN))).toBe('pin_locked');
    closeTill(shop.till);

    const later = handClock(new Date(clock.wallMs() + 29_000).toISOString());
    const till = openTill(shop.folder, later);
    expect(await refusalOf(attempt(till, CASHIER_PIN))).toBe('pin_locked');
    later.pass(1_000);
    expect(await refusalOf(attempt(till, '0000'))).toBe('pin_wrong');
    later.pass(59_000);
    expect(await refusalOf(attempt(till, CASHIER_PIN))).toBe('pin_locked');
    later.pass(1_000);
    await attempt(till, CASHIER_PIN)();
    expect(await refusalOf(attempt(till, '0000'))).toBe('pin_wrong');
  });

  test('typed as an approval count the same, and lock nobody else out', async () => {
    const { till, cashier, manager } = openShop();
    const approve = (pin: string) => () => actorOf(till, cashier, { user_id: manager.user_id, pin });
    for (let wrong = 0; wrong < 5; wrong += 1) {
      expect(await refusalOf(approve('0000'))).toBe('pin_wrong');
    }
    expect(await refusalOf(approve(MANAGER_PIN))).toBe('pin_locked');
    await signIn(till, cashier.user_id, CASHIER_PIN);
  });

  test('typed all at once still are no more than five tries', async () => {
    const { till, cashier } = openShop();
    const tries = await Promise.all(
      Array.from({ length: 20 }, () => refusalOf(() => signIn(till, cashier.user_id, '0000'))),
    );
    expect(tries.filter((code) => code === 'pin_wrong')).toHaveLength(5);
  });

  test('wait no longer for a clock that was set back by years', async () => {
    const { till, cashier, clock } = openShop();
    for (let wrong = 0; wrong < 5; wrong += 1) {
      await refusalOf(() => signIn(till, cashier.user_id, '0000'));
    }
    clock.set('2016-03-01T09:00:00.000Z');
    expect(await refusalOf(() => signIn(till, cashier.user_id, CASHIER_PIN))).toBe('pin_locked');
    clock.pass(30_000);
    await signIn(till, cashier.user_id, CASHIER_PIN);
  });
});
