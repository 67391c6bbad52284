import { v7 as uuid } from 'uuid';
import type { ExceptionView, OfficeException } from '#shared/contract/office/exceptions.ts';
import type { Office } from './office.ts';

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
