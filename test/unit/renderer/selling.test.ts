import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { minor, unitPrice } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { till } from '../../../src-renderer/api.ts';
import { newDayId } from '../../../src-renderer/new-id.ts';
import { usePeople } from '../../../src-renderer/people/people-store.ts';
import { useStepUp } from '../../../src-renderer/people/step-up-store.ts';
import { patchTillState } from '../../../src-renderer/people/till-store.ts';
import {
  removeLine,
  ringCode,
  setQuantity,
  stepQuantity,
  undoLast,
} from '../../../src-renderer/sales/ring.ts';
import { type CartViewLine, useSell } from '../../../src-renderer/sales/sell-store.ts';
import { beginPayment, keyAmount, tender, useTender } from '../../../src-renderer/sales/tender-store.ts';
import {
  abortTicket,
  changePrice,
  discountTicket,
  holdTicket,
  recallTicket,
  refundLines,
} from '../../../src-renderer/sales/ticket-actions.ts';
import { type StoreTill, storeTill } from '../../support/store-till.ts';

const TEA = '5012345678900';
const MILK = '5000128104517';

const cash = { code: 'CASH', name: 'Cash', kind: 'cash' } as const;
const card = { code: 'CARD', name: 'Card', kind: 'card' } as const;

let shop: StoreTill;

beforeAll(async () => {
  shop = await storeTill([
    { name: 'Darjeeling tea', price: 425, code: TEA },
    { name: 'Whole milk', price: 135, code: MILK },
  ]);
  await shop.signInAs('Ada Okafor', '1357');
  const day = await till.sales.openDay({ day_id: newDayId(), float_minor: minor(10_000) });
  patchTillState({ day });
});

afterAll(() => shop.close());

beforeEach(async () => {
  if (useSell.getState().cart) await abortTicket('the test is over');
  useTender.setState({ entry: '', given: [], problem: null });
});

const cart = () => {
  const { cart: shown } = useSell.getState();
  if (!shown) throw new Error('no ticket is on the screen');
  return shown;
};
const lines = () => cart().lines.map((line) => [line.name, line.quantity_milli]);
const line = (name: string): CartViewLine => {
  const found = cart().lines.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`${name} is not on the ticket`);
  return found;
};
/** Answers the approval that is asked for, as a manager would. */
const approveAs = async (name: string, pin: string) => {
  const request = await waitFor(() => useStepUp.getState().request);
  const person = usePeople.getState().people?.find((one) => one.name === name);
  request.answer(person ? { user_id: person.user_id, pin } : null);
};
const waitFor = async <Value>(look: () => Value | null): Promise<Value> => {
  for (;;) {
    const seen = look();
    if (seen !== null) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe('ringing', () => {
  test('a burst of scans becomes lines in order, equal ones in one line', async () => {
    await Promise.all([TEA, MILK, TEA, TEA, MILK].map(ringCode));
    expect(lines()).toEqual([
      ['Darjeeling tea', 3000],
      ['Whole milk', 2000],
    ]);
    expect(cart().total_minor).toBe(3 * 425 + 2 * 135);
  });

  test('an unknown code says so, and leaves the ticket as it is', async () => {
    await ringCode(TEA);
    await ringCode('9999999999999');
    expect(useSell.getState().feedback).toMatchObject({ tone: 'warn' });
    expect(useSell.getState().feedback?.title).toContain('9999999999999');
    expect(lines()).toEqual([['Darjeeling tea', 1000]]);
  });

  test('one fewer of a single piece takes the line off, and undo brings it back', async () => {
    await ringCode(TEA);
    await stepQuantity(line('Darjeeling tea'), -1);
    expect(lines()).toEqual([]);
    await undoLast();
    expect(lines()).toEqual([['Darjeeling tea', 1000]]);
  });

  test('undo goes back step by step, to an empty ticket and no further', async () => {
    await ringCode(TEA);
    await ringCode(TEA);
    await setQuantity(line('Darjeeling tea'), milli(12_000));
    await undoLast();
    expect(lines()).toEqual([['Darjeeling tea', 2000]]);
    await undoLast();
    expect(lines()).toEqual([['Darjeeling tea', 1000]]);
    await undoLast();
    expect(lines()).toEqual([]);
    await undoLast();
    expect(lines()).toEqual([]);
  });

  test('a price changed by a cashier asks for a manager, and a wrong PIN asks again', async () => {
    await ringCode(TEA);
    const changed = changePrice(line('Darjeeling tea'), unitPrice(300_000_000));
    await approveAs('Maya Lindqvist', '0000');
    await approveAs('Maya Lindqvist', '2468');
    await changed;
    expect(cart().total_minor).toBe(300);
  });

  test('a price that nobody approves stays as it was', async () => {
    await ringCode(TEA);
    const changed = changePrice(line('Darjeeling tea'), unitPrice(300_000_000));
    await approveAs('nobody', '');
    await changed;
    expect(cart().total_minor).toBe(425);
  });

  test('an item with another price than the catalogue’s gets a sister line when it is scanned again', async () => {
    await ringCode(TEA);
    const changed = changePrice(line('Darjeeling tea'), unitPrice(300_000_000));
    await approveAs('Maya Lindqvist', '2468');
    await changed;
    await ringCode(TEA);
    expect(cart().lines).toHaveLength(2);
  });

  test('recalling a held ticket puts the one being rung on hold', async () => {
    await ringCode(TEA);
    const { ticket_id } = cart();
    await holdTicket('Mr Brown');
    await ringCode(MILK);
    await recallTicket(ticket_id);
    expect(lines()).toEqual([['Darjeeling tea', 1000]]);
    expect(useSell.getState().held).toHaveLength(1);
    const milk = useSell.getState().held[0];
    await abortTicket('the test is over');
    if (milk) await recallTicket(milk.ticket_id);
    expect(lines()).toEqual([['Whole milk', 1000]]);
  });
});

describe('when the data process dies', () => {
  test('scans on their way arrive once, and the ticket stays', async () => {
    await ringCode(TEA);
    const scans = [ringCode(MILK), ringCode(MILK), ringCode(TEA)];
    await shop.crash();
    await Promise.all(scans);
    expect(lines()).toEqual([
      ['Darjeeling tea', 2000],
      ['Whole milk', 2000],
    ]);
  });

  test('a payment on its way is made once', async () => {
    await ringCode(TEA);
    beginPayment();
    const paid = tender(cash, minor(500));
    await shop.crash();
    await paid;
    expect(useSell.getState()).toMatchObject({ stage: 'done', cart: null });
    const tickets = await till.sales.recentTickets({ limit: 10 });
    const { ticket } = useSell.getState();
    expect(tickets.filter(({ ticket_id }) => ticket_id === ticket?.ticket_id)).toHaveLength(1);
    expect(ticket?.change_minor).toBe(75);
  });
});

describe('paying', () => {
  test('cash without an amount pays exactly', async () => {
    await ringCode(TEA);
    beginPayment();
    await tender(cash);
    expect(useSell.getState().ticket).toMatchObject({ total_minor: 425, change_minor: 0 });
  });

  test('a card for a part and cash for the rest, with change', async () => {
    await ringCode(TEA);
    beginPayment();
    keyAmount('2', 2);
    await tender(card);
    expect(useTender.getState().given).toMatchObject([{ payment_type: 'CARD', amount_minor: 200 }]);
    await tender(cash, minor(500));
    expect(useSell.getState().ticket).toMatchObject({
      change_minor: 275,
      tenders: [{ amount_minor: 200 }, { amount_minor: 500 }],
    });
  });

  test('more than is due by card is refused on the screen, and nothing is saved', async () => {
    await ringCode(TEA);
    beginPayment();
    await tender(card, minor(1000));
    expect(useTender.getState().problem?.code).toBe('change_without_cash');
    expect(cart().total_minor).toBe(425);
    useSell.setState({ stage: 'ring' });
  });

  test('a line that comes back is refunded at its price with its share of the discount', async () => {
    await ringCode(TEA);
    await ringCode(TEA);
    await ringCode(TEA);
    await discountTicket({ kind: 'amount', amount_minor: minor(100) });
    beginPayment();
    await tender(card);
    const sale = useSell.getState().ticket;
    const sold = sale?.lines[0];
    if (!sale || !sold) throw new Error('nothing was sold');
    const refunded = refundLines(sale, [{ line: sold, quantity: milli(2000) }]);
    await approveAs('Maya Lindqvist', '2468');
    await refunded;
    expect(cart()).toMatchObject({ kind: 'refund', total_minor: -(2 * 425 - 67) });
    await removeLine(line('Darjeeling tea'));
  });
});
