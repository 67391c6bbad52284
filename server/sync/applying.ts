import type { LocationId, TerminalId, UserId } from '#shared/ids.ts';
import type { Permission } from '#shared/people/permission.ts';
import type { Operation, OperationKind } from '#shared/sync/operation.ts';
import type { ExceptionCode } from '#shared/sync/push.ts';
import { rows, type Tx } from '../db.ts';
import type { Quarantined } from './received.ts';

/** A fact that was accepted although somebody must look at it. */
export type Flag = { readonly seq: number; readonly code: ExceptionCode; readonly detail: string };

/** The terminal whose operations are applied, as its locked row says. */
export type ApplyingTerminal = {
  readonly terminal_id: TerminalId;
  readonly location_id: LocationId;
  readonly epoch: number;
  readonly revoked_at: Date | null;
};

/** What applying needs to know, and where it notes what it found. */
export type Applying = {
  readonly terminal: ApplyingTerminal;
  readonly people: ReadonlyMap<string, Person>;
  /** Days whose opening is in quarantine: what happened on them waits there too. */
  readonly daysSetAside: ReadonlySet<string>;
  readonly flag: (seq: number, code: ExceptionCode, detail: string) => void;
};

export type Person = { readonly disabled_at: Date | null; readonly permissions: ReadonlySet<string> };

/** Where an operation happened. */
export const placeOf = (terminal: ApplyingTerminal, operation: Operation): LocationId =>
  operation.location_id ?? terminal.location_id;

/** Operations of one kind. */
export type OperationOf<Kind extends OperationKind> = Extract<Operation, { kind: Kind }>;

/** Thrown while one operation is applied: it is set aside with this reason, its neighbours go on. */
export class Unapplicable extends Error {
  readonly quarantined: Quarantined;
  constructor(quarantined: Quarantined) {
    super(`${quarantined.code}: ${quarantined.detail}`);
    this.quarantined = quarantined;
  }
}

/**
 * The people who made or approved these operations, with what they may do now. Who has not accepted an invitation
 * yet is on no till, and so counts as unknown.
 */
export async function readPeople(tx: Tx, operations: readonly Operation[]): Promise<Map<string, Person>> {
  const ids = new Set<UserId>();
  for (const operation of operations) {
    ids.add(operation.user_id);
    if (operation.approver_id) ids.add(operation.approver_id);
  }
  const found = await rows<{ user_id: string; disabled_at: Date | null; permissions: string[] }>(
    tx,
    `select u.user_id, u.disabled_at,
       array(select distinct rp.permission_code from user_role ur
             join role_permission rp on rp.company_id = ur.company_id and rp.role_code = ur.role_code
             where ur.company_id = u.company_id and ur.user_id = u.user_id) as permissions
     from app_user u where u.company_id = $1 and u.user_id = any($2::uuid[]) and u.status <> 'INVITED'`,
    [tx.company_id, [...ids]],
  );
  return new Map(
    found.map(({ user_id, disabled_at, permissions }) => [
      user_id,
      { disabled_at, permissions: new Set(permissions) },
    ]),
  );
}

/** Flags the first operation at each location that the company does not have. */
export async function checkPlaces(
  tx: Tx,
  terminal: ApplyingTerminal,
  operations: readonly Operation[],
): Promise<Flag[]> {
  const firsts = new Map<LocationId, number>();
  for (const operation of operations) {
    const place = placeOf(terminal, operation);
    if (place !== terminal.location_id && !firsts.has(place)) firsts.set(place, operation.seq);
  }
  if (firsts.size === 0) return [];
  const known = await rows<{ location_id: LocationId }>(
    tx,
    'select location_id from location where company_id = $1 and location_id = any($2::uuid[])',
    [tx.company_id, [...firsts.keys()]],
  );
  for (const { location_id } of known) firsts.delete(location_id);
  return [...firsts].map(([place, seq]) => ({ seq, code: 'unknown_location', detail: place }));
}

/** Sets an operation aside whose sales day was itself set aside; both are replayed in order after the repair. */
export function requireDay(applying: Applying, dayId: string): void {
  if (!applying.daysSetAside.has(dayId)) return;
  throw new Unapplicable({
    code: 'depends_on_quarantined',
    detail: `the opening of day ${dayId} is in quarantine`,
  });
}

/** Flags what happened on a terminal after it was revoked. */
export const checkRevoked = ({ revoked_at }: ApplyingTerminal, operations: readonly Operation[]): Flag[] =>
  operations
    .filter((operation) => isAfter(operation, revoked_at))
    .map(({ seq, occurred_at }) => ({ seq, code: 'terminal_revoked', detail: occurred_at }));

/**
 * Flags what a person did without being allowed to (any more). The fact stays: the money has moved.
 * `needed` must be held by the user or, where there is one, by the approver.
 */
export function checkPeople(applying: Applying, operation: Operation, needed: readonly Permission[]): void {
  const person = checkPerson(applying, operation, operation.user_id);
  const approver = operation.approver_id
    ? checkPerson(applying, operation, operation.approver_id)
    : undefined;
  const lacking = needed.filter((code) => !person?.permissions.has(code) && !approver?.permissions.has(code));
  if (person && lacking.length > 0) applying.flag(operation.seq, 'not_permitted', lacking.join(', '));
}

/** The person, flagged where unknown, or disabled before this happened: what merely arrives later is no fault. */
function checkPerson(applying: Applying, operation: Operation, userId: UserId): Person | undefined {
  const person = applying.people.get(userId);
  if (!person) applying.flag(operation.seq, 'unknown_user', userId);
  else if (isAfter(operation, person.disabled_at)) applying.flag(operation.seq, 'user_disabled', userId);
  return person;
}

/** Whether something happened after a moment, by the terminal's clock. */
const isAfter = (operation: Operation, moment: Date | null): boolean =>
  moment !== null && Date.parse(operation.occurred_at) > moment.getTime();
