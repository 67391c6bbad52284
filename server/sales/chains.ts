import type { TerminalId } from '#shared/ids.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { GENESIS, linkHash } from '#shared/sync/chain.ts';
import { unnest } from '../columns.ts';
import { rows, type Tx } from '../db.ts';
import type { Applying, ApplyingTerminal, Flag, OperationOf } from '../sync/applying.ts';
import { sha256 } from '../sync/received.ts';
import { findCopiedNumbers } from './copied-numbers.ts';

type Completed = OperationOf<'ticket.completed'>;

/** Where one series of a terminal stands. */
type Series = { readonly series: string; last_number: number; last_hash: string };

/** What the database knows of the series that tickets go on. */
type KnownChains = {
  readonly series: ReadonlyMap<string, Series>;
  /** By place: of the tickets that stand at and before numbers which a series has passed. */
  readonly hashes: Map<string, string>;
  readonly copiedNumbers: readonly Flag[];
};

/** Reads what `followChains` compares tickets with, before they are written. */
export async function readChains(
  tx: Tx,
  { terminal_id }: ApplyingTerminal,
  operations: readonly Completed[],
): Promise<KnownChains> {
  const known = await rows<Series>(
    tx,
    'select series, last_number, last_hash from ticket_series where company_id = $1 and terminal_id = $2',
    [tx.company_id, terminal_id],
  );
  const series = new Map(known.map((row) => [row.series, row]));
  return {
    series,
    hashes: await readNeighbours(tx, terminal_id, series, operations),
    copiedNumbers: await findCopiedNumbers(tx, terminal_id, operations),
  };
}

/**
 * Follows each series of the terminal: numbers without gap or repetition, every ticket linked to the last. A ticket
 * that comes late, out of quarantine, fills its gap: it is held against its neighbour, and the series stays where
 * it is.
 * @returns where each series stands then
 */
export function followChains(
  applying: Applying,
  operations: readonly Completed[],
  known: KnownChains,
): Series[] {
  const series = new Map(known.series);
  const { hashes } = known;
  for (const { seq, code, detail } of known.copiedNumbers) applying.flag(seq, code, detail);
  for (const operation of operations) {
    const { ticket } = operation.body;
    const last = series.get(ticket.series) ?? { series: ticket.series, last_number: 0, last_hash: GENESIS };
    series.set(ticket.series, last);
    if (operation.origin) takeCopied(applying, operation, last);
    else checkTicketChain(applying, operation, last, hashes);
    hashes.set(place(ticket.series, ticket.number), operation.body.ticket_hash);
  }
  return [...series.values()];
}

/** Writes where series stand. */
export async function moveSeries(
  tx: Tx,
  terminal: ApplyingTerminal,
  series: readonly Series[],
): Promise<void> {
  const given = unnest(
    series,
    {
      series: { type: 'text', of: (row) => row.series },
      last_number: { type: 'bigint', of: (row) => row.last_number },
      last_hash: { type: 'text', of: (row) => row.last_hash },
    },
    3,
  );
  await rows(
    tx,
    `insert into ticket_series (company_id, terminal_id, ${given.names})
     select $1, $2, ${given.names} from ${given.clause}
     on conflict (company_id, terminal_id, series)
       do update set last_number = excluded.last_number, last_hash = excluded.last_hash`,
    [tx.company_id, terminal.terminal_id, ...given.values],
  );
}

/** Checks one ticket and moves its series on. */
function checkTicketChain(
  applying: Applying,
  operation: Completed,
  last: Series,
  hashes: ReadonlyMap<string, string>,
): void {
  const { seq, body } = operation;
  const { ticket, ticket_prev_hash, ticket_hash } = body;
  const fillsGap = ticket.number < last.last_number && !hashes.has(place(ticket.series, ticket.number));
  const before = fillsGap
    ? ticket.number === 1
      ? GENESIS
      : hashes.get(place(ticket.series, ticket.number - 1))
    : last.last_hash;
  const intact = isIntact(operation);
  const follows = ticket_prev_hash === before;
  if (!intact || !follows) {
    applying.flag(seq, 'ticket_chain_broken', `${ticket.receipt_number} does not follow ${before}`);
  }
  if (ticket.number > last.last_number + 1) {
    applying.flag(seq, 'receipt_number_gap', `${ticket.receipt_number} after number ${last.last_number}`);
  } else if (ticket.number <= last.last_number && !fillsGap) {
    applying.flag(
      seq,
      'receipt_number_repeated',
      `${ticket.receipt_number} after number ${last.last_number}`,
    );
  }
  if (!fillsGap && (follows || ticket.number > last.last_number)) last.last_hash = ticket_hash;
  last.last_number = Math.max(ticket.number, last.last_number);
}

/**
 * A ticket that only a copy had told: it goes on from another one than ours, which is no fault of its own. Where it
 * has the highest number, the series goes on behind it.
 */
function takeCopied(applying: Applying, operation: Completed, last: Series): void {
  const { seq, body } = operation;
  const { ticket, ticket_prev_hash, ticket_hash } = body;
  if (!isIntact(operation)) {
    applying.flag(seq, 'ticket_chain_broken', `${ticket.receipt_number} does not follow ${ticket_prev_hash}`);
  }
  if (ticket.number <= last.last_number) return;
  last.last_number = ticket.number;
  last.last_hash = ticket_hash;
}

/** Whether the ticket's hash is that of the ticket as it was told, under whatever version. */
function isIntact({ body, told }: Completed): boolean {
  const { ticket } = (told?.body ?? body) as { ticket: unknown };
  return linkHash(body.ticket_prev_hash, canonicalJson(ticket), sha256) === body.ticket_hash;
}

/**
 * The hashes of the tickets that stand at and before numbers which the series has passed; none in a push that goes
 * on where the last one ended. Uses the index `ticket_by_number`.
 */
async function readNeighbours(
  tx: Tx,
  terminalId: TerminalId,
  series: ReadonlyMap<string, Series>,
  operations: readonly Completed[],
): Promise<Map<string, string>> {
  const late = operations
    .map(({ body }) => body.ticket)
    .filter((ticket) => ticket.number <= (series.get(ticket.series)?.last_number ?? 0));
  if (late.length === 0) return new Map();
  const given = unnest(
    late,
    {
      series: { type: 'text', of: (ticket) => ticket.series },
      number: { type: 'bigint', of: (ticket) => ticket.number },
    },
    3,
  );
  const found = await rows<{ series: string; number: number; hash: string }>(
    tx,
    `select t.series, t.number, t.hash from ${given.clause}
     join ticket t on t.company_id = $1 and t.terminal_id = $2 and t.series = given.series
       and t.number in (given.number, given.number - 1)`,
    [tx.company_id, terminalId, ...given.values],
  );
  return new Map(found.map((row) => [place(row.series, row.number), row.hash]));
}

const place = (series: string, number: number): string => `${series}${number}`;
