import type { SyncState } from '#shared/sync/push.ts';
import { rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { lookAtSafe, type Safe } from './safe.ts';
import { type JournalRow, verdictOfRow } from './stored.ts';
import { checkAlone, type TerminalRow } from './terminal-row.ts';
import { TOLD_FROM, TOLD_VERDICT } from './told-verdict.ts';

/** Changed verdicts in one answer at most; who has heard of these asks for the next. */
const MOST_CHANGES = 500;
/** The newest of all verdicts that are not plain: more than a person looks through at a till. */
const MOST_TROUBLES = 5000;

/**
 * Where the server stands with a terminal: what it has, and under which epochs; and which verdicts changed since the
 * terminal heard of such changes last. Tells no nonce: whoever lost it must show that it is alone. Here, and not at each
 * push, it is looked how far operations are safe.
 * @param verdictsAfter undefined where the terminal wants to know them all anew
 */
export async function readState(
  tx: Tx,
  identity: TerminalIdentity,
  verdictsAfter: number | undefined,
  safe: Safe,
): Promise<SyncState> {
  const terminal = await lookAtSafe(tx, identity, safe);
  checkAlone(identity, terminal);
  const [server] = await rows<{ epoch: string }>(tx, SERVER_EPOCH);
  const verdicts = await (verdictsAfter === undefined
    ? readTroubles(tx, identity, terminal)
    : readChanges(tx, identity, terminal, verdictsAfter));
  return {
    server_epoch: server?.epoch ?? '',
    epoch: terminal.epoch,
    acked_seq: terminal.last_seq,
    safe_seq: terminal.safe_seq,
    last_hash: terminal.last_hash,
    server_time: new Date().toISOString(),
    ...verdicts,
  };
}

/** Another one where an operator says that the database was put back, and where a replica took over. */
const SERVER_EPOCH = "select epoch || '.' || database_timeline() as epoch from server_epoch";

type Told = Pick<SyncState, 'verdict_changes' | 'verdicts_changed'>;

const VERDICTS = `select ${TOLD_VERDICT}, j.change_no from ${TOLD_FROM}
  where j.company_id = $1 and j.terminal_id = $2 and j.epoch = $3`;

/** Uses the index `journal_changed`. */
async function readChanges(
  tx: Tx,
  identity: TerminalIdentity,
  { epoch, verdict_changes }: TerminalRow,
  after: number,
): Promise<Told> {
  const changed = await rows<JournalRow & { change_no: number }>(
    tx,
    `${VERDICTS} and j.change_no > $4 order by j.change_no limit ${MOST_CHANGES}`,
    [tx.company_id, identity.terminal_id, epoch, after],
  );
  const last = changed.at(-1)?.change_no ?? after;
  return {
    verdict_changes: changed.length === MOST_CHANGES ? last : Math.max(last, verdict_changes),
    verdicts_changed: changed.map(verdictOfRow),
  };
}

async function readTroubles(
  tx: Tx,
  identity: TerminalIdentity,
  { epoch, verdict_changes }: TerminalRow,
): Promise<Told> {
  const troubles = await rows<JournalRow>(
    tx,
    `${VERDICTS} and j.verdict in ('applied_flagged', 'quarantined') order by j.seq desc limit ${MOST_TROUBLES}`,
    [tx.company_id, identity.terminal_id, epoch],
  );
  return { verdict_changes, verdicts_changed: troubles.map(verdictOfRow) };
}
