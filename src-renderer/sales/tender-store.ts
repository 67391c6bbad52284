import { create } from 'zustand';
import { type Minor, minor, parseMoney } from '#shared/sales/money.ts';
import { cashDue, type PaymentType, quickCash, settle, type TenderKind } from '#shared/sales/tender.ts';
import { till } from '../api.ts';
import { announce } from '../part/announce.tsx';
import { type Entry, type PadKey, press } from '../part/entry.ts';
import { displayMoney } from '../part/money.ts';
import { explain, type Problem } from '../part/problem.ts';
import { play } from '../part/sound.ts';
import { withApproval } from '../people/step-up-store.ts';
import { requireTerminal } from '../people/till-store.ts';
import { refreshStatus } from '../sync/status-store.ts';
import { showCart, useSell } from './sell-store.ts';
import { salesText } from './text.ts';

/** Money given by one means of payment, before the ticket is complete. */
export type Given = { payment_type: string; name: string; kind: TenderKind; amount_minor: Minor };

type Tendering = { entry: Entry; given: readonly Given[]; isSaving: boolean; problem: Problem | null };

const fresh: Tendering = { entry: '', given: [], isSaving: false, problem: null };

/** What has been given for the ticket so far, and what is being keyed in. */
export const useTender = create<Tendering>()(() => fresh);

/** Goes to the payment of the ticket on the screen. */
export function beginPayment(): void {
  const { cart } = useSell.getState();
  if (!cart || cart.lines.length === 0) return;
  useTender.setState(fresh);
  useSell.setState({ stage: 'pay' });
}

/** Goes back to the ticket; what was given so far is handed back, and nothing was saved. */
export function leavePayment(): void {
  if (useTender.getState().isSaving) return;
  useTender.setState(fresh);
  useSell.setState({ stage: 'ring' });
}

/** Keys in a part of the amount. */
export const keyAmount = (key: PadKey, places: number): void =>
  useTender.setState(({ entry }) => ({ entry: press(entry, key, places), problem: null }));

/** Answers a scan that comes while money is taken: nothing is put on a ticket that is being paid. */
export function refuseScan(): void {
  play('refused');
  useTender.setState({ problem: { code: 'scan', ...salesText.scanWhilePaying } });
}

/** Takes a tender out again. */
export const removeGiven = (index: number): void =>
  useTender.setState(({ given }) => ({ given: given.filter((_, place) => place !== index) }));

/** What is still to be paid by the shared rules: by a means that is exact, and in rounded cash. */
export const restOf = (
  total: Minor,
  given: readonly Given[],
  step: number,
): { rest: Minor; cash: Minor } => ({
  rest: cashDue(total, given, 1),
  cash: cashDue(total, given, step),
});

/** The amounts worth a button: exact, and what the customer is likely to hand over. Exact alone on a refund. */
export function cashButtons(cash: Minor, denominations: readonly number[]): Minor[] {
  if (cash < 0) return [cash];
  const descending = [...denominations].sort((left, right) => right - left);
  return quickCash(cash, descending.slice(0, Math.ceil(descending.length / 2)));
}

/**
 * Takes money by a means of payment: the amount given, else the one keyed in, else all that is left. Completes
 * the ticket as soon as it is paid.
 */
export async function tender(type: PaymentType, amount?: Minor): Promise<void> {
  const { cart } = useSell.getState();
  const { isSaving, given } = useTender.getState();
  if (!cart || isSaving) return;
  const { location } = requireTerminal();
  const left = restOf(cart.total_minor, given, location.cash_step_minor);
  const wanted = amount ?? keyedAmount(cart.total_minor) ?? (type.kind === 'cash' ? left.cash : left.rest);
  const next = [
    ...given,
    { payment_type: type.code, name: type.name, kind: type.kind, amount_minor: wanted },
  ];
  const settled = settle(cart.total_minor, next, location.cash_step_minor);
  if (settled.ok) return complete(next);
  if (settled.error.code === 'underpaid') {
    useTender.setState({ given: next, entry: '', problem: null });
    announce(`${salesText.stillToPay} ${displayMoney(settled.error.missing_minor, location.currency)}`);
    return;
  }
  play('refused');
  useTender.setState({ entry: '', problem: problemOf(settled.error.code) });
}

/** Completes a ticket that needs no money. */
export const completeUnpaid = (): Promise<void> => complete([]);

function keyedAmount(total: Minor): Minor | null {
  const { entry } = useTender.getState();
  const { currency } = requireTerminal().location;
  const read = parseMoney(entry, currency);
  if (entry === '' || !read.ok || read.value === 0) return null;
  return total < 0 ? minor(-read.value) : read.value;
}

async function complete(given: readonly Given[]): Promise<void> {
  const { cart } = useSell.getState();
  if (!cart) return;
  const { ticket_id } = cart;
  const tenders = given.map(({ payment_type, amount_minor }) => ({ payment_type, amount_minor }));
  useTender.setState({ isSaving: true, problem: null });
  try {
    const ticket = await withApproval(salesText.payTitle, (approval) =>
      till.sales.completeTicket({ ticket_id, tenders, ...(approval && { approval }) }),
    );
    if (!ticket) return;
    showCart(null);
    useSell.setState({ ticket, stage: 'done', feedback: null });
    useTender.setState(fresh);
    refreshStatus();
    play('taken');
    const { currency } = ticket;
    announce(
      ticket.change_minor > 0
        ? salesText.changeDue(displayMoney(ticket.change_minor, currency))
        : salesText.paidExactly,
      'assertive',
    );
  } catch (error) {
    play('refused');
    useTender.setState({ problem: explain(error), entry: '' });
  } finally {
    useTender.setState({ isSaving: false });
  }
}

const problemOf = (code: 'change_without_cash' | 'tender_against_total'): Problem => ({
  code,
  ...salesText.tenderProblems[code],
});
