import { create } from 'zustand';
import { type Answers, till } from '../api.ts';
import { explain, type Problem } from '../part/problem.ts';
import { beginSession, forgetSession } from './session-store.ts';

/** Somebody who may unlock this till. */
export type Person = Answers['people']['list'][number];

/** The people who may unlock this till; null until they were asked for. */
export const usePeople = create<{ people: readonly Person[] | null; problem: Problem | null }>()(() => ({
  people: null,
  problem: null,
}));

/** What somebody is called; undefined where this till does not know them, or not any more. */
export const useName = (user_id: string | undefined): string | undefined =>
  usePeople(({ people }) => people?.find((person) => person.user_id === user_id)?.name);

/** Asks who may unlock the till. */
export async function refreshPeople(): Promise<void> {
  try {
    usePeople.setState({ people: await till.people.list(), problem: null });
  } catch (error) {
    usePeople.setState({ problem: explain(error) });
  }
}

/** Unlocks the till; answers with what went wrong, or null. */
export async function signIn({ user_id }: Person, pin: string): Promise<Problem | null> {
  try {
    beginSession(await till.people.signIn({ user_id, pin }));
    return null;
  } catch (error) {
    return explain(error);
  }
}

/** Locks the till. The screen locks at once; the session ends as soon as the data process hears of it. */
export function lock(): void {
  const ended = till.people.signOut();
  forgetSession();
  ended.catch((error: unknown) => usePeople.setState({ problem: explain(error) }));
}
