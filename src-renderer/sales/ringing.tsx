import type { Item } from '#shared/catalogue/item.ts';
import { useScanLane } from '../catalogue/scan-lane.ts';
import {
  focusSearch,
  leaveSearch,
  SearchField,
  SearchResults,
  typeIntoSearch,
} from '../catalogue/search-panel.tsx';
import { useSearch } from '../catalogue/search-store.ts';
import { Button } from '../part/button.tsx';
import { displayMoney } from '../part/money.ts';
import { useShortcuts } from '../part/shortcuts.ts';
import { step } from '../part/step.ts';
import { useCurrency } from '../people/till-store.ts';
import { showHelp } from '../view-store.ts';
import { openDialog } from './dialog-store.ts';
import { FeedbackStrip } from './feedback-strip.tsx';
import { LinePanel } from './line-panel.tsx';
import { removeLine, ringCode, ringItem, selectLine, stepQuantity, undoLast } from './ring.ts';
import styles from './ringing.module.css';
import { type CartViewLine, selectedLine, useSell } from './sell-store.ts';
import { beginPayment } from './tender-store.ts';
import { salesText } from './text.ts';
import { TicketPanel } from './ticket-panel.tsx';

/** Ringing: the ticket on the left; on the right the search, the answer to the last scan, and the way to pay. */
export function Ringing() {
  const isSearching = useSearch((search) => search.text !== '');
  useScanLane({ onScan: ringScanned, onTyped });
  useRingingKeys();
  return (
    <div className={styles.screen}>
      <TicketPanel />
      <section className={styles.work}>
        <SearchField onPick={pick} />
        <FeedbackStrip />
        {isSearching ? <SearchResults onPick={pick} /> : <LinePanel />}
        <PayButton />
      </section>
    </div>
  );
}

function PayButton() {
  const cart = useSell((state) => state.cart);
  const currency = useCurrency();
  const isRefund = cart?.kind === 'refund';
  const hasLines = (cart?.lines.length ?? 0) > 0;
  return (
    <Button
      tone={isRefund ? 'refund' : 'primary'}
      size="xl"
      icon="cash"
      hint="F10"
      wide
      isDisabled={!hasLines}
      onPress={beginPayment}
    >
      {isRefund ? salesText.payOut : salesText.pay}
      {cart && hasLines ? ` ${displayMoney(Math.abs(cart.total_minor), currency)}` : ''}
    </Button>
  );
}

function pick(item: Item): void {
  leaveSearch();
  ringItem(item);
}

function ringScanned(code: string): void {
  leaveSearch();
  ringCode(code);
}

/** Keys typed with no field in focus: single signs are commands, everything else is a search. */
function onTyped(text: string): void {
  const line = selectedLine(useSell.getState());
  if (text === '?') showHelp(true);
  else if (text === '/') focusSearch();
  else if (text === '+' && line) stepQuantity(line, 1);
  else if (text === '-' && line) stepQuantity(line, -1);
  else typeIntoSearch(text);
}

function useRingingKeys(): void {
  const { cart, selected } = useSell();
  const line = selectedLine({ cart, selected });
  const hasLines = (cart?.lines.length ?? 0) > 0;
  const onLine = (act: (chosen: CartViewLine) => void) => (line ? () => act(line) : undefined);
  const move = (by: 1 | -1) => () => {
    const lines = cart?.lines ?? [];
    const index = lines.findIndex((candidate) => candidate.line_id === selected);
    const next = lines[step(index, by, lines.length)];
    if (next) selectLine(next);
  };
  useShortcuts({
    arrowdown: move(1),
    arrowup: move(-1),
    f3: onLine((chosen) => openDialog({ kind: 'quantity', line: chosen })),
    f4: onLine((chosen) => openDialog({ kind: 'price', line: chosen })),
    f6: onLine((chosen) => openDialog({ kind: 'line_discount', line: chosen })),
    f7: hasLines ? () => openDialog({ kind: 'ticket_discount' }) : undefined,
    delete: onLine((chosen) => removeLine(chosen)),
    'ctrl+z': () => undoLast(),
    f8: hasLines ? () => openDialog({ kind: 'hold' }) : undefined,
    f9: () => openDialog({ kind: 'held' }),
    f10: hasLines ? beginPayment : undefined,
    escape: () => {
      leaveSearch();
      useSell.setState({ selected: null });
    },
  });
}
