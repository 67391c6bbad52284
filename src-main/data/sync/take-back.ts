import Sqlite from 'better-sqlite3';
import type { z } from 'zod';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { GENESIS, linkHash } from '#shared/sync/chain.ts';
import { type Operation, readOperationBody, wireOperationSchema } from '#shared/sync/operation.ts';
import type { operationsPageSchema } from '#shared/sync/recovery.ts';
import type { Ledger } from '../open.ts';
import { takeBackSale } from '../sales/take-back.ts';
import { keepAdjustment } from '../stock/adjust.ts';
import type { Till } from '../till.ts';
import { keepDecision } from './desk/decision-store.ts';
import { commitTold, type Link } from './link.ts';
import { firstTold, insertOperation, lastSeq, operationAt } from './operation-store.ts';
import { sha256 } from './sha256.ts';
import { halt, type SyncStopped } from './standstill.ts';
import { saveSyncPosition, storeVerdict, syncPosition } from './sync-state.ts';

type Page = z.infer<typeof operationsPageSchema>;

/** An operation as the server has it, with the text that its hash covers. */
type Told = {
  readonly operation: Operation;
  readonly content: string;
  readonly prev_hash: string;
  readonly hash: string;
};

/**
 * Takes operations that this terminal told once back into its ledger, with what they did there: days, tickets, stock
 * and verdicts, all of a page or nothing. Carts that became one of these tickets go; others stay as they are.
 * @throws SyncStopped where they do not follow on ours, or this version cannot read them
 */
export function takeBack(till: Till, link: Link, page: Page): void {
  const told: Told[] = [];
  for (const raw of page.operations) {
    const read = readTold(raw);
    if (!read) throw halt(till, 'newer_version');
    told.push(read);
  }
  const broken = checkChain(till, link, told);
  if (broken) throw broken;
  commitTold(till, link, () => {
    const first = lastSeq(till.ledger) + 1;
    for (const each of told) takeOne(till, each);
    for (const verdict of page.verdicts) storeVerdict(till.ledger, verdict);
    // What came before was taken by the server too, but its verdicts are not here: it is sent again.
    if (syncPosition(till.ledger).acked_seq === first - 1) {
      saveSyncPosition(till.ledger, { acked_seq: first - 1 + told.length });
    }
  });
}

/** An operation as it travels; null where this version cannot read it. Its hash is not looked at. */
export function readTold(raw: unknown): Told | null {
  const envelope = wireOperationSchema.safeParse(raw);
  if (!envelope.success) return null;
  const { prev_hash, hash, ...content } = envelope.data;
  const read = readOperationBody(content);
  if (read.is !== 'operation') return null;
  return { operation: read.operation, content: canonicalJson(content), prev_hash, hash };
}

/** Whether the operations follow on our last one, each on the one before it, as their hashes say. */
function checkChain(till: Till, link: Link, told: readonly Told[]): SyncStopped | null {
  const last = lastSeq(till.ledger);
  let prevHash = headOf(till.ledger, last);
  for (const [index, { operation, content, prev_hash, hash }] of told.entries()) {
    const isHere =
      operation.seq === last + 1 + index &&
      operation.epoch === link.terminal.epoch &&
      operation.terminal_id === link.terminal.terminal_id;
    if (!isHere || prev_hash !== prevHash || linkHash(prev_hash, content, sha256) !== hash) {
      return halt(till, 'forked');
    }
    prevHash = hash;
  }
  return null;
}

/** The hash that the next operation of this epoch names. */
export const headOf = (ledger: Ledger, last: number): string =>
  last === syncPosition(ledger).after_seq ? GENESIS : (operationAt(ledger, last)?.hash ?? '');

/** Appends an operation, with what it did. Inside the caller's transaction, which has seen that it follows. */
export function takeOne(till: Till, { operation, content, prev_hash, hash }: Told): void {
  const { seq, epoch, op_id, kind, occurred_at, boot_id, monotonic_ms } = operation;
  // What was told again under this epoch did what it did when it was first recorded.
  const again_of = (operation.origin && firstTold(till.ledger, op_id)) ?? null;
  insertOperation(till.ledger, {
    ...{ seq, epoch, op_id, again_of, kind, occurred_at, boot_id, monotonic_ms },
    ...{ content, prev_hash, hash },
  });
  if (again_of !== null) return;
  if (operation.origin) takeEffectWhereItFits(till, operation);
  else takeEffect(till, operation);
}

/** What was told again may name a day that is lost, or be of one that another day took the place of. */
function takeEffectWhereItFits(till: Till, operation: Operation): void {
  try {
    till.ledger.transaction(() => takeEffect(till, operation))();
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT'))) throw error;
    till.log.warn({ seq: operation.seq, err: error }, 'an operation is kept without what it did here');
  }
}

function takeEffect(till: Till, operation: Operation): void {
  switch (operation.kind) {
    case 'day.opened':
    case 'day.closed':
    case 'ticket.completed':
    case 'ticket.aborted':
      takeBackSale(till, operation);
      break;
    case 'stock.adjusted':
      keepAdjustment(till.ledger, operation.seq, operation.body);
      break;
    case 'exception.accepted':
    case 'exception.corrected':
      keepDecision(till.ledger, operation);
      break;
    case 'clock.jumped':
      break;
    default:
      operation satisfies never;
  }
}
