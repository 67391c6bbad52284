import type { Notice, Standstill } from '#shared/contract/till.ts';
import { nowOf } from '../clock.ts';
import type { Ledger } from '../open.ts';
import { refused } from '../refusal.ts';
import { sql } from '../statement.ts';
import { commit, type Till } from '../till.ts';
import { ServerFault } from './central-call.ts';
import { lastSeq } from './operation-store.ts';

const STANDSTILL = sql<{ standstill: string | null }>('SELECT standstill FROM sync_state');
const NOTICE = sql<{ notice: string | null }>('SELECT notice FROM sync_state');
const SET_STANDSTILL = sql<never, [string | null]>('UPDATE sync_state SET standstill = ?');
const SET_NOTICE = sql<never, [string | null]>('UPDATE sync_state SET notice = ?');

/** Nothing is sent and nothing recorded until the two agree again, or people have looked. */
export class SyncStopped extends Error {}

const WORDS: Readonly<Record<Standstill['code'], string>> = {
  forked: 'Two copies of this till have sold different things. A manager must choose the one that goes on.',
  cloned: 'Another copy of this till went on meanwhile. A manager must choose the one that goes on.',
  replaced: 'Another machine goes on as this till. What was sold here can be brought in under a new name.',
  catching_up: 'The records of this till were put back from an old copy. It is fetching what they lack.',
  newer_version:
    'The records of this till were put back, and a newer version made what they lack. Install that version.',
};

/** Why nothing may be recorded, or null where all is well. */
export function standstillOf(ledger: Ledger): Standstill | null {
  const text = STANDSTILL(ledger).get()?.standstill ?? null;
  return text === null ? null : (JSON.parse(text) as Standstill);
}

/** What happened that nobody has read yet. */
export function noticeOf(ledger: Ledger): Notice | null {
  const text = NOTICE(ledger).get()?.notice ?? null;
  return text === null ? null : (JSON.parse(text) as Notice);
}

/** Inside the caller's transaction. */
export const setNotice = (ledger: Ledger, notice: Notice | null): void => {
  SET_NOTICE(ledger).run(notice === null ? null : JSON.stringify(notice));
};

/** Somebody has read what happened at that moment; what happened since stays. */
export const readNotice = (till: Till, at: string): void =>
  commit(till, () => {
    if (noticeOf(till.ledger)?.at === at) setNotice(till.ledger, null);
  });

/** Inside the caller's transaction. */
export const setStandstill = (ledger: Ledger, standstill: Standstill | null): void => {
  SET_STANDSTILL(ledger).run(standstill === null ? null : JSON.stringify(standstill));
};

/** Remembers that nothing may go on here, and why. */
export function halt(till: Till, code: Standstill['code']): SyncStopped {
  till.ledger
    .transaction(() => {
      const known = standstillOf(till.ledger);
      if (known?.code === code) return;
      // What is fetched back meanwhile was not here when it began.
      const last_seq = known && FETCHING.has(code) ? known.last_seq : lastSeq(till.ledger);
      setStandstill(till.ledger, { code, since: nowOf(till.clock), last_seq });
    })
    .immediate();
  return new SyncStopped(WORDS[code]);
}

const FETCHING: ReadonlySet<Standstill['code']> = new Set(['catching_up', 'newer_version']);

/** Why the till stands still, in a sentence. */
export const wordsOf = ({ code }: Standstill): string => WORDS[code];

/** What an answer of the server says about who else is this terminal; null for every other answer. */
export function toldBy(error: unknown): Standstill['code'] | null {
  const code = error instanceof ServerFault ? error.problem?.code : undefined;
  return TOLD[code ?? ''] ?? null;
}

const TOLD: Readonly<Record<string, Standstill['code']>> = {
  terminal_forked: 'forked',
  terminal_cloned: 'cloned',
  terminal_replaced: 'replaced',
};

/**
 * Lets something be recorded only where the till does not stand still: whatever a copy does after it knows makes two
 * histories more different.
 * @throws REFUSED `standstill`
 */
export function requireGoing(ledger: Ledger): void {
  const standstill = standstillOf(ledger);
  if (standstill)
    throw refused('standstill', `${wordsOf(standstill)} Nothing can be recorded here until then.`);
}
