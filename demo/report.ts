import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Books, mismatches, totalsOf } from './audit.ts';
import type { InvoiceFile, RejectedRow } from './invoices.ts';

/** The outcome, as `--json` prints it. Everything but `seconds` follows from the files and the seed. */
export type Outcome = {
  ok: boolean;
  tickets: { rung: number; central: number; lost: number; duplicated: number };
  lines: { read: number; sold: number; returned: number; adjusted: number; rejected: number };
  totals: Record<string, { till: number; central: number }>;
  stock: { moves: number; centralMoves: number; mismatches: number };
  days: { closed: number; zMismatches: number };
  kills: number;
  seconds: number;
};

/** What the driver saw acknowledged: the ground truth that both books are held against. */
export type Acknowledged = {
  readonly tickets: ReadonlySet<string>;
  readonly lines: { sold: number; returned: number; adjusted: number };
};

const OUT = new URL('out/', import.meta.url);

/** Writes a file of the demo beside its sources and gives its path. */
export async function keepFile(name: string, content: string | Uint8Array): Promise<string> {
  await mkdir(OUT, { recursive: true });
  const path = join(fileURLToPath(OUT), name);
  await writeFile(path, content);
  return path;
}

/** Holds till and centre against each other and against what was acknowledged. */
export function judge(
  file: InvoiceFile,
  acknowledged: Acknowledged,
  till: Books,
  central: Books,
  days: { closed: number; z_mismatches: number },
  about: { kills: number; seconds: number },
): Outcome {
  const totals: Outcome['totals'] = {};
  const [ofTill, ofCentral] = [totalsOf(till), totalsOf(central)];
  for (const currency of new Set([...ofTill.keys(), ...ofCentral.keys()])) {
    totals[currency] = { till: ofTill.get(currency) ?? 0, central: ofCentral.get(currency) ?? 0 };
  }
  const lost = [...acknowledged.tickets].filter(
    (id) => !central.tickets.has(id) || !till.tickets.has(id),
  ).length;
  const extra = [...central.tickets.keys()].filter((id) => !acknowledged.tickets.has(id)).length;
  const receipts = new Set([...central.tickets.values()].map((ticket) => ticket.receipt_number));
  const outcome: Outcome = {
    ok: false,
    tickets: {
      rung: acknowledged.tickets.size,
      central: central.tickets.size,
      lost,
      duplicated: extra + central.tickets.size - receipts.size,
    },
    lines: { read: file.lines_read, ...acknowledged.lines, rejected: file.rejected.length },
    totals,
    stock: {
      moves: till.moves.size,
      centralMoves: central.moves.size,
      mismatches: mismatches(till.moves, central.moves) + mismatches(till.levels, central.levels),
    },
    days: { closed: days.closed, zMismatches: days.z_mismatches },
    ...about,
  };
  outcome.ok = agrees(outcome) && till.tickets.size === acknowledged.tickets.size;
  return outcome;
}

function agrees({ tickets, lines, totals, stock, days }: Outcome): boolean {
  return (
    tickets.lost === 0 &&
    tickets.duplicated === 0 &&
    tickets.rung === tickets.central &&
    lines.read === lines.sold + lines.returned + lines.adjusted + lines.rejected &&
    Object.values(totals).every(({ till, central }) => till === central) &&
    stock.moves === stock.centralMoves &&
    stock.mismatches === 0 &&
    days.closed === 1 &&
    days.zMismatches === 0
  );
}

/** The rejected rows as CSV. Cells that a spreadsheet would take for a formula are made plain text. */
export function rejectedCsv(rejected: readonly RejectedRow[]): string {
  const cell = (value: string | number) => {
    const text = String(value);
    return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  };
  const lines = rejected.map(({ line, invoice, code, value, reason }) =>
    [line, invoice, code, value, reason].map(cell).join(','),
  );
  return `${['line,invoice,code,value,reason', ...lines].join('\n')}\n`;
}

/** The outcome as a plain table. */
export function table(outcome: Outcome, money: (amount: number, currency: string) => string): string {
  const { tickets, lines, totals, stock, days } = outcome;
  const rows: [string, string][] = [
    ['Rows read', `${lines.read}`],
    ['  sold / returned', `${lines.sold} / ${lines.returned}`],
    ['  adjusted / rejected', `${lines.adjusted} / ${lines.rejected}`],
    ['Tickets rung / at the centre', `${tickets.rung} / ${tickets.central}`],
    ['  lost / duplicated', `${tickets.lost} / ${tickets.duplicated}`],
    ...Object.entries(totals).map(([currency, { till, central }]): [string, string] => [
      `Total ${currency}, till / centre`,
      `${money(till, currency)} / ${money(central, currency)}`,
    ]),
    ['Stock moves, till / centre', `${stock.moves} / ${stock.centralMoves}`],
    ['  that differ', `${stock.mismatches}`],
    ['Days closed / Z reports that differ', `${days.closed} / ${days.zMismatches}`],
    ['Times the till was killed', `${outcome.kills}`],
    ['Seconds', outcome.seconds.toFixed(1)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const verdict = outcome.ok ? 'Till and centre agree.' : 'TILL AND CENTRE DO NOT AGREE.';
  return `${rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')}\n\n${verdict}\n`;
}
