import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './segments.module.css';

/** One choice of a few, side by side. */
export function Segments<Choice extends string>({
  label,
  choices,
  chosen,
  onChoose,
}: {
  label: string;
  /** Each choice with its words. */
  choices: readonly (readonly [Choice, string])[];
  chosen: Choice;
  onChoose: (choice: Choice) => void;
}) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className={cx(styles.group)}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => {
        const found = choices.find(([choice]) => keys.has(choice));
        if (found) onChoose(found[0]);
      }}
    >
      {choices.map(([choice, words]) => (
        <ToggleButton key={choice} id={choice} className={cx(styles.segment)}>
          {words}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
