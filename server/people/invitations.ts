import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { invitationsContract } from '#shared/contract/office/users.ts';
import type { InvitationId, UserId } from '#shared/ids.ts';
import { INVITATION_HOURS, type Invitation } from '#shared/people/invitation.ts';
import type { User } from '#shared/people/user.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { rows, type Tx } from '../db.ts';
import { queueMail } from '../jobs/mail-queue.ts';
import { audit } from '../ops/audit.ts';
import { Refusal } from '../problem.ts';
import type { Actor } from './actor.ts';
import { checkAssignment, checkReach, lockRoles } from './assignment.ts';
import { insertUser } from './change-user.ts';
import { readSeenInvitation } from './read-invitation.ts';
import { readUser } from './read-user.ts';

type Input = z.output<NonNullable<(typeof invitationsContract.create)['~orpc']['inputSchema']>>;

const EXPIRES = `now() + ${INVITATION_HOURS} * interval '1 hour'`;

/**
 * Invites somebody: the person, the invitation and the job that mails it are made together or not at all. The same
 * ids with the same content give the same invitation again.
 * @throws 409 on `email` where the address is somebody's of the company or already invited, 409 `conflict` where an
 * id is taken, 422, 403
 */
export async function invite(tx: Tx, actor: Actor, given: Input): Promise<Invitation> {
  const known = await lockRoles(tx);
  const asked = askedHash(given);
  if (await wasAsked(tx, given.invitation_id, asked))
    return readSeenInvitation(tx, actor, given.invitation_id);
  await checkAssignment(tx, actor, known, given);
  await letExpiredGo(tx, actor, given.email);
  await checkFree(tx, given);
  await insertUser(tx, actor, {
    ...{
      user_id: given.user_id,
      name: given.name,
      email: given.email,
      roles: given.roles,
      scope: given.scope,
    },
    ...{ status: 'INVITED', pin_hash: null, password_hash: null },
  });
  const job = await queueInvitation(tx, given.invitation_id);
  await rows(
    tx,
    `insert into invitation (company_id, invitation_id, user_id, email, asked_hash, invited_by, expires_at, mail_job)
     values ($1, $2, $3, $4, $5, $6, ${EXPIRES}, $7)`,
    [tx.company_id, given.invitation_id, given.user_id, given.email, asked, actor.user_id, job],
  );
  return changed(tx, actor, 'invitation.created', given.invitation_id, null);
}

/**
 * Mails an invitation again, with a new code and another 72 hours; the code that was mailed before ends. Not to
 * somebody who is disabled, or was let in otherwise: the code would open nothing.
 * @throws 404, 403, 409 `invitation_over`
 */
export async function resendInvitation(tx: Tx, actor: Actor, id: InvitationId): Promise<Invitation> {
  const { before, isOpen, person } = await lockInvitation(tx, actor, id);
  if (!isOpen) throw over(before);
  if (person.status !== 'INVITED') {
    throw new Refusal(409, 'invitation_over', `This person is ${person.status.toLowerCase()}, not invited.`);
  }
  const job = await queueInvitation(tx, id);
  await rows(
    tx,
    `update invitation set expires_at = ${EXPIRES}, token_hash = null, mail_job = $3,
       mail_state = 'waiting', mail_at = null, mail_reason = null
     where company_id = $1 and invitation_id = $2`,
    [tx.company_id, id, job],
  );
  return changed(tx, actor, 'invitation.resent', id, before);
}

/**
 * Withdraws an invitation; repeated it changes nothing. The address is free again.
 * @throws 404, 403, 409 `invitation_over` where it was accepted
 */
export async function revokeInvitation(tx: Tx, actor: Actor, id: InvitationId): Promise<Invitation> {
  const { before, isOpen } = await lockInvitation(tx, actor, id);
  if (before.status === 'REVOKED') return before;
  if (!isOpen) throw over(before);
  await end(tx, actor, before, 'REVOKED');
  return changed(tx, actor, 'invitation.revoked', id, before);
}

const queueInvitation = (tx: Tx, invitation_id: InvitationId): Promise<string> =>
  queueMail(tx, { kind: 'invitation', company_id: tx.company_id, invitation_id });

/** What was asked for, whatever the order of roles and locations. */
function askedHash({ roles, scope, ...rest }: Input): Buffer {
  const sorted = (values: readonly string[]) => [...new Set(values)].sort();
  const places = scope.kind === 'locations' ? { ...scope, location_ids: sorted(scope.location_ids) } : scope;
  return createHash('sha256')
    .update(canonicalJson({ ...rest, roles: sorted(roles), scope: places }))
    .digest();
}

/** Whether exactly this was asked for before. @throws 409 `conflict` where something else was, under the same id */
async function wasAsked(tx: Tx, id: InvitationId, asked: Buffer): Promise<boolean> {
  const [row] = await rows<{ asked_hash: Buffer }>(
    tx,
    'select asked_hash from invitation where company_id = $1 and invitation_id = $2',
    [tx.company_id, id],
  );
  if (row && !row.asked_hash.equals(asked)) {
    throw new Refusal(409, 'conflict', 'Another invitation has this id already.');
  }
  return row !== undefined;
}

/** The office may know its own people: who is there is no secret to whoever invites. */
async function checkFree(tx: Tx, { user_id, email }: Input): Promise<void> {
  const found = await rows<{ user_id: string; status: string }>(
    tx,
    'select user_id, status from app_user where company_id = $1 and (user_id = $2 or email = $3)',
    [tx.company_id, user_id, email],
  );
  if (found.some((row) => row.user_id === user_id)) {
    throw new Refusal(409, 'conflict', 'Somebody else has this id already.');
  }
  const [holder] = found;
  if (!holder) return;
  const message =
    holder.status === 'INVITED' ? 'is invited already' : 'is the address of somebody here already';
  throw new Refusal(409, 'address_taken', 'This address is taken.', { errors: [{ path: 'email', message }] });
}

/** An invitation whose time is over counts no more: the address is free for another one. */
async function letExpiredGo(tx: Tx, actor: Actor, email: string): Promise<void> {
  const late = await rows<{ invitation_id: InvitationId; user_id: UserId }>(
    tx,
    `select invitation_id, user_id from invitation
     where company_id = $1 and email = $2 and status = 'PENDING' and expires_at <= now()`,
    [tx.company_id, email],
  );
  for (const invitation of late) await end(tx, actor, invitation, 'EXPIRED');
}

/**
 * Ends an invitation. The person who never came is disabled and keeps no address; nobody is deleted. Whom an
 * administrator let in meanwhile, with a PIN, stays as they are.
 */
async function end(
  tx: Tx,
  actor: Actor,
  { invitation_id, user_id }: Pick<Invitation, 'invitation_id' | 'user_id'>,
  status: 'EXPIRED' | 'REVOKED',
): Promise<void> {
  await rows(tx, 'update invitation set status = $3 where company_id = $1 and invitation_id = $2', [
    tx.company_id,
    invitation_id,
    status,
  ]);
  const before = await readUser(tx, user_id);
  if (before.status === 'ACTIVE') return;
  await rows(
    tx,
    `update app_user set status = 'DISABLED', disabled_at = coalesce(disabled_at, now()), email = null
     where company_id = $1 and user_id = $2`,
    [tx.company_id, user_id],
  );
  const after = await readUser(tx, user_id);
  await audit(tx, actor, { action: 'user.disabled', entity: 'user', key: user_id, before, after });
}

/**
 * Locks an invitation and everything that decides about it. It is open also when its time is over, as long as no
 * other took its place.
 * @throws 404, 403
 */
async function lockInvitation(
  tx: Tx,
  actor: Actor,
  id: InvitationId,
): Promise<{ before: Invitation; isOpen: boolean; person: User }> {
  const known = await lockRoles(tx);
  const [row] = await rows<{ status: string }>(
    tx,
    'select status from invitation where company_id = $1 and invitation_id = $2 for update',
    [tx.company_id, id],
  );
  const before = await readSeenInvitation(tx, actor, id);
  const person = await readUser(tx, before.user_id);
  checkReach(actor, known, person);
  return { before, isOpen: row?.status === 'PENDING', person };
}

const over = ({ status }: Invitation) =>
  new Refusal(
    409,
    'invitation_over',
    `This invitation is over: it is ${status.toLowerCase()}. Make a new one.`,
  );

async function changed(
  tx: Tx,
  actor: Actor,
  action: `invitation.${string}`,
  id: InvitationId,
  before: Invitation | null,
): Promise<Invitation> {
  const after = await readSeenInvitation(tx, actor, id);
  await audit(tx, actor, { action, entity: 'invitation', key: id, before, after });
  return after;
}
