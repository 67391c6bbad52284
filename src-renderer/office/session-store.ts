import { create } from 'zustand';
import type { Answers } from '../api.ts';
import { hasUnsaved } from './unsaved-store.ts';

/** Who is signed in to the office, and what they may do there. */
export type Me = Answers['office']['auth']['me'];

/** A session of the office. The handle is held in memory alone: loading the page anew signs out. */
export type OfficeSession = { readonly handle: string; readonly me: Me; readonly server_url: string };

/** Why a session is over: its person left, nobody touched the screen for long, or the server ended it. */
export type Ended = 'left' | 'idle' | 'ended';

/**
 * Where the screen is with the office. `interrupted`: the session is over, but something was typed that has not been
 * saved; it is kept, out of sight, until the same person signs in again.
 */
export type Office =
  | { readonly at: 'closed' }
  | { readonly at: 'door'; readonly why: Ended | null }
  | { readonly at: 'inside'; readonly session: OfficeSession }
  | { readonly at: 'interrupted'; readonly why: Ended; readonly session: OfficeSession };

/** Where the screen is with the office. */
export const useOffice = create<Office>()((): Office => ({ at: 'closed' }));

/** Goes somewhere, leaving nothing of where one was. */
export const enterOffice = (office: Office): void => useOffice.setState(office, true);

/** Forgets a session that is over, here and now. What was typed and not saved stays for the same person. */
export function forgetOfficeSession(why: Ended): void {
  const office = useOffice.getState();
  if (office.at !== 'inside') return;
  const isKept = why !== 'left' && hasUnsaved();
  enterOffice(isKept ? { at: 'interrupted', why, session: office.session } : { at: 'door', why });
}

/** The handle that calls of the office carry, or null where nobody is signed in. */
export function officeHandle(): string | null {
  const office = useOffice.getState();
  return office.at === 'inside' ? office.session.handle : null;
}
