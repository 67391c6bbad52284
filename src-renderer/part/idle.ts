import { useEffect } from 'react';

const signs = ['pointerdown', 'keydown', 'wheel'] as const;

/**
 * Does something when nobody has touched the screen, typed or scanned for a while.
 * @param after how long, in ms
 * @param act must stay the same function for as long as the component lives
 */
export function useIdle(after: number, act: () => void): void {
  useEffect(() => {
    let timer = setTimeout(act, after);
    const stir = () => {
      clearTimeout(timer);
      timer = setTimeout(act, after);
    };
    for (const sign of signs) document.addEventListener(sign, stir, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const sign of signs) document.removeEventListener(sign, stir, { capture: true });
    };
  }, [after, act]);
}
