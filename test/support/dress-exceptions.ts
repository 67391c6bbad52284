import { v7 as uuid } from 'uuid';
import type { VariantId } from '#shared/ids.ts';
import { userIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import type { Ticket } from '#shared/sales/ticket.ts';
import { acceptAll } from './desk.ts';
import type { Office } from './office.ts';
import type { OfficeStage } from './office-stage.ts';
import { person, queryAs } from './shop.ts';
import { type Shift, shift } from './tickets.ts';
import type { WireTerminal } from './wire-terminal.ts';

/** Lets a till deliver what a server finds odd, as it happens in shops; one of it is settled already. */
export async function dressExceptions(
  { central }: OfficeStage,
  office: Office,
  till: WireTerminal,
): Promise<void> {
  const { company } = central;
  const ada = person(company, 'CASHIER');
  const [mug] = await queryAs<{ variant_id: VariantId }>(
    central,
    company.company_id,
    'select variant_id from variant',
  );
  if (!mug) throw new Error('the shop has no goods');
  const day = shift(till.enrolment, ada);
  const sale = (goods: readonly Good[], change: Partial<Ticket> = {}) => named(day, goods, change);
  const { record, forge, garbage, deliver } = till;
  await deliver([
    record('day.opened', day.opened, { user_id: ada }),
    record(
      'ticket.completed',
      sale([
        { name: 'Honey, wildflower 500 g', price: 720 },
        { name: 'Blue enamel mug', price: 899, quantity: 2, variant_id: mug.variant_id },
      ]),
      { user_id: ada },
    ),
    record(
      'ticket.completed',
      sale([{ name: 'Blue enamel mug', price: 899, variant_id: mug.variant_id }], {
        total_minor: minor(998),
      }),
      { user_id: ada },
    ),
    record('ticket.completed', sale([{ name: 'Blue enamel mug', price: 899, variant_id: mug.variant_id }]), {
      user_id: userIdSchema.parse('01890a5d-ac96-774b-bcce-b302099a8057'),
    }),
    forge('loyalty.earned', { card: uuid(), points: 12 }, { user_id: ada }),
    garbage('half of an oper'),
  ]);
  await acceptAll(office, 'second_open_day');
}

type Good = { name: string; price: number; quantity?: number; variant_id?: VariantId };

/** A ticket over goods by their names. */
function named(day: Shift, goods: readonly Good[], change: Partial<Ticket>) {
  const lines = day
    .copy()
    .ticket({ lines: goods })
    .ticket.lines.map((line, place) => ({ ...line, name: goods[place]?.name ?? line.name }));
  return day.ticket({ lines: goods, change: { lines, ...change } });
}
