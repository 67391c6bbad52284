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
};

/** What applying needs to know, and where it notes what it found. */
export type Applying = {
  readonly terminal: ApplyingTerminal;
  readonly people: ReadonlyMap<string, Person>;
  /** Days whose opening is in quarantine: what happened on them waits there too. */
  readonly daysSetAside: ReadonlySet<string>;
  readonly flag: (seq: number, code: ExceptionCode, detail: string) => void;
};

export type Person = { readonly active: boolean; readonly permissions: ReadonlySet<string> };

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

/** The people who made or approved these operations, with what they may do now. */
export async function readPeople(tx: Tx, operations: readonly Operation[]): Promise<Map<string, Person>> {
  const ids = new Set<UserId>();
  for (const operation of operations) {
    ids.add(operation.user_id);
    if (operation.approver_id) ids.add(operation.approver_id);
  }
  const found = await rows<{ user_id: string; active: boolean; permissions: string[] }>(
    tx,
    `select u.user_id, u.status = 'ACTIVE' as active,
       array(select distinct rp.permission_code from user_role ur
             join role_permission rp on rp.company_id = ur.company_id and rp.role_code = ur.role_code
             where ur.company_id = u.company_id and ur.user_id = u.user_id) as permissions
     from app_user u where u.company_id = $1 and u.user_id = any($2::uuid[])`,
    [tx.company_id, [...ids]],
  );
  return new Map(
    found.map((row) => [row.user_id, { active: row.active, permissions: new Set(row.permissions) }]),
  );
}

/** Sets an operation aside whose sales day was itself set aside; both are replayed in order after the repair. */
export function requireDay(applying: Applying, dayId: string): void {
  if (!applying.daysSetAside.has(dayId)) return;
  throw new Unapplicable({
    code: 'depends_on_quarantined',
    detail: `the opening of day ${dayId} is in quarantine`,
  });
}

/**
 * Flags what a person did without being allowed to (any more). The fact stays: the money has moved.
 * `needed` must be held by the user or, where there is one, by the approver.
 */
export function checkPeople(applying: Applying, operation: Operation, needed: readonly Permission[]): void {
  const person = applying.people.get(operation.user_id);
  const approver = operation.approver_id ? applying.people.get(operation.approver_id) : undefined;
  if (!person) applying.flag(operation.seq, 'unknown_user', operation.user_id);
  else if (!person.active) applying.flag(operation.seq, 'user_disabled', operation.user_id);
  if (operation.approver_id && !approver) applying.flag(operation.seq, 'unknown_user', operation.approver_id);
  else if (operation.approver_id && !approver?.active) {
    applying.flag(operation.seq, 'user_disabled', operation.approver_id);
  }
  const lacking = needed.filter((code) => !person?.permissions.has(code) && !approver?.permissions.has(code));
  if (person && lacking.length > 0) applying.flag(operation.seq, 'not_permitted', lacking.join(', '));
}
