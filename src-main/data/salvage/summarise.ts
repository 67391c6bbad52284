import { z } from 'zod';
import type { SalvageSummary } from '#shared/contract/recovery.ts';
import { type Currency, currencySchema } from '#shared/sales/money.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import type { SalvagedOperation } from './known-rows.ts';
import { type SalvageFile, salvagedOperations, salvagedPosition, salvagedTerminal } from './salvage-file.ts';

const soldSchema = z.object({
  body: z.object({
    ticket: z.object({ currency: currencySchema, total_minor: z.int(), receipt_number: z.string() }),
  }),
});

/** Whether an operation goes on where another one ends. A chain begins anew with each epoch. */
const followsOn = (
  before: Pick<SalvagedOperation, 'seq' | 'hash' | 'epoch' | 'terminal_id'>,
  next: SalvagedOperation,
): boolean => {
  if (next.seq !== before.seq + 1) return false;
  const isAnew = next.epoch !== before.epoch || next.terminal_id !== before.terminal_id;
  return next.prev_hash === (isAnew ? GENESIS : before.hash);
};

/** What was read, in figures. */
export function summarise(file: SalvageFile): SalvageSummary {
  const terminal = salvagedTerminal(file);
  const position = salvagedPosition(file);
  const sums = new Map<Currency, number>();
  const runs: { from: number; to: number }[] = [];
  const told = new Set<string>();
  let [operations, tickets] = [0, 0];
  let last: SalvagedOperation | null = null;
  let last_receipt: string | null = null;
  for (const operation of salvagedOperations(file)) {
    operations += 1;
    const run = runs.at(-1);
    if (run && last && followsOn(last, operation)) run.to = operation.seq;
    else runs.push({ from: operation.seq, to: operation.seq });
    last = operation;
    // One that was told again under another epoch is the same sale.
    if (operation.kind !== 'ticket.completed' || told.has(operation.op_id)) continue;
    told.add(operation.op_id);
    const sold = soldSchema.safeParse(JSON.parse(operation.content)).data?.body.ticket;
    if (!sold) continue;
    tickets += 1;
    last_receipt = sold.receipt_number;
    sums.set(sold.currency, (sums.get(sold.currency) ?? 0) + sold.total_minor);
  }
  return {
    operations,
    runs,
    missing: missingBetween(runs, position?.pruned_seq ?? 0),
    is_whole: runs.length === 1 && runs[0]?.from === 1 && terminal !== null && position !== null,
    last_at: last?.occurred_at ?? null,
    tickets,
    sums: [...sums].map(([currency, total_minor]) => ({ currency, total_minor })),
    last_receipt,
    terminal: terminal && { terminal_code: terminal.terminal_code, name: terminal.name },
  };
}

/** The numbers that ought to be there; those up to `pruned` were removed on purpose. */
function missingBetween(runs: readonly { from: number; to: number }[], pruned: number) {
  let next = pruned + 1;
  const missing: { from: number; to: number }[] = [];
  for (const { from, to } of runs) {
    if (from > next) missing.push({ from: next, to: from - 1 });
    next = Math.max(next, to + 1);
  }
  return missing;
}
