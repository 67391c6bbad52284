import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { cx } from './cx.ts';
import { step } from './step.ts';
import styles from './virtual-list.module.css';

type Props<Row> = {
  /** The list's id; rows are `${id}-${key}`, for `aria-activedescendant` of a field that steers the list. */
  id: string;
  label: string;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** The key of the chosen row; it is kept in view. */
  chosen: string | null;
  /** Height of a row in px; every row is measured, this is the first guess. */
  estimate: number;
  onChoose: (row: Row) => void;
  /** A second press, or Enter, on the chosen row. */
  onAct?: (row: Row) => void;
  /** Whether the list itself takes the focus; false where a search field above keeps it. */
  takesFocus?: boolean;
  /** Keep the last row in view as rows are added. */
  followsEnd?: boolean;
  children: (row: Row, isChosen: boolean) => React.ReactNode;
};

/**
 * A list box of which only the rows in view exist, so that thousands cost what twenty do. One row is chosen;
 * who chooses it by keyboard is up to the screen (see `step`), so that it works wherever the focus is.
 */
export function VirtualList<Row>(props: Props<Row>) {
  const { id, rows, rowKey, chosen, onChoose, onAct, takesFocus = true, followsEnd = false } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => props.estimate,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
    overscan: 6,
  });
  const chosenIndex = rows.findIndex((row) => rowKey(row) === chosen);
  useEffect(() => {
    if (chosenIndex >= 0) virtualizer.scrollToIndex(chosenIndex);
    else if (followsEnd && rows.length > 0) virtualizer.scrollToIndex(rows.length - 1);
  }, [chosenIndex, followsEnd, rows.length, virtualizer]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const row = by === 0 ? rows[chosenIndex] : rows[step(chosenIndex, by, rows.length)];
    if (row === undefined) return;
    if (by !== 0) onChoose(row);
    else if (event.key === 'Enter') onAct?.(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const onClick = (event: React.MouseEvent) => {
    const option = event.target instanceof Element ? event.target.closest('[data-index]') : null;
    const row = rows[Number(option?.getAttribute('data-index') ?? -1)];
    if (row === undefined) return;
    if (rowKey(row) === chosen && onAct) onAct(row);
    else onChoose(row);
  };

  return (
    <div
      ref={scroller}
      id={id}
      className={styles.scroller}
      role="listbox"
      aria-label={props.label}
      tabIndex={takesFocus ? 0 : -1}
      aria-activedescendant={chosenIndex >= 0 ? `${id}-${chosen}` : undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
      // The focus stays on the list, or in the field that steers it, and never goes to a row that may vanish.
      onMouseDown={(event) => {
        event.preventDefault();
        if (takesFocus) scroller.current?.focus({ preventScroll: true });
      }}
    >
      <div className={styles.space} role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const isChosen = item.index === chosenIndex;
          return (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              id={`${id}-${rowKey(row)}`}
              data-index={item.index}
              className={cx(styles.row, isChosen && styles.chosen)}
              role="option"
              tabIndex={-1}
              aria-selected={isChosen}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {props.children(row, isChosen)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
