import { create } from 'zustand';

/**
 * Where the screen's line to the data process stands.
 *
 * `recovery`: the data process runs, but its ledger could not be opened. `unpaired`: a browser screen without a
 * token, or with one that the till's door refused.
 */
export type Connection =
  | { state: 'starting' }
  | { state: 'ready' }
  | { state: 'recovering'; attempt: number; retry_at: number }
  | { state: 'recovery' }
  | { state: 'stopped' }
  | { state: 'unpaired' };

/** The state of the line; changed by `shell-line.ts` or `socket-line.ts`, whichever this screen has. */
export const useConnection = create<Connection>()((): Connection => ({ state: 'starting' }));

/** Enters a state, leaving nothing of the one before. */
export const enterConnection = (connection: Connection): void => useConnection.setState(connection, true);
