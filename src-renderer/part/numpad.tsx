import { Button, Group } from 'react-aria-components';
import { cx } from './cx.ts';
import type { PadKey } from './entry.ts';
import { Icon } from './icon.tsx';
import styles from './numpad.module.css';
import { partText } from './text.ts';

const digits: readonly PadKey[] = ['7', '8', '9', '4', '5', '6', '1', '2', '3'];

/**
 * Large number keys. `corner` is the key at the lower left: the decimal point, two zeros, or nothing.
 *
 * The keys stay out of the order of Tab: whoever has a keyboard types the digits.
 */
export function Numpad({
  onKey,
  corner,
  size = 'm',
}: {
  onKey: (key: PadKey) => void;
  corner: '.' | '00' | 'clear';
  size?: 's' | 'm';
}) {
  const key = (name: PadKey, content: React.ReactNode, label?: string) => (
    <Button
      key={name}
      className={cx(styles.key)}
      excludeFromTabOrder
      preventFocusOnPress
      onPress={() => onKey(name)}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      {content}
    </Button>
  );
  return (
    <Group className={cx(styles.pad, styles[size])} aria-label={partText.numpad}>
      {digits.map((digit) => key(digit, digit))}
      {corner === 'clear' ? key('clear', 'C', partText.clear) : key(corner, corner)}
      {key('0', '0')}
      {key('back', <Icon name="backspace" size="l" />, partText.backspace)}
    </Group>
  );
}
