import type { Operation } from '#shared/sync/operation.ts';
import { sqlState, type Tx, together } from '../db.ts';
import { closeDay, openDay } from '../sales/apply-days.ts';
import { applyTickets, insertAborted, movesOfTickets } from '../sales/apply-tickets.ts';
import { requireDays } from '../sales/judge-tickets.ts';
import { carryLevels, logMoves, type ReportedMoves, readAdjustments } from '../stock/apply-moves.ts';
import {
  type Applying,
  checkPeople,
  checkPlaces,
  checkRevoked,
  type Flag,
  type OperationOf,
  Unapplicable,
} from './applying.ts';
import type { Quarantined } from './received.ts';

/** What became of the operations of a batch: those set aside by sequence number, and what was flagged. */
export type Applied = {
  readonly quarantined: ReadonlyMap<number, Quarantined>;
  readonly flags: readonly Flag[];
};

/**
 * Applies operations in order. Runs of tickets and stock facts are applied set-based, one statement a table; a run
 * that fails is halved until the bad operation stands alone and is set aside: one among 500 costs some 20 statements
 * a table, not 500. Openings and closings stand between the runs, since a closing adds up what came before it.
 */
export async function applyOperations(
  tx: Tx,
  known: Omit<Applying, 'flag'>,
  operations: readonly Operation[],
): Promise<Applied> {
  const quarantined = new Map<number, Quarantined>();
  const flags: Flag[] = [];
  const moves: ReportedMoves[][] = [];
  const { terminal } = known;
  const daysSetAside = new Set(known.daysSetAside);
  const context = { ...known, daysSetAside };
  for (const run of runsOf(operations)) await applyOrHalve(run);
  flags.push(...(await carryLevels(tx, moves.flat())));
  const applied = operations.filter(({ seq }) => !quarantined.has(seq));
  flags.push(...(await checkPlaces(tx, terminal, applied)), ...checkRevoked(terminal, applied));
  return { quarantined, flags };

  async function applyOrHalve(run: readonly Operation[]): Promise<void> {
    const attempt = await tryApply(tx, context, run);
    const [first] = run;
    if (attempt.applied) {
      flags.push(...attempt.flags);
      moves.push(attempt.moves);
      if (first?.kind === 'day.opened') daysSetAside.delete(first.body.day_id);
    } else if (first && run.length === 1) {
      quarantined.set(first.seq, attempt.quarantined);
      // A second opening of a day takes nothing with it: the day is there.
      const { code } = attempt.quarantined;
      if (first.kind === 'day.opened' && code !== 'duplicate_fact') daysSetAside.add(first.body.day_id);
    } else {
      const middle = run.length >> 1;
      await applyOrHalve(run.slice(0, middle));
      await applyOrHalve(run.slice(middle));
    }
  }
}

type Attempt =
  | { applied: true; flags: Flag[]; moves: ReportedMoves[] }
  | { applied: false; quarantined: Quarantined };

async function tryApply(
  tx: Tx,
  context: Omit<Applying, 'flag'>,
  run: readonly Operation[],
): Promise<Attempt> {
  const flags: Flag[] = [];
  const applying: Applying = { ...context, flag: (seq, code, detail) => flags.push({ seq, code, detail }) };
  try {
    const [, moves] = await together([tx.client.query('savepoint run'), applyRun(tx, applying, run)]);
    await tx.client.query('release savepoint run');
    return { applied: true, flags, moves };
  } catch (error) {
    const reason = reasonOf(error);
    if (!reason) throw error;
    await tx.client.query('rollback to savepoint run');
    return { applied: false, quarantined: reason };
  }
}

/** Data errors set the operation aside; anything else (lost connection, deadlock, our own bug) fails the push. */
function reasonOf(error: unknown): Quarantined | undefined {
  if (error instanceof Unapplicable) return error.quarantined;
  const state = sqlState(error);
  if (state === '23505')
    return { code: 'duplicate_fact', detail: 'something with the same id was reported before' };
  if (state?.startsWith('22') || state?.startsWith('23')) {
    return { code: 'not_applicable', detail: `the database refused it (${state})` };
  }
  return undefined;
}

function runsOf(operations: readonly Operation[]): Operation[][] {
  const runs: Operation[][] = [];
  let current: Operation[] = [];
  for (const operation of operations) {
    if (operation.kind === 'day.opened' || operation.kind === 'day.closed') {
      if (current.length > 0) runs.push(current);
      runs.push([operation]);
      current = [];
    } else current.push(operation);
  }
  if (current.length > 0) runs.push(current);
  return runs;
}

/** @returns the stock moves of the run, logged but not yet in the levels */
async function applyRun(tx: Tx, applying: Applying, run: readonly Operation[]): Promise<ReportedMoves[]> {
  const tickets: OperationOf<'ticket.completed'>[] = [];
  const aborted: OperationOf<'ticket.aborted'>[] = [];
  const adjusted: OperationOf<'stock.adjusted'>[] = [];
  for (const operation of run) {
    switch (operation.kind) {
      case 'ticket.completed':
        tickets.push(operation);
        break;
      case 'ticket.aborted':
        aborted.push(operation);
        break;
      case 'stock.adjusted':
        adjusted.push(operation);
        break;
      case 'day.opened':
        await openDay(tx, applying, operation);
        break;
      case 'day.closed':
        await closeDay(tx, applying, operation);
        break;
      case 'exception.accepted':
      case 'exception.corrected':
        // Taken in when all of the push has been raised that it may be about.
        checkPeople(applying, operation, ['exception.settle']);
        break;
      case 'clock.jumped':
        applying.flag(
          operation.seq,
          'clock_offset',
          `the terminal's clock jumped by ${operation.body.jump_ms} ms`,
        );
        break;
      default:
        operation satisfies never;
    }
  }
  requireDays(applying, tickets, aborted);
  for (const operation of aborted) checkPeople(applying, operation, ['sale.ring']);
  const { terminal } = applying;
  const moves = [...movesOfTickets(terminal, tickets), ...readAdjustments(applying, adjusted)];
  await together([
    applyTickets(tx, applying, tickets),
    insertAborted(tx, terminal, aborted),
    logMoves(tx, terminal, moves),
  ]);
  return moves;
}
