import type { Database } from 'better-sqlite3';
import type { Pair } from './centre.ts';
import type { CentreView } from './centre-view.ts';
import type { Find } from './names.ts';

/** Nothing that the centre keeps under a company names what belongs to another one. */
export function checkTenancy(centres: ReadonlyMap<string, CentreView>, find: Find): void {
  const owners = new Map<string, string>();
  for (const [company, centre] of centres) {
    const ids = [
      ...centre.terminals.map((row) => row.terminal_id),
      ...centre.terminals.map((row) => row.location_id),
      ...centre.people,
      ...centre.variants,
      ...centre.seen,
    ];
    for (const id of ids) {
      const owner = owners.get(id);
      if (owner !== undefined && owner !== company) find(11, `${id} belongs to ${owner} and ${company}`);
      owners.set(id, company);
    }
  }
  for (const [company, centre] of centres) {
    const named = [
      ...[
        centre.journal,
        centre.tickets,
        centre.moves,
        centre.days,
        centre.aborted,
        centre.exceptions,
      ].flatMap((rows) => rows.map((row) => row.terminal_id)),
      ...centre.tickets.map((row) => row.cashier_id),
      ...centre.moves.flatMap((row) => [row.location_id, row.variant_id]),
      ...centre.lines.map((row) => row.variant_id),
      ...centre.levels.flatMap((row) => [row.location_id, row.variant_id]),
    ];
    for (const id of new Set(named)) {
      const owner = owners.get(id);
      if (owner !== undefined && owner !== company) find(11, `${company} has a row about ${id} of ${owner}`);
    }
  }
}

/** Nothing that a till was told is of another company. */
export function checkTill(
  { name, ledger }: Pair,
  catalog: Database,
  own: string,
  centres: ReadonlyMap<string, CentreView>,
  find: Find,
): void {
  const items = catalog.prepare<[], { id: string }>('SELECT variant_id AS id FROM item').all();
  const people = catalog
    .prepare<[], { id: string }>("SELECT key AS id FROM reference WHERE entity = 'user'")
    .all();
  const told = new Set([...items, ...people].map(({ id }) => id));
  for (const [company, centre] of centres) {
    if (company === own) continue;
    for (const id of [...centre.variants, ...centre.people]) {
      if (told.has(id)) find(11, `${name} was told of ${id} of ${company}`);
    }
    if (centre.journal.some((row) => row.terminal_id === ledger.terminal_id)) {
      find(11, `${name} is in the journal of ${company}`);
    }
  }
}
