import type { Person } from '#shared/people/person.ts';
import { currencySchema } from '#shared/sales/money.ts';
import type { Decision } from '#shared/sync/decision.ts';
import { isOperationKind } from '#shared/sync/operation.ts';
import { displayMoney } from '../../part/money.ts';
import { troubleText } from './text.ts';

/** What an operation is, for people: `Ticket`. One that could not be read is an entry. */
export const operationWords = (kind: string | null): string =>
  kind !== null && isOperationKind(kind) ? troubleText.operations[kind] : troubleText.entry;

/** The same, where there is room for a kind that only a newer program knows. */
export const kindWords = (kind: string | null): string =>
  kind === null ? troubleText.someone : isOperationKind(kind) ? troubleText.operations[kind] : kind;

/** What an operation is and which: `Ticket SHOP1-T1-T-000012`. */
export const subjectWords = (kind: string | null, receiptNumber: string | null): string =>
  receiptNumber === null ? operationWords(kind) : `${operationWords(kind)} ${receiptNumber}`;

/** An amount in its currency, or nothing where either is not known. */
export function amountWords(minor: number | null, currency: string | null): string | null {
  const known = currencySchema.safeParse(currency);
  return minor === null || !known.success ? null : displayMoney(minor, known.data);
}

/** Somebody by name; the operation itself has the id of whom nobody knows. */
export const personWords = (person: Person | null): string =>
  person === null ? troubleText.dash : (person.name ?? troubleText.someone);

/** What became of it: `Accepted`. A replay that came to nothing says so. */
export const decisionWords = ({ action, settles }: Pick<Decision, 'action' | 'settles'>): string =>
  action === 'replayed' && !settles ? troubleText.stillAside : troubleText.decisions[action];

/** Who decided, with whose consent, and where. */
export function deciderWords({
  user,
  approver,
  terminal,
}: Pick<Decision, 'user' | 'approver'> & { readonly terminal: { readonly code: string } | null }): string {
  if (user === null) return troubleText.server;
  const where = terminal === null ? troubleText.inOffice : troubleText.atTill(terminal.code);
  const who = troubleText.by(personWords(user), where);
  return approver === null ? who : `${who}, ${troubleText.withApproval(personWords(approver))}`;
}
