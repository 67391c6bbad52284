import { type RefObject, useLayoutEffect } from 'react';

/**
 * Keeps the focus in a dialog whose focused button went away with what it did, so that keys (Escape among them) go on
 * acting there. React Aria gives it back too, but only with the next frame, and a key may be faster.
 */
export function useKeptFocus(dialog: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body;
    const top = [...document.querySelectorAll('[data-modal]')].at(-1);
    if (isLost && top?.contains(dialog.current)) dialog.current?.focus();
  });
}
