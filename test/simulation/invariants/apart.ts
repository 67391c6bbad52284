import type { Cashier } from '../cashier.ts';
import type { CentreView, JournalRow } from './centre-view.ts';
import { type LedgerView, type Recorded, readLedger } from './ledger.ts';
import { type Find, same } from './names.ts';

/** Whether a till's files may tell another history than the centre: an older copy was put back, or there are two. */
export const hasPast = ({ former, twin }: Cashier): boolean => former.length > 0 || twin !== null;

/**
 * What must hold of a till with a past: the centre has one history of it, all of which some machine recorded; and a
 * till that goes on sending is part of that history. One that has stopped keeps what it has.
 */
export function checkApart(
  cashier: Cashier,
  ledger: LedgerView,
  arrived: readonly JournalRow[],
  centre: CentreView,
  find: Find,
): void {
  const { till, former, twin } = cashier;
  const twinRun = twin?.till.run();
  const recorded: Recorded[] = [
    ...ledger.operations,
    ...former,
    ...(twin?.former ?? []),
    ...(twinRun ? readLedger(twinRun.files.ledger).operations : []),
  ];
  const known = new Set(recorded.map(({ hash }) => hash));
  for (const { seq, hash } of arrived) {
    if (!known.has(hash)) find(14, `${till.name}: nobody recorded ${seq} of the centre`);
  }
  if (ledger.stopped !== null) return;
  const frozen = centre.terminals.find((row) => row.terminal_id === ledger.terminal_id)?.frozen;
  if (frozen && ledger.acked_seq < (ledger.operations.at(-1)?.seq ?? 0)) {
    find(14, `${till.name}: is frozen and was not told`);
  }
  const short = ({ seq, hash }: { seq: number; hash: string }) => [seq, hash];
  const acked = ledger.operations.filter(({ seq }) => seq <= ledger.acked_seq);
  same(find, 14, `${till.name}: history`, arrived.slice(0, acked.length).map(short), acked.map(short));
}
