import { useEffect, useRef, useState } from 'react';
import { pinSchema } from '#shared/people/user.ts';
import { Button } from '../part/button.tsx';
import { type PadKey, press } from '../part/entry.ts';
import type { IconName } from '../part/icon.tsx';
import { Notice } from '../part/notice.tsx';
import { Numpad } from '../part/numpad.tsx';
import type { Problem } from '../part/problem.ts';
import styles from './pin-pad.module.css';
import { peopleText } from './text.ts';

type Props = {
  /** The field's name: whose PIN it is. */
  label: string;
  action: string;
  icon: IconName;
  problem: Problem | null;
  /** Checks the PIN; the pad is emptied when it settles. */
  onPin: (pin: string) => Promise<void>;
};

const longest = 10;

/**
 * Takes a PIN by touch or by keyboard. What is typed is never shown and never leaves the till. A scanner that
 * fires into it enters more digits than any PIN has, and is refused here without costing a try.
 */
export function PinPad({ label, action, icon, problem, onPin }: Props) {
  const [pin, setPin] = useState('');
  const [isTooLong, setTooLong] = useState(false);
  const [isChecking, setChecking] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const enter = (next: string) => {
    setTooLong(next.length > longest);
    setPin(next.length > longest ? '' : next);
  };
  const submit = async () => {
    const isPin = pinSchema.safeParse(pin).success;
    setTooLong(!isPin);
    if (!isPin || isChecking) return;
    setChecking(true);
    await onPin(pin);
    setPin('');
    setChecking(false);
    field.current?.focus();
  };
  const onKey = (key: PadKey) => {
    enter(key === 'back' || key === 'clear' ? press(pin, key, 0) : pin + key);
    field.current?.focus();
  };

  const said = isTooLong ? { title: peopleText.pinLength, detail: '' } : problem;
  return (
    <form
      className={styles.pad}
      data-no-scan
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label className={styles.field}>
        <span className={styles.label}>{label}</span>
        <span className={styles.box}>
          <input
            ref={field}
            className={styles.input}
            type="password"
            inputMode="none"
            autoComplete="off"
            value={pin}
            aria-invalid={said !== null}
            onChange={(event) => enter(event.target.value.replace(/\D/g, ''))}
          />
          <span className={styles.dots} aria-hidden="true">
            {[...pin.padEnd(4, ' ')].map((digit, place) => (
              <i key={dotKey(place)} className={digit === ' ' ? styles.empty : styles.filled} />
            ))}
          </span>
        </span>
      </label>
      <div aria-live="assertive">
        {said && <Notice tone="danger" title={said.title} detail={said.detail} />}
      </div>
      <Numpad onKey={onKey} corner="clear" />
      <Button
        type="submit"
        tone="primary"
        size="l"
        icon={icon}
        wide
        isDisabled={isChecking || pin.length < 4}
      >
        {action}
      </Button>
    </form>
  );
}

/** A dot is its place: they never change their order. */
const dotKey = (place: number): string => `dot-${place}`;
