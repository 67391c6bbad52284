import type { Approval } from '#shared/contract/till.ts';
import type { UserId } from '#shared/ids.ts';
import { daysSilent, isEveryday, servesAlone } from '#shared/people/offline.ts';
import type { Permission } from '#shared/people/permission.ts';
import type { TillUser } from '#shared/people/user.ts';
import { refused } from '../refusal.ts';
import { pullState } from '../sync/pull-state.ts';
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
  'exception.settle': 'decide about what was flagged or set aside',
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
export const authorise = (till: Till, actor: Actor, permission: Permission): UserId =>
  mayAlone(till, actor.user, permission) ? actor.user.user_id : consent(till, actor, permission);

/** The approver to put on an operation: none where the user may do it alone. @throws as `authorise` */
export const approverFor = (till: Till, actor: Actor, permission: Permission): UserId | undefined =>
  mayAlone(till, actor.user, permission) ? undefined : consent(till, actor, permission);

/** As `authorise`, but somebody's PIN is needed now, even of the one who is signed in (step-up). */
export function consent(till: Till, { user, approver }: Actor, permission: Permission): UserId {
  const action = ACTIONS[permission] ?? permission;
  if (!approver) {
    const silent = silentDays(till);
    const why =
      may(user, permission) && !servesAlone(permission, silent)
        ? `This till has not heard from the office for ${silent} days, so a PIN is asked for each time, yours too.`
        : `This needs the PIN of somebody who may ${action}. Ask them to enter it.`;
    throw refused('approval_needed', why, 'approval', permission);
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

/** Whether somebody may do this without a PIN on the spot. Everyday selling does not ask when the last pull was. */
export const mayAlone = (till: Till, user: TillUser, permission: Permission): boolean =>
  may(user, permission) && (isEveryday(permission) || servesAlone(permission, silentDays(till)));

const silentDays = (till: Till): number => daysSilent(pullState(till.catalog).pulled_at, till.clock.wallMs());
