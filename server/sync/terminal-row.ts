import { type LocationId, locationIdSchema } from '#shared/ids.ts';
import { rows, type Tx } from '../db.ts';
import { type TerminalIdentity, terminalRevoked } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import type { Nonces } from './nonce.ts';

/** Why a terminal is frozen: its copies told different operations, or one showed a nonce that another had used. */
export type Frozen = 'forked' | 'cloned';

/** Where the server stands with a terminal. */
export type TerminalRow = Nonces & {
  readonly location_id: LocationId;
  readonly epoch: number;
  readonly after_seq: number;
  readonly last_seq: number;
  readonly last_hash: string;
  readonly clock_offset_ms: number | null;
  readonly frozen_because: Frozen | null;
  readonly revoked_at: Date | null;
  readonly resumed_with: string | null;
  readonly verdict_changes: number;
  readonly safe_seq: number;
};

/**
 * The row of a terminal, locked until the transaction ends: whatever a terminal tells is taken one by one.
 * @throws 401 for a terminal that is not there
 */
export const lockTerminal = (tx: Tx, identity: TerminalIdentity): Promise<TerminalRow> =>
  readRow(tx, identity, 'for update');

/** The row of a terminal as it is now. @throws 401 for a terminal that is not there */
export const readTerminal = (tx: Tx, identity: TerminalIdentity): Promise<TerminalRow> =>
  readRow(tx, identity, '');

async function readRow(tx: Tx, identity: TerminalIdentity, lock: 'for update' | ''): Promise<TerminalRow> {
  const [row] = await rows<TerminalRow>(
    tx,
    `select location_id, epoch, after_seq, last_seq, last_hash, nonce_number, nonce, nonce_before, resumed_with,
       clock_offset_ms, frozen_because, revoked_at, verdict_changes, safe_seq
     from terminal where company_id = $1 and terminal_id = $2 ${lock}`,
    [tx.company_id, identity.terminal_id],
  );
  if (!row) throw new Refusal(401, 'unauthorised', 'The terminal could not be recognised.');
  return { ...row, location_id: locationIdSchema.parse(row.location_id) };
}

/**
 * Lets go on whoever is the terminal, and alone.
 * @throws 409 `terminal_replaced`, `terminal_forked`, `terminal_cloned`
 */
export function checkAlone(
  identity: TerminalIdentity,
  terminal: Pick<TerminalRow, 'epoch' | 'frozen_because'>,
): void {
  if (identity.epoch !== terminal.epoch) throw replaced();
  if (terminal.frozen_because === 'forked') throw forked();
  if (terminal.frozen_because === 'cloned') throw cloned();
}

/** @throws 403 `terminal_revoked` */
export function checkInService({ revoked_at }: Pick<TerminalRow, 'revoked_at'>): void {
  if (revoked_at !== null) throw terminalRevoked();
}

export const replaced = () =>
  new Refusal(
    409,
    'terminal_replaced',
    'Another machine goes on as this terminal. What is only here must be brought in under a new name.',
  );

export const forked = () =>
  new Refusal(
    409,
    'terminal_forked',
    'Two copies of this terminal told different things. One of them must be enrolled anew.',
  );

export const cloned = () =>
  new Refusal(
    409,
    'terminal_cloned',
    'Another copy of this terminal went on meanwhile. One of them must be enrolled anew.',
  );
