import type { z } from 'zod';
import type { terminalsContract } from '#shared/contract/office/places.ts';
import type { LocationId, TerminalId } from '#shared/ids.ts';
import { type OfficeTerminal, terminalSchema } from '#shared/people/terminal.ts';
import { rows, type Tx } from '../db.ts';
import { unknownReference } from '../master-data/write-rows.ts';
import { audit } from '../ops/audit.ts';
import { type Condition, contains, inWords, is, readPage, where } from '../page.ts';
import { notFound, Refusal } from '../problem.ts';
import { namedVersion, stale } from '../version.ts';
import type { Actor } from './actor.ts';
import { makeEnrolment } from './enrolment.ts';
import { placesOf } from './places.ts';

type Input<Route extends 'list' | 'change'> = z.output<
  NonNullable<(typeof terminalsContract)[Route]['~orpc']['inputSchema']>
>;

const STATE = `case when t.revoked_at is not null then 'revoked' when t.frozen_at is not null then 'frozen'
  else 'active' end`;
const COLUMNS = `t.terminal_id, t.code, t.name, t.location_id, l.name as location_name, ${STATE} as state,
  t.enrolled_at, t.last_seen_at, t.clock_offset_ms, t.last_seq, t.version`;
const FROM = 'terminal t join location l using (company_id, location_id)';

const SORTS: Readonly<Record<Input<'list'>['sort'], string>> = {
  code: "substring(t.code from '[0-9]+')::bigint",
  name: inWords('t.name'),
  last_seen_at: 't.last_seen_at',
  enrolled_at: 't.enrolled_at',
};

type Row = Omit<OfficeTerminal, 'enrolled_at' | 'last_seen_at'> & {
  readonly enrolled_at: Date;
  readonly last_seen_at: Date | null;
};

const terminalOf = (row: Row): OfficeTerminal =>
  terminalSchema.parse({
    ...row,
    enrolled_at: row.enrolled_at.toISOString(),
    last_seen_at: row.last_seen_at?.toISOString() ?? null,
  });

const seenBy = (tx: Tx, actor: Actor): Condition[] => {
  const places = placesOf(actor, 't.location_id');
  return [is('t.company_id', tx.company_id), ...(places ? [places] : [])];
};

/** The terminals of the locations that the actor sees. */
export async function listTerminals(
  tx: Tx,
  actor: Actor,
  query: Input<'list'>,
): Promise<{ items: OfficeTerminal[]; total_count: number }> {
  const { text, location_id, state } = query;
  const page = await readPage<Row>(
    tx,
    {
      columns: COLUMNS,
      from: FROM,
      where: [
        ...seenBy(tx, actor),
        ...(text === undefined ? [] : [contains(['t.code', 't.name', 'l.name'], text)]),
        ...(location_id === undefined ? [] : [is('t.location_id', location_id)]),
        ...(state === undefined ? [] : [is(STATE, state)]),
      ],
      sort: SORTS[query.sort],
      thenBy: 't.terminal_id',
      emptyLast: true,
    },
    query,
  );
  return { ...page, items: page.items.map(terminalOf) };
}

/**
 * Renames a terminal, or moves it: from its next pull on it is told of the other location. It keeps its code, its
 * numbers and its history; what it did before it knew stays where it was done.
 * @throws 404, 409 `terminal_revoked` or `day_open`, 412, 422 `unknown_reference`, 428
 */
export async function changeTerminal(
  tx: Tx,
  actor: Actor,
  { params, headers, body }: Input<'change'>,
): Promise<OfficeTerminal> {
  const version = namedVersion(headers);
  const before = await lockTerminal(tx, actor, params.terminal_id);
  if (before.version !== version) throw stale();
  const name = body.name ?? before.name;
  const location_id = body.location_id ?? before.location_id;
  if (name === before.name && location_id === before.location_id) return before;
  if (location_id !== before.location_id) await checkMove(tx, actor, before, location_id);
  await rows(
    tx,
    'update terminal set name = $3, location_id = $4 where company_id = $1 and terminal_id = $2',
    [tx.company_id, before.terminal_id, name, location_id],
  );
  return changed(tx, actor, 'terminal.changed', before);
}

/** Takes a terminal out of service, for good. Repeated it changes nothing. @throws 404 */
export async function revokeTerminal(tx: Tx, actor: Actor, terminalId: TerminalId): Promise<OfficeTerminal> {
  const before = await lockTerminal(tx, actor, terminalId);
  if (before.state === 'revoked') return before;
  await rows(tx, 'update terminal set revoked_at = now() where company_id = $1 and terminal_id = $2', [
    tx.company_id,
    terminalId,
  ]);
  return changed(tx, actor, 'terminal.revoked', before);
}

/** A one-time code for a new terminal at a location that the actor sees. @throws 422 `unknown_reference` */
export async function makeCode(
  tx: Tx,
  actor: Actor,
  locationId: LocationId,
): Promise<{ code: string; expires_at: string }> {
  await checkPlace(tx, actor, locationId);
  const { code, expires_at } = await makeEnrolment(tx, locationId);
  const after = { expires_at: expires_at.toISOString() };
  await audit(tx, actor, { action: 'terminal.code_made', entity: 'location', key: locationId, after });
  return { code, ...after };
}

/**
 * A one-time code with which one copy of a terminal goes on as it, or a new machine in the place of one that is gone.
 * @throws 404, 409 `terminal_revoked`
 */
export async function makeReEnrolCode(
  tx: Tx,
  actor: Actor,
  terminalId: TerminalId,
): Promise<{ code: string; expires_at: string }> {
  const terminal = await lockTerminal(tx, actor, terminalId);
  if (terminal.state === 'revoked') {
    throw new Refusal(409, 'terminal_revoked', 'A terminal that is out of service stays out of service.');
  }
  const { code, expires_at } = await makeEnrolment(tx, terminal.location_id, terminalId);
  const after = { expires_at: expires_at.toISOString() };
  await audit(tx, actor, {
    action: 'terminal.re_enrol_code_made',
    entity: 'terminal',
    key: terminalId,
    after,
  });
  return { code, ...after };
}

/** The terminal in service that has a code, for commands. */
export async function findTerminal(
  tx: Tx,
  code: string,
): Promise<{ terminal_id: TerminalId; location_id: LocationId; name: string } | undefined> {
  const [found] = await rows<{ terminal_id: TerminalId; location_id: LocationId; name: string }>(
    tx,
    `select terminal_id, location_id, name from terminal
     where company_id = $1 and code = $2 and revoked_at is null`,
    [tx.company_id, code],
  );
  return found;
}

async function checkMove(
  tx: Tx,
  actor: Actor,
  terminal: OfficeTerminal,
  locationId: LocationId,
): Promise<void> {
  if (terminal.state === 'revoked') {
    throw new Refusal(409, 'terminal_revoked', 'A terminal that is out of service stays where it was.');
  }
  await checkPlace(tx, actor, locationId);
  const open = await rows(
    tx,
    'select from sales_day where company_id = $1 and terminal_id = $2 and closed_at is null limit 1',
    [tx.company_id, terminal.terminal_id],
  );
  if (open.length > 0) {
    throw new Refusal(
      409,
      'day_open',
      'A sales day is open on this terminal: close it, then move the terminal.',
    );
  }
}

async function checkPlace(tx: Tx, actor: Actor, locationId: LocationId): Promise<void> {
  const places = placesOf(actor);
  const { clause, values } = where([
    is('company_id', tx.company_id),
    is('location_id', locationId),
    ...(places ? [places] : []),
  ]);
  const found = await rows(tx, `select from location ${clause} for key share`, values);
  if (found.length === 0) throw unknownReference('location_id');
}

async function lockTerminal(tx: Tx, actor: Actor, terminalId: TerminalId): Promise<OfficeTerminal> {
  const { clause, values } = where([...seenBy(tx, actor), is('t.terminal_id', terminalId)]);
  const [row] = await rows<Row>(tx, `select ${COLUMNS} from ${FROM} ${clause} for update of t`, values);
  if (!row) throw notFound();
  return terminalOf(row);
}

async function changed(
  tx: Tx,
  actor: Actor,
  action: 'terminal.changed' | 'terminal.revoked',
  before: OfficeTerminal,
): Promise<OfficeTerminal> {
  const { clause, values } = where([
    is('t.company_id', tx.company_id),
    is('t.terminal_id', before.terminal_id),
  ]);
  const [row] = await rows<Row>(tx, `select ${COLUMNS} from ${FROM} ${clause}`, values);
  if (!row) throw new Error(`terminal ${before.terminal_id} is gone`);
  const after = terminalOf(row);
  await audit(tx, actor, { action, entity: 'terminal', key: before.terminal_id, before, after });
  return after;
}
