import type { z } from 'zod';
import type { dayReplySchema } from '#shared/contract/central.ts';
import type { DayId } from '#shared/ids.ts';
import { rows, type Tx } from '../db.ts';
import { type TerminalIdentity, terminalRevoked } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import { daySums } from './day-sums.ts';

/** A sales day of this terminal, as the server adds it up now. */
export async function readDay(
  tx: Tx,
  identity: TerminalIdentity,
  dayId: DayId,
): Promise<z.output<typeof dayReplySchema>> {
  const [day] = await rows<{ closed: boolean; z_agrees: boolean | null; revoked: boolean }>(
    tx,
    `select d.closed_at is not null as closed, d.z_agrees, t.revoked_at is not null as revoked
     from sales_day d join terminal t using (company_id, terminal_id)
     where company_id = $1 and day_id = $2 and terminal_id = $3`,
    [tx.company_id, dayId, identity.terminal_id],
  );
  if (!day) throw new Refusal(404, 'not_found', 'This terminal has reported no such sales day.');
  if (day.revoked) throw terminalRevoked();
  const sums = await daySums(tx, identity.terminal_id, dayId);
  if (!sums) throw new Refusal(409, 'sums_too_large', 'This day adds up to more than can be told exactly.');
  return {
    day_id: dayId,
    state: day.closed ? 'closed' : 'open',
    sums,
    z_agrees: day.z_agrees,
  };
}
