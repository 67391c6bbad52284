import type { EnrolReply } from '#shared/contract/central.ts';
import { GENESIS, linkHash } from '#shared/sync/chain.ts';
import { nowOf } from '../clock.ts';
import type { Ledger } from '../open.ts';
import { nameOf, replaceTerminal, requireTerminal } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import { sql } from '../statement.ts';
import { commit, type Till } from '../till.ts';
import { ServerFault } from './central-call.ts';
import { deviceKey, publicKeyOf } from './device-key.ts';
import { askToEnrol } from './enrol.ts';
import type { Link } from './link.ts';
import { insertOperation, lastSeq, type OperationRow } from './operation-store.ts';
import { reportBranch } from './report-branch.ts';
import { tellSalvaged } from './salvaged.ts';
import { sha256 } from './sha256.ts';
import { setNotice, setStandstill } from './standstill.ts';
import { dropVerdicts, saveSyncPosition, syncPosition } from './sync-state.ts';
import { toldAgain } from './tell-again.ts';
import { dropSeries, keepSeries } from './told-series.ts';
import { firstUnknown, isStranger } from './unknown-operations.ts';

const BETWEEN = sql<OperationRow, [number, number]>(
  'SELECT * FROM operation WHERE seq BETWEEN ? AND ? ORDER BY seq',
);

/**
 * Goes on with a manager's code: as the same terminal under its next epoch, if the code was made for it, else as a new
 * one. The key is new, so no copy can go on beside this one. What the server never got is appended once more under the
 * new epoch, with the ids that it has: it takes effect once, whatever came before.
 * @throws REFUSED `server_unreachable`, `enrolment_failed`
 */
export async function enrolAgain(till: Till, folder: string, link: Link, code: string): Promise<void> {
  const terminal = requireTerminal(till);
  const first = await whatIsUnknown(till, link);
  const last = lastSeq(till.ledger);
  // One for each code, so that a call whose answer was lost is made again with the same key. The ledger says which
  // key is used: it changes in the same commit as the epoch.
  const key_file = `terminal-${sha256(code).slice(0, 12)}.key`;
  const reply = await askToEnrol(
    terminal.server_url,
    {
      code,
      name: nameOf(till, terminal),
      public_key: publicKeyOf(deviceKey(folder, key_file)),
      after_seq: last,
    },
    link.signal,
  );
  if (reply.location.company_id !== terminal.location.company_id || reply.after_seq !== last) {
    throw refused(
      'enrolment_failed',
      'That code is not for this till. Ask a manager for another one.',
      'code',
    );
  }
  commit(till, () => {
    if (lastSeq(till.ledger) !== last) throw new Error('something was recorded while the till stood still');
    if (reply.terminal_id !== terminal.terminal_id) dropSeries(till.ledger);
    replaceTerminal(till.ledger, reply, nowOf(till.clock));
    keepSeries(till.ledger, reply.series);
    dropVerdicts(till.ledger);
    setStandstill(till.ledger, null);
    const { safe_seq } = syncPosition(till.ledger);
    saveSyncPosition(till.ledger, {
      ...{ after_seq: last, acked_seq: last, safe_seq: Math.min(safe_seq, last) },
      ...{ nonce: reply.nonce, key_file, server_epoch: null, verdict_changes: 0 },
    });
    const operations = tellAgain(till.ledger, reply, first, last) + tellSalvaged(till, reply);
    setNotice(till.ledger, { code: 'enrolled_again', at: nowOf(till.clock), operations });
  });
}

/** What a branch that is still to be handed in begins with, too. A server that does not know this till lacks it all. */
async function whatIsUnknown(till: Till, link: Link): Promise<number> {
  try {
    await reportBranch(till, link);
    return await firstUnknown(till, link);
  } catch (error) {
    if (isStranger(error)) return syncPosition(till.ledger).pruned_seq + 1;
    if (!(error instanceof ServerFault)) throw error;
    throw refused('server_unreachable', error.message);
  }
}

/** Appends the operations `first` to `last` once more, chained from the beginning of the new epoch. */
function tellAgain(
  ledger: Ledger,
  { terminal_id, epoch }: Pick<EnrolReply, 'terminal_id' | 'epoch'>,
  first: number,
  last: number,
): number {
  let prevHash = GENESIS;
  let seq = last;
  for (const row of BETWEEN(ledger).all(first, last)) {
    seq += 1;
    const content = toldAgain(row.content, { terminal_id, epoch, seq });
    const hash = linkHash(prevHash, content, sha256);
    const again_of = row.again_of ?? row.seq;
    insertOperation(ledger, { ...row, seq, epoch, again_of, content, prev_hash: prevHash, hash });
    prevHash = hash;
  }
  return seq - last;
}
