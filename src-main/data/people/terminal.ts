import type { EnrolReply } from '#shared/contract/central.ts';
import type { Location } from '#shared/people/location.ts';
import { referenceOf } from '../catalogue/reference.ts';
import type { Catalog, Ledger } from '../open.ts';
import { refused } from '../refusal.ts';
import { sql } from '../statement.ts';

/** Who this terminal is since its enrolment, with its location as it was last told. */
export type Terminal = EnrolReply & { name: string; server_url: string };

type Row = Omit<Terminal, 'location'> & { location: string };

const SELECT = sql<Row>(
  'SELECT terminal_id, terminal_code, name, epoch, server_url, location FROM terminal WHERE id = 1',
);
const INSERT = sql<never, [string, string, string, number, string, string, string]>(
  `INSERT INTO terminal (id, terminal_id, terminal_code, name, epoch, server_url, location, enrolled_at)
   VALUES (1, ?, ?, ?, ?, ?, ?, ?)`,
);

/** This terminal, or null before its enrolment. */
export function terminalOf(files: { ledger: Ledger; catalog: Catalog }): Terminal | null {
  const row = SELECT(files.ledger).get();
  if (!row) return null;
  const enrolled = JSON.parse(row.location) as Location;
  return { ...row, location: referenceOf(files.catalog, 'location', enrolled.location_id) ?? enrolled };
}

/** This terminal. @throws REFUSED `not_enrolled` */
export function requireTerminal(files: { ledger: Ledger; catalog: Catalog }): Terminal {
  const terminal = terminalOf(files);
  if (!terminal) {
    throw refused(
      'not_enrolled',
      'This terminal is not enrolled yet. Ask a manager for an enrolment code and enter it first.',
    );
  }
  return terminal;
}

/** Keeps what enrolment answered. Inside the caller's transaction. */
export function insertTerminal(ledger: Ledger, terminal: Terminal, at: string): void {
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
