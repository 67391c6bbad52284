import { useEffect } from 'react';
import { create } from 'zustand';
import type { DeskItem } from '#shared/contract/desk.ts';
import { till } from '../../api.ts';
import { explain, type Problem } from '../../part/problem.ts';
import { useSync } from '../status-store.ts';

type Desk = {
  /** Null until the first answer. */
  readonly open: readonly DeskItem[] | null;
  readonly settled: readonly DeskItem[] | null;
  readonly shown: DeskItem['state'];
  readonly chosen: string | null;
  /** What was decided last, until something else is chosen. */
  readonly said: string | null;
  readonly problem: Problem | null;
};

const nothing: Desk = { open: null, settled: null, shown: 'open', chosen: null, said: null, problem: null };

/** What of this till must be looked at, and what was decided here. */
export const useDesk = create<Desk>()(() => nothing);

/** One entry may be in trouble for several reasons; each is decided about by itself. */
export const troubleKey = ({ seq, code }: Pick<DeskItem, 'seq' | 'code'>): string => `${seq} ${code}`;

/** Asks for all of it, from the till's own ledger. */
export async function refreshDesk(): Promise<void> {
  try {
    const [open, settled] = await Promise.all([
      till.desk.list({ state: 'open' }),
      till.desk.list({ state: 'settled' }),
    ]);
    useDesk.setState({ open, settled, problem: null });
  } catch (error) {
    useDesk.setState({ problem: explain(error) });
  }
}

/** Keeps it fresh while somebody is signed in: the exchange with the server says when something has changed. */
export function useFreshDesk(): void {
  const acked = useSync(({ status }) => status?.acked_seq);
  const flagged = useSync(({ status }) => status?.flagged);
  const quarantined = useSync(({ status }) => status?.quarantined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they say when to ask again, not what
  useEffect(() => {
    refreshDesk();
  }, [acked, flagged, quarantined]);
}

/** How many troubles are open; 0 while that is not known. */
export const useOpenTroubles = (): number => useDesk(({ open }) => open?.length ?? 0);
