import { useEffect, useRef } from 'react';
import { isDialogOpen } from '../part/dialog.tsx';
import {
  type Burst,
  type BurstStep,
  isAtScannerPace,
  SCAN_RULES,
  type ScanRules,
  stepBurst,
} from './scan-burst.ts';

type Lane = {
  onScan: (code: string) => void;
  /** Characters that were typed while no field had the focus. */
  onTyped?: ((text: string) => void) | undefined;
};

/**
 * Listens for a scanner on the whole document while the calling screen is mounted, whatever has the focus.
 *
 * Keys are seen before any field or button sees them. In a text field the characters appear, and are taken out
 * again when the suffix shows that they were a scan; elsewhere they are held back until it is clear what they
 * are, so that a code cannot press buttons. Silent within `data-no-scan` (PIN pads) and while a dialog is open.
 */
export function useScanLane(lane: Lane, rules: ScanRules = SCAN_RULES): void {
  const current = useRef(lane);
  useEffect(() => {
    current.current = lane;
  });
  useEffect(
    () =>
      listenForScans(
        {
          onScan: (code) => current.current.onScan(code),
          onTyped: (text) => current.current.onTyped?.(text),
        },
        rules,
      ),
    [rules],
  );
}

/** A text field as it was before keys wrote into it. */
type Written = { field: HTMLInputElement | HTMLTextAreaElement; value: string; start: number | null };

/** Keys that may yet turn out to be a scan, and the field they went into, if they did. */
type Pending = { burst: Burst; written: Written | null };

function listenForScans({ onScan, onTyped }: Required<Lane>, rules: ScanRules): () => void {
  let pending: Pending | null = null;
  let timer = 0;

  /** Ends the wait: what was held back had been typed. */
  const settle = () => {
    const { burst, written } = pending ?? {};
    forget();
    if (burst && !written) onTyped?.(burst.text);
  };
  const forget = () => {
    window.clearTimeout(timer);
    pending = null;
  };
  const hold = (next: Pending, event: KeyboardEvent) => {
    pending = next;
    if (!next.written) take(event);
    window.clearTimeout(timer);
    timer = window.setTimeout(settle, rules.longest_gap_ms);
  };
  const act = (step: BurstStep, event: KeyboardEvent) => {
    const written = pending?.written ?? null;
    switch (step.kind) {
      case 'began': {
        settle();
        const field = asItStands(event.target);
        // A single space on a button presses it, and begins no code.
        if (field || event.key !== ' ') hold({ burst: step.burst, written: field }, event);
        return;
      }
      case 'grew':
        return hold({ burst: step.burst, written }, event);
      case 'scan':
        forget();
        take(event);
        if (written) restore(written);
        return onScan(step.code);
      case 'ended':
        return settle();
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (isSilent(event)) return forget();
    if (event.isComposing || isModifier(event)) return;
    act(stepBurst(pending?.burst ?? null, event.key, event.timeStamp, rules), event);
  };
  // One hand types an amount, the other presses “Card” at once: the button must find what was typed.
  const onPointerDown = () => {
    if (pending && !isAtScannerPace(pending.burst, rules)) settle();
  };
  document.addEventListener('keydown', onKeyDown, { capture: true });
  document.addEventListener('pointerdown', onPointerDown, { capture: true });
  return () => {
    forget();
    document.removeEventListener('pointerdown', onPointerDown, { capture: true });
    document.removeEventListener('keydown', onKeyDown, { capture: true });
  };
}

function take(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

const isSilent = (event: KeyboardEvent): boolean =>
  isDialogOpen() || (event.target instanceof Element && event.target.closest('[data-no-scan]') !== null);

const isModifier = (event: KeyboardEvent): boolean =>
  event.ctrlKey || event.altKey || event.metaKey || ['Shift', 'CapsLock', 'AltGraph'].includes(event.key);

/** The text field that a key goes to, as it is before the key; null where it goes to none. */
function asItStands(target: EventTarget | null): Written | null {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  if (!isField || target.readOnly) return null;
  return { field: target, value: target.value, start: target.selectionStart };
}

/** Puts a field back as it was, and tells React so. */
function restore({ field, value, start }: Written): void {
  const prototype =
    field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.setSelectionRange(start, start);
}
