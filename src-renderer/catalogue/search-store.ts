import { create } from 'zustand';
import type { Item } from '#shared/catalogue/item.ts';
import { till } from '../api.ts';
import { step } from '../part/step.ts';

type Search = {
  text: string;
  state: 'idle' | 'searching' | 'found' | 'failed';
  items: readonly Item[];
  chosen: number;
};

const empty: Search = { text: '', state: 'idle', items: [], chosen: 0 };

/** What is being searched for, and what was found. */
export const useSearch = create<Search>()(() => empty);

const limit = 100;
const pause = 60;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Searches for what is typed, a moment after the last key; an answer to older words is dropped. */
export function searchFor(text: string): void {
  clearTimeout(timer);
  if (text.trim() === '') {
    useSearch.setState({ ...empty, text });
    return;
  }
  useSearch.setState({ text, state: 'searching' });
  timer = setTimeout(() => {
    till.catalogue.search({ text, limit }).then(
      (items) => answer(text, { state: 'found', items, chosen: 0 }),
      () => answer(text, { state: 'failed', items: [] }),
    );
  }, pause);
}

function answer(text: string, found: Partial<Search>): void {
  if (useSearch.getState().text === text) useSearch.setState(found);
}

/**
 * The item that is marked; while a search is on its way, the one that it will mark. `Enter` right after the last
 * letter then takes what was typed, not what an earlier letter had found.
 */
export function markedItem(): Promise<Item | undefined> {
  return new Promise((resolve) => {
    const look = ({ state, items, chosen }: Search): boolean => {
      if (state === 'searching') return false;
      resolve(items[chosen]);
      return true;
    };
    if (look(useSearch.getState())) return;
    const stop = useSearch.subscribe((search) => {
      if (look(search)) stop();
    });
  });
}

/** Empties the search. */
export const clearSearch = (): void => searchFor('');

/** Chooses the result below or above. */
export const stepSearch = (by: 1 | -1): void =>
  useSearch.setState(({ chosen, items }) => ({
    chosen: items.length === 0 ? 0 : step(chosen, by, items.length),
  }));

/** Chooses a result. */
export const chooseItem = (item: Item): void =>
  useSearch.setState(({ items }) => ({ chosen: items.indexOf(item) }));
