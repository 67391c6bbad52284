import type { Operation } from '#shared/sync/operation.ts';
import type { Flag } from './applying.ts';

/** How a terminal's clock may differ from ours before it is flagged: two minutes. Nothing depends on it. */
const CLOCK_TOLERANCE_MS = 2 * 60_000;

/**
 * What the newest operation tells about the terminal's clock. Ahead of ours it is wrong, and flagged where that is
 * news. Behind it says nothing: the operation may have waited offline for days; then the offset stays unknown.
 */
export function readClock(
  newest: Operation,
  known: number | null,
  now: Date,
): { offset_ms: number | null; flag?: Flag } {
  const offset = Date.parse(newest.occurred_at) - now.getTime();
  if (offset < -CLOCK_TOLERANCE_MS) return { offset_ms: known };
  if (offset <= CLOCK_TOLERANCE_MS || Math.abs(offset - (known ?? 0)) <= CLOCK_TOLERANCE_MS) {
    return { offset_ms: offset };
  }
  const detail = `the terminal's clock is ahead by ${offset} ms`;
  return { offset_ms: offset, flag: { seq: newest.seq, code: 'clock_offset', detail } };
}
