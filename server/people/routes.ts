import { anyone, bearer, member } from '../access.ts';
import { namedVersion } from '../version.ts';
import { readRoles } from './assignment.ts';
import { changeRole } from './change-role.ts';
import { changeUser, createUser, disableUser, enableUser } from './change-user.ts';
import { listSessions, revokeAllSessions, revokeSession, revokeSessionsOf } from './list-sessions.ts';
import { listUsers } from './list-users.ts';
import { changeMe, changePassword, readMe } from './me.ts';
import { readSeenUser } from './read-user.ts';
import { endSession, endSessions } from './sessions.ts';
import { token } from './sign-in.ts';

/** `POST /token`. */
export const tokenRoute = anyone.token.handler(({ input, context }) =>
  token(context.db, context.secret, input, context.origin),
);

const done = { done: true } as const;

/** Signing out, and what people do about themselves. */
export const authRoutes = {
  logout: member.auth.logout.handler(async ({ context: { tx, actor } }) => {
    await endSession(tx, actor.session_id, 'logout');
    return done;
  }),
  logoutAll: member.auth.logoutAll.handler(async ({ context: { tx, actor } }) => {
    await endSessions(tx, [actor.user_id], 'logout');
    return done;
  }),
  me: member.auth.me.handler(({ context: { tx, actor } }) => readMe(tx, actor)),
  changeMe: member.auth.changeMe.handler(({ input: { headers, body }, context: { tx, actor } }) =>
    changeMe(tx, actor, namedVersion(headers), body),
  ),
  changePassword: bearer.auth.changePassword.handler(async ({ input, context }) => {
    await changePassword(context, input);
    return done;
  }),
};

export const userRoutes = {
  list: member.users.list.handler(({ input, context: { tx, actor } }) => listUsers(tx, actor, input)),
  get: member.users.get.handler(({ input, context: { tx, actor } }) =>
    readSeenUser(tx, actor, input.user_id),
  ),
  create: member.users.create.handler(({ input, context: { tx, actor } }) => createUser(tx, actor, input)),
  change: member.users.change.handler(({ input: { params, headers, body }, context: { tx, actor } }) =>
    changeUser(tx, actor, params.user_id, namedVersion(headers), body),
  ),
  disable: member.users.disable.handler(({ input, context: { tx, actor } }) =>
    disableUser(tx, actor, input.user_id),
  ),
  enable: member.users.enable.handler(({ input, context: { tx, actor } }) =>
    enableUser(tx, actor, input.user_id),
  ),
};

export const roleRoutes = {
  list: member.roles.list.handler(async ({ context: { tx } }) => ({ items: await readRoles(tx) })),
  change: member.roles.change.handler(({ input: { params, headers, body }, context: { tx, actor } }) =>
    changeRole(tx, actor, params.code, namedVersion(headers), body.permissions),
  ),
};

export const sessionRoutes = {
  list: member.sessions.list.handler(({ input, context: { tx, actor } }) => listSessions(tx, actor, input)),
  revoke: member.sessions.revoke.handler(async ({ input, context: { tx, actor } }) => ({
    revoked: await revokeSession(tx, actor, input.session_id),
  })),
  revokeOfUser: member.sessions.revokeOfUser.handler(async ({ input, context: { tx, actor } }) => ({
    revoked: await revokeSessionsOf(tx, actor, input.user_id),
  })),
  revokeAll: member.sessions.revokeAll.handler(async ({ context: { tx, actor } }) => ({
    revoked: await revokeAllSessions(tx, actor),
  })),
};
