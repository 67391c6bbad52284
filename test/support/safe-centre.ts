import { expect } from 'vitest';
import { type Db, inCompany, openPool } from '../../server/db.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { createCompany, type SeededCompany } from '../../server/people/seed.ts';
import { addItems } from './catalogue.ts';
import { type TestServer, testServer } from './server.ts';
import { person } from './shop.ts';
import { type Shift, shift } from './tickets.ts';
import { type WireTerminal, wireTerminal } from './wire-terminal.ts';

export type SafeCentre = {
  readonly db: Db;
  readonly company: SeededCompany;
  readonly servers: readonly [TestServer, TestServer];
  readonly close: () => Promise<void>;
};

/** A centre over a database, with two servers that share nothing but it, and a policy for what is safe. */
export async function centreOver(serverUrl: string, policy: string): Promise<SafeCentre> {
  const db = openPool(serverUrl, 6);
  const start = () => testServer(db, 0, undefined, { TILLDOCK_SAFE: policy });
  const servers: [TestServer, TestServer] = [await start(), await start()];
  const company = await createCompany(db, DEMO_SHOP);
  await addItems(db, company.company_id, [{ sku: 'MUG', name: 'Mug', price: 499 }]);
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    for (const server of servers) await server.close();
    await db.end();
  };
  return { db, company, servers, close };
}

export const enrolmentCode = ({ db, company }: Pick<SafeCentre, 'db' | 'company'>): Promise<string> =>
  inCompany(db, company.company_id, (tx) => makeEnrolmentCode(tx, company.location_id));

/** A terminal of the documented protocol, with the shift that is going to be worked at it. */
export async function terminalAt(
  centre: Omit<SafeCentre, 'close'>,
): Promise<{ terminal: WireTerminal; day: Shift }> {
  const user = person(centre.company, 'MANAGER');
  const terminal = await wireTerminal(centre.servers[0].url, await enrolmentCode(centre), user);
  const day = shift(terminal.enrolment, user);
  return { terminal, day };
}

/** What a server answers a terminal that asks where it stands. */
export async function stateOf(
  terminal: WireTerminal,
  at = terminal.url,
): Promise<Record<'acked_seq' | 'safe_seq' | 'server_epoch', unknown>> {
  const authorization = `Bearer ${await terminal.token()}`;
  const answer = await fetch(`${at}/api/v1/sync/state`, { headers: { authorization } });
  expect(answer.status).toBe(200);
  const { acked_seq, safe_seq, server_epoch } = (await answer.json()) as Record<string, unknown>;
  return { acked_seq, safe_seq, server_epoch };
}
