import styles from './tick.module.css';

/**
 * A yes or no in a cell of a table, whose heads say what it is. A plain checkbox of the browser: a table has hundreds.
 */
export const Tick = ({
  label,
  isTicked,
  isDisabled,
  onChange,
}: {
  /** Its name for those who cannot see the heads. */
  label: string;
  isTicked: boolean;
  isDisabled: boolean;
  onChange: (isTicked: boolean) => void;
}) => (
  <label className={styles.tick}>
    <input
      type="checkbox"
      className={styles.box}
      aria-label={label}
      checked={isTicked}
      disabled={isDisabled}
      onChange={(event) => onChange(event.target.checked)}
    />
  </label>
);
