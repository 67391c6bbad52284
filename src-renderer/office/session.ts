import { till } from '../api.ts';
import { explain, type Problem } from '../part/problem.ts';
import { lock } from '../people/people-store.ts';
import { useSession } from '../people/session-store.ts';
import { useTill } from '../people/till-store.ts';
import { enterOffice, forgetOfficeSession, type Me, useOffice } from './session-store.ts';

/** Opens the office's door. The till, where somebody has unlocked it, is locked: nobody watches it meanwhile. */
export function openOffice(): void {
  if (useSession.getState().session !== null) lock();
  enterOffice({ at: 'door', why: null });
}

/** Back to the till. */
export const closeOffice = (): void => enterOffice({ at: 'closed' });

/** The address of the server that a call from outside names: none where the terminal has its own. */
export const atServer = (server_url: string): { server_url?: string } =>
  server_url === '' ? {} : { server_url };

/** The server of this terminal, or the one that was typed in. */
const serverNamed = (typed: string): string => useTill.getState().state?.terminal?.server_url ?? typed;

/**
 * Signs in with an address and a password.
 * @param server_url the server's address where the terminal is not enrolled, otherwise empty
 * @throws what the data process says
 */
export async function signInToOffice(username: string, password: string, server_url: string): Promise<void> {
  const { office_session, me } = await till.office.signIn({ username, password, ...atServer(server_url) });
  enterOffice({ at: 'inside', session: { handle: office_session, me, server_url: serverNamed(server_url) } });
}

/** Takes in what has become of the person who is signed in. */
export function takeMe(me: Me): void {
  const office = useOffice.getState();
  if (office.at === 'inside') enterOffice({ at: 'inside', session: { ...office.session, me } });
}

/** Signs out. The screen forgets at once; the server hears of it as soon as it can. */
export function signOutOfOffice(why: 'left' | 'idle' = 'left'): void {
  const told = till.office.signOut();
  forgetOfficeSession(why);
  told.catch((error: unknown) => console.error(error));
}

/** Signs out wherever the person is signed in. */
export async function signOutEverywhere(): Promise<Problem | null> {
  try {
    await till.office.auth.logoutAll();
    signOutOfOffice();
    return null;
  } catch (error) {
    return explain(error);
  }
}
