import { useEffect } from 'react';
import { create } from 'zustand';
import { till } from '../../api.ts';
import { useSection } from '../section-store.ts';

const useCount = create<{ count: number | null }>()(() => ({ count: null }));

/**
 * Asks how many exceptions are open. A number that could not be had is not shown: the list itself says what is wrong.
 */
export async function refreshOpenCount(): Promise<void> {
  const count = await till.office.exceptions.list({ state: 'open', limit: 1 }).then(
    ({ total_count }) => total_count,
    () => null,
  );
  useCount.setState({ count });
}

/** How many exceptions are open; null while it is not known. */
export const useOpenExceptions = (): number | null => useCount(({ count }) => count);

/**
 * Keeps the count fresh: whenever somebody goes to another page, and never by the clock, which would keep a session of
 * the office alive that nobody uses.
 */
export function useFreshOpenCount(isNeeded: boolean): void {
  const section = useSection((state) => state.section);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the section says when to ask again, not what
  useEffect(() => {
    if (isNeeded) refreshOpenCount();
  }, [section, isNeeded]);
}
