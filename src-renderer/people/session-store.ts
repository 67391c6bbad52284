import { create } from 'zustand';
import type { UserId } from '#shared/ids.ts';
import type { Permission } from '#shared/people/permission.ts';

/** Who is at the till. The token is held in memory alone: closing the window locks the till. */
export type Session = {
  session: string;
  user_id: UserId;
  name: string;
  permissions: Permission[];
};

/** The session of whoever is signed in, or null while the till is locked, with why it ended if nobody here ended it. */
export const useSession = create<{ session: Session | null; ended: string | null }>()(() => ({
  session: null,
  ended: null,
}));

/** Whether the person at the till holds a permission. The screen merely hides; the data process decides. */
export const usePermission = (permission: Permission): boolean =>
  useSession(({ session }) => session?.permissions.includes(permission) ?? false);

/** Somebody was let in. */
export const beginSession = (session: Session): void => useSession.setState({ session, ended: null });

/**
 * Locks the screen: forgets the session. The cart stays where it is, in the ledger.
 * @param why what the data process said, where it was the one to end it
 */
export const forgetSession = (why: string | null = null): void =>
  useSession.setState(({ session, ended }) => ({ session: null, ended: session ? why : ended }));
