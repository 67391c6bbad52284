import type { Approval } from '#shared/contract/till.ts';
import type { UserId } from '#shared/ids.ts';
import type { Permission } from '#shared/people/permission.ts';
import type { TillUser } from '#shared/people/user.ts';
import { refused } from '../refusal.ts';
import type { Till } from '../till.ts';
import { verifyPin } from './pin.ts';

/** Who acts, and whose consent was given on the spot. The approver's PIN has been checked. */
export type Actor = { user: TillUser; approver: TillUser | null };

/** What each permission lets a person do, in the words of a refusal. */
const ACTIONS: Partial<Record<Permission, string>> = {
  'sale.ring': 'sell',
  'sale.discount': 'give a discount',
  'sale.override': 'change a price',
  'sale.refund': 'refund',
  'day.operate': 'open or close the day',
  'inventory.adjust': 'correct stock',
};

/** Checks the approval that came with a command, if one did, before the command's own commit begins. */
export async function actorOf(till: Till, user: TillUser, approval: Approval | undefined): Promise<Actor> {
  if (!approval) return { user, approver: null };
  return { user, approver: await verifyPin(till, approval.user_id, approval.pin, 'approval') };
}

/**
 * Whose permission this rests on: the user's own, else the approver's.
 * @throws REFUSED `approval_needed` where nobody gave consent, `approval_not_enough` where the approver may not either
 */
export function authorise(actor: Actor, permission: Permission): UserId {
  return may(actor.user, permission) ? actor.user.user_id : consent(actor, permission);
}

/** As `authorise`, but somebody's PIN is needed now, even of the one who is signed in (step-up). */
export function consent({ approver }: Actor, permission: Permission): UserId {
  const action = ACTIONS[permission] ?? permission;
  if (!approver) {
    throw refused(
      'approval_needed',
      `This needs the PIN of somebody who may ${action}. Ask them to enter it.`,
      'approval',
      permission,
    );
  }
  if (!may(approver, permission)) {
    throw refused(
      'approval_not_enough',
      `${approver.name} may not ${action} either. Ask somebody who may.`,
      'approval',
      permission,
    );
  }
  return approver.user_id;
}

export const may = (user: TillUser, permission: Permission): boolean => user.permissions.includes(permission);

/** The approver to put on an operation: whose consent it was, unless it was the user's own permission. */
export const approverOf = (actor: Actor, consentOf: UserId): UserId | undefined =>
  consentOf === actor.user.user_id ? undefined : consentOf;
