import type { ExceptionCode } from '#shared/sync/push.ts';
import { hasPast } from '../cashier.ts';
import type { World } from '../world.ts';
import type { Pair } from './centre.ts';
import type { CentreView } from './centre-view.ts';

/** What a till that does everything right may still be flagged for: changes that reached it late, and clocks. */
const MAY_HAPPEN: ReadonlySet<string> = new Set<ExceptionCode>([
  'clock_offset',
  'second_open_day',
  'user_disabled',
  'not_permitted',
  'unknown_payment_type',
  'unknown_category',
  'terminal_revoked',
]);

/** Nothing that an honest till did is flagged as wrong, nor set aside. One with a past is another matter. */
export function checkFlags(pairs: readonly Pair[], centre: CentreView, { restores, find }: World): void {
  const names = new Map(
    pairs
      .filter(({ cashier }) => !hasPast(cashier))
      .map(({ cashier, ledger }) => [ledger.terminal_id, cashier.till.name]),
  );
  for (const { terminal_id, seq, code } of centre.exceptions) {
    const name = names.get(terminal_id);
    // An item that was made after the moment to which the centre went back is known to tills alone.
    const lost = restores > 0 && code === 'unknown_variant';
    if (name && !lost && !MAY_HAPPEN.has(code)) find('flags', `${name}: ${seq} is flagged with ${code}`);
  }
  for (const { terminal_id, seq, verdict, code } of centre.journal) {
    const name = names.get(terminal_id);
    if (name && verdict === 'quarantined') find('flags', `${name}: ${seq} is set aside with ${code}`);
  }
}
