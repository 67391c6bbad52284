import type { Cashier } from '../cashier.ts';
import type { Run } from '../till.ts';
import type { CentreView } from './centre-view.ts';
import { terminalOf } from './ledger.ts';
import type { Find } from './names.ts';

/** Nothing that the centre keeps under a company names what belongs to another one. */
export function checkTenancy(
  centres: ReadonlyMap<string, CentreView>,
  honest: ReadonlySet<string>,
  find: Find,
): void {
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
      ...centre.moves
        // A stranger may name anything.
        .filter((row) => honest.has(row.terminal_id))
        .flatMap((row) => [row.location_id, row.variant_id]),
      ...centre.lines.map((row) => row.variant_id),
      ...centre.levels.map((row) => row.location_id),
    ];
    for (const id of new Set(named)) {
      const owner = owners.get(id);
      if (owner !== undefined && owner !== company) find(11, `${company} has a row about ${id} of ${owner}`);
    }
  }
}

/** Nothing that a till was told is of another company. */
export function checkTold(
  { till, shop }: Cashier,
  { files }: Run,
  centres: ReadonlyMap<string, CentreView>,
  find: Find,
): void {
  const ids = (text: string): string[] =>
    files.catalog
      .prepare<[], { id: string }>(text)
      .all()
      .map(({ id }) => id);
  const told = new Set([
    ...ids('SELECT variant_id AS id FROM item'),
    ...ids("SELECT key AS id FROM reference WHERE entity = 'user'"),
  ]);
  for (const [company, centre] of centres) {
    if (company === shop.company_id) continue;
    for (const id of [...centre.variants, ...centre.people]) {
      if (told.has(id)) find(11, `${till.name} was told of ${id} of ${company}`);
    }
    const terminal_id = terminalOf({ files });
    if (centre.journal.some((row) => row.terminal_id === terminal_id)) {
      find(11, `${till.name} is in the journal of ${company}`);
    }
  }
}
