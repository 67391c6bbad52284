import type { DaySums, ZReport } from '#shared/sales/day.ts';
import type { DayOpened } from '#shared/sales/operations.ts';
import { addsUpTo } from '#shared/sales/rounding.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { rows, type Tx } from '../db.ts';
import { type Applying, checkPeople, type OperationOf, placeOf, requireDay } from '../sync/applying.ts';
import { daySums } from './day-sums.ts';

/** `day.opened`. A second open day of the same person or the same terminal, opened offline, is kept and flagged. */
export async function openDay(
  tx: Tx,
  applying: Applying,
  operation: OperationOf<'day.opened'>,
): Promise<void> {
  checkPeople(applying, operation, ['day.operate']);
  const open = await rows<{ day_id: string }>(
    tx,
    `select day_id from sales_day
     where company_id = $1 and closed_at is null and (opened_by = $2 or terminal_id = $3)`,
    [tx.company_id, operation.user_id, applying.terminal.terminal_id],
  );
  for (const other of open) applying.flag(operation.seq, 'second_open_day', `${other.day_id} is open too`);
  const { occurred_at, user_id } = operation;
  await insertDay(tx, applying, operation, { ...operation.body, opened_at: occurred_at, opened_by: user_id });
}

/**
 * `day.closed`. The server adds the day up from its own rows; where the terminal's Z report says otherwise
 * both stay as they are and an exception is raised.
 */
export async function closeDay(
  tx: Tx,
  applying: Applying,
  operation: OperationOf<'day.closed'>,
): Promise<void> {
  const { z } = operation.body;
  requireDay(applying, z.day_id);
  checkPeople(applying, operation, ['day.operate']);
  const [day] = await rows<{ terminal_id: string; float_minor: number; closed: boolean }>(
    tx,
    `select terminal_id, float_minor, closed_at is not null as closed from sales_day
     where company_id = $1 and day_id = $2 for update`,
    [tx.company_id, z.day_id],
  );
  if (day && day.terminal_id !== applying.terminal.terminal_id) {
    // A copy of a terminal, under a name of its own, closes the day that it had open: that day is the other's.
    applying.flag(operation.seq, 'unknown_day', `${z.day_id} was opened by terminal ${day.terminal_id}`);
    return;
  }
  if (day?.closed) {
    applying.flag(operation.seq, 'day_already_closed', z.day_id);
    return;
  }
  const sums = await daySums(tx, applying.terminal.terminal_id, z.day_id);
  const agrees =
    sums !== undefined && reportAgrees(z, sums) && (!day || day.float_minor === z.drawer.float_minor);
  if (!agrees) {
    const found = sums ? canonicalJson(sums) : 'to more than can be held';
    applying.flag(operation.seq, 'z_differs', `the server adds up ${found}`);
  }
  if (!day) {
    applying.flag(operation.seq, 'unknown_day', z.day_id);
    // Its opening never came: the day is made from what the report says.
    await insertDay(tx, applying, operation, { ...z, float_minor: z.drawer.float_minor });
  }
  await rows(
    tx,
    `update sales_day set closed_at = $3, closed_by = $4, z = $5, z_agrees = $6
     where company_id = $1 and day_id = $2`,
    [tx.company_id, z.day_id, operation.occurred_at, operation.user_id, JSON.stringify(z), agrees],
  );
}

/** Whether a Z report says what the server adds up, and its drawer follows from that. Never throws: facts are large. */
function reportAgrees({ sums: reported, drawer }: ZReport, sums: DaySums): boolean {
  const cash = sums.tenders.filter((tender) => tender.kind === 'cash').map((tender) => tender.amount_minor);
  return (
    canonicalJson(sums) === canonicalJson(reported) &&
    addsUpTo(cash, drawer.cash_minor) &&
    addsUpTo([drawer.float_minor, drawer.cash_minor], drawer.expected_minor) &&
    addsUpTo([drawer.expected_minor, drawer.over_short_minor], drawer.counted_minor)
  );
}

type Opening = Pick<ZReport, 'day_id' | 'business_date' | 'currency' | 'opened_at' | 'opened_by'> &
  Pick<DayOpened, 'float_minor'>;

const insertDay = (
  tx: Tx,
  applying: Applying,
  operation: Operation,
  { day_id, business_date, currency, opened_at, opened_by, float_minor }: Opening,
): Promise<unknown> =>
  rows(
    tx,
    `insert into sales_day (company_id, terminal_id, location_id, day_id, business_date, currency, opened_at,
       opened_by, float_minor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tx.company_id,
      applying.terminal.terminal_id,
      placeOf(applying.terminal, operation),
      day_id,
      business_date,
      currency,
      opened_at,
      opened_by,
      float_minor,
    ],
  );
