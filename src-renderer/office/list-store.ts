import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { explain, type Problem } from '../part/problem.ts';

/** Rows on a page; the server gives at most 200. */
const PAGE_ROWS = 50;

/** How long typing must rest before it is searched for, in ms. */
const TYPING_RESTS = 250;

/** What the server is asked for. */
export type Wanted<Sort extends string> = {
  readonly text?: string;
  readonly sort: Sort;
  readonly order: 'asc' | 'desc';
  readonly skip: number;
  readonly limit: number;
};

/** A page of a list as it is shown. */
type ListState<Item, Sort extends string, Filter> = {
  readonly text: string;
  readonly sort: Sort;
  readonly order: 'asc' | 'desc';
  readonly skip: number;
  readonly limit: number;
  readonly filter: Filter;
  /** Null until the first answer. */
  readonly items: readonly Item[] | null;
  readonly total: number;
  readonly isLoading: boolean;
  readonly problem: Problem | null;
};

/** A list on the server: what of it is shown, and what changes that. */
export type List<Item, Sort extends string = string, Filter = object> = {
  readonly use: UseBoundStore<StoreApi<ListState<Item, Sort, Filter>>>;
  readonly refresh: () => Promise<void>;
  readonly search: (text: string) => void;
  readonly sortBy: (sort: Sort, order: 'asc' | 'desc') => void;
  readonly narrow: (filter: Partial<Filter>) => void;
  readonly turnTo: (skip: number) => void;
  /** Takes every filter away. */
  readonly widen: () => void;
};

/** A list that begins unfiltered, sorted by `sort`. Of several answers that are on their way, the last asked for counts. */
export function listStore<Item, Sort extends string, Filter extends object>({
  fetch,
  sort,
  order = 'asc',
  filter,
}: {
  fetch: (wanted: Wanted<Sort>, filter: Filter) => Promise<{ items: readonly Item[]; total_count: number }>;
  sort: Sort;
  order?: 'asc' | 'desc';
  filter: Filter;
}): List<Item, Sort, Filter> {
  const use = create<ListState<Item, Sort, Filter>>()(() => ({
    text: '',
    sort,
    order,
    skip: 0,
    limit: PAGE_ROWS,
    filter,
    items: null,
    total: 0,
    isLoading: false,
    problem: null,
  }));
  let lastAsked = 0;
  let typing: ReturnType<typeof setTimeout> | undefined;

  const refresh = async () => {
    lastAsked += 1;
    const asked = lastAsked;
    use.setState({ isLoading: true });
    const state = use.getState();
    const text = state.text.trim();
    try {
      const page = await fetch(
        {
          ...(text !== '' && { text }),
          sort: state.sort,
          order: state.order,
          skip: state.skip,
          limit: state.limit,
        },
        state.filter,
      );
      if (asked !== lastAsked) return;
      const { items, total_count: total } = page;
      if (items.length === 0 && total > 0) {
        // What stood on the last page is gone.
        use.setState({ skip: Math.floor((total - 1) / state.limit) * state.limit });
        return await refresh();
      }
      use.setState({ items, total, isLoading: false, problem: null });
    } catch (error) {
      if (asked === lastAsked) use.setState({ isLoading: false, problem: explain(error) });
    }
  };
  const change = (part: Partial<ListState<Item, Sort, Filter>>) => {
    clearTimeout(typing);
    use.setState({ skip: 0, ...part });
    refresh();
  };
  return {
    use,
    refresh,
    search: (text) => {
      clearTimeout(typing);
      use.setState({ text, skip: 0 });
      typing = setTimeout(refresh, TYPING_RESTS);
    },
    sortBy: (by, direction) => change({ sort: by, order: direction }),
    narrow: (part) => change({ filter: { ...use.getState().filter, ...part } }),
    turnTo: (skip) => change({ skip }),
    widen: () => change({ text: '', filter }),
  };
}
