import { useIdle } from '../part/idle.ts';
import { lock } from './people-store.ts';

/** How long a till may stand untouched before it locks, in ms. The ticket on it stays. */
const idleFor = 5 * 60_000;

/** Locks the till when nobody has touched it, typed or scanned for a while. */
export const useIdleLock = (): void => useIdle(idleFor, lock);
