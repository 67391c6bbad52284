import { useEffect } from 'react';
import { create } from 'zustand';
import { type Answers, till } from '../api.ts';
import { explain, type Problem } from '../part/problem.ts';

type OfficeAnswers = Answers['office'];

/** The lists that forms choose from. */
type References = {
  departments: OfficeAnswers['departments']['list']['items'];
  currencies: OfficeAnswers['currencies']['list']['items'];
  locations: OfficeAnswers['locations']['list']['items'];
  clients: OfficeAnswers['clients']['list']['items'];
  roles: OfficeAnswers['roles']['list']['items'];
  terminals: OfficeAnswers['terminals']['list']['items'];
};

type Known = { [Name in keyof References]: References[Name] | null };

const nothing: Known = {
  departments: null,
  currencies: null,
  locations: null,
  clients: null,
  roles: null,
  terminals: null,
};

const useReferences = create<Known & { problem: Problem | null }>()(() => ({ ...nothing, problem: null }));

/** Every row of a list: pages until there is no more. */
async function all<Row>(
  list: (page: { skip: number; limit: number }) => Promise<{ items: Row[]; total_count: number }>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const { items, total_count } = await list({ skip: rows.length, limit: 200 });
    rows.push(...items);
    if (items.length === 0 || rows.length >= total_count) return rows;
  }
}

const readers: { readonly [Name in keyof References]: () => Promise<References[Name]> } = {
  departments: () => all((page) => till.office.departments.list({ ...page, sort: 'name' })),
  currencies: () => all((page) => till.office.currencies.list({ ...page, sort: 'code' })),
  locations: () => all((page) => till.office.locations.list({ ...page, sort: 'name' })),
  clients: () => all((page) => till.office.clients.list({ ...page, sort: 'name' })),
  roles: async () => (await till.office.roles.list()).items,
  terminals: () => all((page) => till.office.terminals.list({ ...page, sort: 'code' })),
};

/** A list that forms choose from, read when it is first needed; empty until then. */
export function useReference<Name extends keyof References>(name: Name): References[Name] {
  const known = useReferences((references): Known[Name] => references[name]);
  useEffect(() => {
    if (known === null) read(name);
  }, [known, name]);
  return (known ?? []) as References[Name];
}

/** What went wrong in reading such a list. */
export const useReferenceProblem = (): Problem | null => useReferences(({ problem }) => problem);

/** Reads a list anew when it is next needed, because it has changed; every list where none is named. */
export const forgetReferences = (name?: keyof References): void =>
  useReferences.setState(name === undefined ? { ...nothing, problem: null } : { [name]: null });

const asked = new Set<keyof References>();

async function read(name: keyof References): Promise<void> {
  if (asked.has(name)) return;
  asked.add(name);
  try {
    useReferences.setState({ [name]: await readers[name](), problem: null });
  } catch (error) {
    useReferences.setState({ problem: explain(error) });
  } finally {
    asked.delete(name);
  }
}
