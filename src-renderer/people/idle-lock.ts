import { useEffect } from 'react';
import { lock } from './people-store.ts';

/** How long a till may stand untouched before it locks, in ms. The ticket on it stays. */
const idleFor = 5 * 60_000;

/** Locks the till when nobody has touched it, typed or scanned for a while. */
export function useIdleLock(): void {
  useEffect(() => {
    let timer = setTimeout(lock, idleFor);
    const stir = () => {
      clearTimeout(timer);
      timer = setTimeout(lock, idleFor);
    };
    const signs = ['pointerdown', 'keydown', 'wheel'] as const;
    for (const sign of signs) document.addEventListener(sign, stir, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const sign of signs) document.removeEventListener(sign, stir, { capture: true });
    };
  }, []);
}
