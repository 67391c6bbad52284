import { v7 as uuid } from 'uuid';
import type { ExceptionView, OfficeException } from '#shared/contract/office/exceptions.ts';
import { decisionIdSchema, type LocationId, locationIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import type { TroubleCode } from '#shared/sync/exception.ts';
import type { WireOperation } from '#shared/sync/operation.ts';
import { addItems } from './catalogue.ts';
import type { TestCentral } from './central.ts';
import { type Office, officeOf } from './office.ts';
import type { TestServer } from './server.ts';
import { testShop } from './shop.ts';

/** What is on the desk of the office, as somebody there sees it. */
export async function onDesk(office: Office, query = ''): Promise<OfficeException[]> {
  const answer = await office.get(`/api/v1/exceptions?limit=200&${query}`);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body.items as OfficeException[];
}

/** Decides about something that was seen on the desk. */
export const decideOn = (
  office: Office,
  seen: Pick<OfficeException, 'exception_id' | 'version'>,
  action: 'accept' | 'correct' | 'replay' | 'reopen',
  body: object = {},
) =>
  office.send(
    'POST',
    `/api/v1/exceptions/${seen.exception_id}/${action}`,
    { decision_id: uuid(), note: 'Looked at it.', ...body },
    { 'if-match': `"${seen.version}"` },
  );

/** Accepts all that is open of one code. */
export async function acceptAll(office: Office, code: string): Promise<ExceptionView[]> {
  const decided: ExceptionView[] = [];
  for (const seen of await onDesk(office, `state=open&code=${code}`)) {
    const answer = await decideOn(office, seen, 'accept');
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    decided.push(answer.body as ExceptionView);
  }
  return decided;
}

/** A shop with an open day, its manager in the office, and a way to ring a ticket whose sums are wrong. */
export async function deskOfShop(central: TestCentral, server: TestServer) {
  const shop = await testShop(central, server);
  const { terminal, day, company } = shop;
  const items = await addItems(central.db, company.company_id, [{ sku: 'MUG', name: 'Mug', price: 255 }]);
  const variant_id = items.get('MUG') ?? '';
  const office = await officeOf(server.url, company, 'MANAGER');
  await terminal.deliver([terminal.record('day.opened', day.opened)]);
  const wrong = (about?: { user_id: typeof shop.user }) =>
    terminal.record(
      'ticket.completed',
      day.ticket({ lines: [{ variant_id }], change: { total_minor: minor(1) } }),
      about,
    );
  const right = () => terminal.record('ticket.completed', day.ticket({ lines: [{ variant_id }] }));
  /** A decision that somebody made at the terminal. */
  const accepted = (subject: WireOperation, code: TroubleCode, about?: { user_id: typeof shop.user }) =>
    terminal.record(
      'exception.accepted',
      { decision_id: decisionIdSchema.parse(uuid()), op_id: subject.op_id, code, note: 'Seen at the till.' },
      about,
    );
  const told = async () => (await terminal.send('/api/v1/sync/state')).body.verdicts_changed;
  const codes = async (query: string) => (await onDesk(office, query)).map(({ code }) => code);
  const only = async () => {
    const [seen, ...others] = await onDesk(office, 'state=open');
    if (!seen || others.length > 0) throw new Error('there is not exactly one on the desk');
    return seen;
  };
  return { shop, terminal, day, office, wrong, right, accepted, told, codes, only };
}

/** Another location of the company, under the same rules. */
export async function addLocation(admin: Office, like: string, code: string): Promise<LocationId> {
  const { version: _, ...fields } = (await admin.get(`/api/v1/locations/${like}`)).body;
  const location_id = locationIdSchema.parse(uuid());
  const made = await admin.post('/api/v1/locations', { ...fields, location_id, code });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return location_id;
}
