import { useEffect, useRef } from 'react';
import { isDialogOpen } from './dialog.tsx';

/** What each key does on the screen that is open; named as `keyName` does. */
export type Shortcuts = Readonly<Record<string, (() => void) | undefined>>;

/**
 * Binds keys while the calling component is mounted. Silent while a dialog is open. Keys that write or move in a
 * text field (`Delete`, arrows, `Enter`) are left to the field; function keys and Ctrl or Alt work everywhere.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isDialogOpen()) return;
      const act = current.current[keyName(event)];
      if (act === undefined || (belongsToTarget(event) && event.target !== document.body)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** In lower case: `f2`, `delete`, `ctrl+z`, `alt+1`. On a Mac, Command counts as Ctrl. */
export function keyName({ key, ctrlKey, metaKey, altKey }: Pressed): string {
  const name = key.toLowerCase();
  if (ctrlKey || metaKey) return `ctrl+${name}`;
  return altKey ? `alt+${name}` : name;
}

/** Whether the key means something to the field or control it was pressed in. */
function belongsToTarget(event: KeyboardEvent): boolean {
  if (event.ctrlKey && event.key.toLowerCase() !== 'z') return false;
  if (/^F\d+$/.test(event.key) || event.altKey || event.key === 'Escape') return false;
  const target = event.target;
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return true;
  return event.key === 'Enter' && target instanceof HTMLButtonElement;
}
