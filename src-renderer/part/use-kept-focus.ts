import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * Keeps the focus in a dialog whose focused button went away with what it did, so that keys (Escape among them) go on
 * acting there. React Aria gives it back too, but only with the next frame, and a key may be faster.
 */
export function useKeptFocus(dialog: RefObject<HTMLElement | null>): void {
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const box = dialog.current;
    const note = () => {
      last.current = document.activeElement;
    };
    box?.addEventListener('focusin', note);
    return () => box?.removeEventListener('focusin', note);
  }, [dialog]);
  useLayoutEffect(() => {
    if (document.activeElement === document.body && last.current?.isConnected === false) {
      dialog.current?.focus();
    }
  });
}
