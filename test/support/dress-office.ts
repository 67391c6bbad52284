import { v7 as uuid } from 'uuid';
import { dressExceptions } from './dress-exceptions.ts';
import { invitation } from './invite.ts';
import { type Office, officeOf } from './office.ts';
import type { OfficeStage } from './office-stage.ts';
import { enrolmentCode, person } from './shop.ts';
import { shift } from './tickets.ts';
import { type WireTerminal, wireTerminal } from './wire-terminal.ts';

/** Fills the company of a stage with people and places to look at, as an administrator would by HTTP. */
export async function dressOffice(stage: OfficeStage): Promise<void> {
  const { central, server, mails } = stage;
  const office = await officeOf(server.url, central.company);
  const depot = await addDepot(office);
  const onlyDepot = { kind: 'locations', location_ids: [depot] };
  await office.post('/api/v1/clients', {
    client_id: uuid(),
    code: 'ALPINE',
    name: 'Alpine Dairies',
    billing_address: '4 Mill Lane\nLeeds LS1 4BT',
  });
  await office.post('/api/v1/users', {
    ...{ user_id: uuid(), name: 'Lena Brandt', pin: '5093', roles: ['CASHIER'] },
    scope: { kind: 'company' },
  });
  await office.post('/api/v1/users', {
    ...{ user_id: uuid(), name: 'Samir Khoury', pin: '7160', roles: ['WAREHOUSE_OP'] },
    scope: onlyDepot,
  });
  const [first] = await Promise.all([
    mails.mailTo('noor@corner-shop.example'),
    office.post(
      '/api/v1/invitations',
      invitation({ email: 'noor@corner-shop.example', name: 'Noor Haddad', roles: ['MANAGER'] }),
    ),
  ]);
  if (first.code === '') throw new Error('the mail has no code');
  const back = await addTerminal(stage, office, 'Back till');
  const old = await addTerminal(stage, office, 'Old till');
  await office.post(`/api/v1/terminals/${old.enrolment.terminal_id}/revoke`);
  await dressExceptions(stage, office, back);
}

/** Enrols a terminal and lets it deliver something. */
async function addTerminal(
  { central, server }: OfficeStage,
  office: Office,
  name: string,
): Promise<WireTerminal> {
  const code = await enrolmentCode(central, central.company);
  const user = person(central.company, 'MANAGER');
  const terminal = await wireTerminal(server.url, code, user);
  const { enrolment, record, deliver } = terminal;
  await deliver([record('day.opened', shift(enrolment, user).opened)]);
  await office.patch(`/api/v1/terminals/${enrolment.terminal_id}`, 1, { name });
  return terminal;
}

async function addDepot(office: Office): Promise<string> {
  const location_id = uuid();
  const added = await office.post('/api/v1/locations', {
    ...{ location_id, code: 'DEPOT', kind: 'warehouse', name: 'Depot, Canal Road', currency: 'GBP' },
    ...{ zone: 'Europe/London', day_change_hour: 0, cash_step_minor: 5 },
    ...{ denominations: [5000, 2000, 1000, 500], prices_include_tax: true, tax_rounding: 'ticket' },
  });
  if (added.status !== 201) throw new Error(`${added.status} ${JSON.stringify(added.body)}`);
  return location_id;
}
