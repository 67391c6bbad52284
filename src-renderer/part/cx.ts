/** Joins the class names that apply: `cx(styles.row, isSelected && styles.selected)`. */
export const cx = (...names: readonly (string | false | null | undefined)[]): string =>
  names.filter(Boolean).join(' ');
