import type { EnrolReply } from '#shared/contract/central.ts';
import type { Location } from '#shared/people/location.ts';
import { referenceOf, toldLocation } from '../catalogue/reference.ts';
import type { Catalog, Ledger } from '../open.ts';
import { refused } from '../refusal.ts';
import { sql } from '../statement.ts';
import { requireGoing } from '../sync/standstill.ts';

/** Who this terminal is since its enrolment, with the location whose rules it works by. */
export type Terminal = Pick<EnrolReply, 'terminal_id' | 'terminal_code' | 'epoch' | 'location'> & {
  server_url: string;
  revoked: boolean;
};

type Row = Omit<Terminal, 'location' | 'revoked'> & {
  location: string;
  revoked_at: string | null;
  has_open_day: 0 | 1;
};

const SELECT = sql<Row>(
  `SELECT terminal_id, terminal_code, epoch, server_url, location, revoked_at,
     EXISTS (SELECT 1 FROM day WHERE state = 'open') AS has_open_day
   FROM terminal WHERE id = 1`,
);
const NAME = sql<{ name: string }>('SELECT name FROM terminal WHERE id = 1');
const INSERT = sql<never, [string, string, string, number, string, string, string]>(
  `INSERT INTO terminal (id, terminal_id, terminal_code, name, epoch, server_url, location, enrolled_at)
   VALUES (1, ?, ?, ?, ?, ?, ?, ?)`,
);
const REPLACE = sql<never, [string, string, number, string, string]>(
  `UPDATE terminal SET terminal_id = ?, terminal_code = ?, epoch = ?, location = ?, enrolled_at = ?, revoked_at = NULL
   WHERE id = 1`,
);
const SETTLE = sql<never, [string]>('UPDATE terminal SET location = ? WHERE id = 1');
const REVOKE = sql<never, [string]>('UPDATE terminal SET revoked_at = ? WHERE id = 1 AND revoked_at IS NULL');
const REINSTATE = sql('UPDATE terminal SET revoked_at = NULL WHERE id = 1 AND revoked_at IS NOT NULL');

type Files = { ledger: Ledger; catalog: Catalog };

/**
 * This terminal, or null before its enrolment. It works where it was told to stand last. One that is moved while a
 * sales day is open stays where the day was opened until the day is closed.
 */
export function terminalOf(files: Files): Terminal | null {
  const row = SELECT(files.ledger).get();
  if (!row) return null;
  const { location, revoked_at, has_open_day, ...terminal } = row;
  const settled = JSON.parse(location) as Location;
  const told = toldLocation(files.catalog) ?? settled;
  const isMovedMeanwhile = has_open_day === 1 && told.location_id !== settled.location_id;
  return { ...terminal, location: isMovedMeanwhile ? settled : told, revoked: revoked_at !== null };
}

/** What the office calls a terminal now, which was called something at its enrolment. No sale asks for it. */
export function nameOf({ ledger, catalog }: Files, { terminal_id }: Pick<Terminal, 'terminal_id'>): string {
  const name = referenceOf(catalog, 'terminal', terminal_id)?.name ?? NAME(ledger).get()?.name;
  if (name === undefined) throw new Error('a terminal that is not enrolled has no name');
  return name;
}

/** This terminal. @throws REFUSED `not_enrolled` */
export function requireTerminal(files: Files): Terminal {
  const terminal = terminalOf(files);
  if (!terminal) {
    throw refused(
      'not_enrolled',
      'This terminal is not enrolled yet. Ask a manager for an enrolment code and enter it first.',
    );
  }
  return terminal;
}

/**
 * This terminal, if something new may begin on it.
 * @throws REFUSED `not_enrolled`, `terminal_revoked`, `standstill`
 */
export function requireInService(files: Files): Terminal {
  const terminal = requireTerminal(files);
  requireGoing(files.ledger);
  if (terminal.revoked) {
    throw refused(
      'terminal_revoked',
      'The office took this till out of service. Finish the tickets that are open and close the day; nothing new begins here.',
    );
  }
  return terminal;
}

/** Keeps what enrolment answered. Inside the caller's transaction. */
export function insertTerminal(
  ledger: Ledger,
  terminal: Omit<Terminal, 'revoked'> & { name: string },
  at: string,
): void {
  INSERT(ledger).run(
    terminal.terminal_id,
    terminal.terminal_code,
    terminal.name,
    terminal.epoch,
    terminal.server_url,
    JSON.stringify(terminal.location),
    at,
  );
}

/** Becomes what an enrolment of this device once more answered. Inside the caller's transaction. */
export function replaceTerminal(
  ledger: Ledger,
  { terminal_id, terminal_code, epoch, location }: Omit<Terminal, 'revoked' | 'server_url'>,
  at: string,
): void {
  REPLACE(ledger).run(terminal_id, terminal_code, epoch, JSON.stringify(location), at);
}

/** The day that begins is this location's, wherever the terminal is moved meanwhile. Inside the caller's transaction. */
export const settleAt = (ledger: Ledger, location: Location): void => {
  SETTLE(ledger).run(JSON.stringify(location));
};

/** Remembers that the server gives this terminal nothing new, since when it is known here. */
export const markRevoked = (ledger: Ledger, at: string): void => {
  REVOKE(ledger).run(at);
};

/** The server gives to this terminal: it is in service, whatever was heard before (a restored server says so). */
export const markInService = (ledger: Ledger): void => {
  REINSTATE(ledger).run();
};
