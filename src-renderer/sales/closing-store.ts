import { create } from 'zustand';
import type { ZReport } from '#shared/sales/day.ts';
import { till } from '../api.ts';
import { announce } from '../part/announce.tsx';
import { explain, type Problem } from '../part/problem.ts';
import { withApproval } from '../people/step-up-store.ts';
import { patchTillState, useTill } from '../people/till-store.ts';
import { refreshStatus } from '../sync/status-store.ts';
import { countOf, type Pieces, totalOf } from './cash-count.tsx';
import { salesText } from './text.ts';

type Closing = {
  pieces: Pieces;
  /** Whether the count is finished and looked at once more. */
  isReviewed: boolean;
  reason: string;
  isBusy: boolean;
  problem: Problem | null;
  /** The report of the day that was just closed. */
  z: ZReport | null;
};

const fresh: Closing = { pieces: {}, isReviewed: false, reason: '', isBusy: false, problem: null, z: null };

/** The closing of the day, as far as it has come; it outlives a look at another place. */
export const useClosing = create<Closing>()(() => fresh);

/** Changes a part of the closing. */
export const setClosing = (part: Partial<Closing>): void => useClosing.setState(part);

/** Begins anew. */
export const resetClosing = (): void => useClosing.setState(fresh);

/** Closes the day with the count as it stands. */
export async function closeDay(): Promise<void> {
  const day = useTill.getState().state?.day;
  const { pieces, reason, isBusy } = useClosing.getState();
  if (!day || isBusy) return;
  setClosing({ isBusy: true, problem: null });
  const counted_minor = totalOf(pieces);
  try {
    const z = await withApproval(salesText.closeTitle, (approval) =>
      till.sales.closeDay({
        day_id: day.day_id,
        counted_minor,
        count: countOf(pieces),
        ...(reason.trim() !== '' && { reason: reason.trim() }),
        ...(approval && { approval }),
      }),
    );
    if (!z) return;
    useClosing.setState({ ...fresh, z });
    patchTillState({ day: null });
    refreshStatus();
    announce(salesText.closedTitle(z.z_number), 'assertive');
  } catch (error) {
    setClosing({ problem: explain(error) });
  } finally {
    setClosing({ isBusy: false });
  }
}
