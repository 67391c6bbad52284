import type { Push } from '#shared/sync/push.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import { freeze } from './freeze.ts';
import { judgeNonce } from './nonce.ts';
import { readOperations } from './received.ts';
import { differenceFrom, readStored } from './stored.ts';
import { lockTerminal, replaced, type TerminalRow } from './terminal-row.ts';

/** What one epoch of a terminal may hand in as evidence, in bytes as it travels: some 300,000 tickets. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Keeps what a copy tells otherwise, as it came, and applies nothing of it. Where that shows that the terminal is not
 * alone, the terminal is frozen. Sent twice it is kept once.
 * @param body the request's body, compressed with zstd
 * @throws 409 `terminal_replaced` for an epoch that is not the sender's, 413 `branch_too_large`
 */
export async function keepBranch(
  db: Db,
  identity: TerminalIdentity,
  branch: Push,
  body: Buffer,
): Promise<{ received_seq: number }> {
  if (branch.epoch !== identity.epoch) throw replaced();
  const received = await readOperations(branch, identity.terminal_id);
  const last = received.at(-1);
  const received_seq = last?.seq ?? branch.from_seq;
  await inCompany(db, identity.company_id, async (tx) => {
    const terminal = await lockTerminal(tx, identity);
    await rows(
      tx,
      `insert into journal_branch (company_id, terminal_id, epoch, first_seq, last_seq, last_hash, body)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [
        ...[tx.company_id, identity.terminal_id, identity.epoch],
        ...[branch.from_seq, received_seq, last?.hash, body],
      ],
    );
    await limitEvidence(tx, identity);
    if (terminal.epoch !== identity.epoch || terminal.frozen_because !== null) return;
    const stored =
      isWithin(branch, terminal) && (await readStored(tx, identity.terminal_id, terminal, branch));
    const difference = stored ? differenceFrom(stored, branch, received) : null;
    if (difference) await freeze(tx, identity, 'forked', difference);
    else if (judgeNonce(branch.nonce, terminal) === 'stale') {
      const detail = `a copy with an older nonce went on behind operation ${branch.from_seq - 1}`;
      await freeze(tx, identity, 'cloned', { seq: branch.from_seq, detail });
    }
  });
  return { received_seq };
}

/** Whether the branch touches what the journal has of this epoch, so that the two can be compared. */
const isWithin = (branch: Push, terminal: TerminalRow): boolean =>
  branch.from_seq > terminal.after_seq && branch.from_seq <= terminal.last_seq + 1;

async function limitEvidence(tx: Tx, identity: TerminalIdentity): Promise<void> {
  const [kept] = await rows<{ bytes: number }>(
    tx,
    `select coalesce(sum(length(body)), 0) as bytes from journal_branch
     where company_id = $1 and terminal_id = $2 and epoch = $3`,
    [tx.company_id, identity.terminal_id, identity.epoch],
  );
  if ((kept?.bytes ?? 0) <= MOST_BYTES) return;
  throw new Refusal(
    413,
    'branch_too_large',
    'This copy has handed in as much as is kept; keep the rest there.',
  );
}
