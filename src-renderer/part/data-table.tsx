import { Column as AriaColumn, Cell, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './data-table.module.css';
import { Icon } from './icon.tsx';

/** A column of a table. */
export type Column<Item, Sort extends string = string> = {
  /** Unique in its table; where the rows can be sorted by it, what the sorting is called. */
  readonly key: string;
  readonly title: string;
  readonly sort?: Sort;
  /** `name`: what the row is called, read before its other cells. `tight`: in one line. `end`: figures. */
  readonly kind?: 'name' | 'tight' | 'end';
  readonly show: (item: Item) => React.ReactNode;
};

type Props<Item, Sort extends string> = {
  label: string;
  columns: readonly Column<Item, Sort>[];
  rows: readonly Item[];
  rowKey: (item: Item) => string;
  sort: Sort;
  order: 'asc' | 'desc';
  onSort: (sort: Sort, order: 'asc' | 'desc') => void;
  /** Enter, or a press on the row. */
  onOpen?: ((item: Item) => void) | undefined;
};

/**
 * Rows and columns that can be walked through with the arrow keys, sorted by their heads and opened. The heads stay
 * in view. Sorting and paging are up to whoever gives the rows.
 */
export function DataTable<Item, Sort extends string>(props: Props<Item, Sort>) {
  const { columns, rows, rowKey, onOpen } = props;
  const edge = (place: number) =>
    cx(place === 0 && styles.first, place === columns.length - 1 && styles.last);
  return (
    <div className={styles.scroll}>
      <Table
        aria-label={props.label}
        className={cx(styles.table)}
        sortDescriptor={{
          column: columns.find(({ sort }) => sort === props.sort)?.key ?? '',
          direction: props.order === 'asc' ? 'ascending' : 'descending',
        }}
        onSortChange={({ column, direction }) => {
          const sort = columns.find(({ key }) => key === column)?.sort;
          if (sort !== undefined) props.onSort(sort, direction === 'ascending' ? 'asc' : 'desc');
        }}
        {...(onOpen && {
          onRowAction: (key) => {
            const item = rows.find((row) => rowKey(row) === key);
            if (item !== undefined) onOpen(item);
          },
        })}
      >
        <TableHeader>
          {columns.map((column, place) => (
            <AriaColumn
              key={column.key}
              id={column.key}
              isRowHeader={column.kind === 'name'}
              allowsSorting={column.sort !== undefined}
              textValue={column.title}
              className={cx(styles.column, column.kind === 'end' && styles.end, edge(place))}
            >
              {({ sortDirection }) => (
                <span className={styles.title}>
                  {column.title}
                  {column.sort !== undefined && (
                    <span className={styles.sign}>
                      <Icon name={sortDirection === 'descending' ? 'falling' : 'rising'} size="s" />
                    </span>
                  )}
                </span>
              )}
            </AriaColumn>
          ))}
        </TableHeader>
        <TableBody>
          {rows.map((item) => (
            <Row key={rowKey(item)} id={rowKey(item)} className={cx(styles.row, onOpen && styles.opens)}>
              {columns.map((column, place) => (
                <Cell
                  key={column.key}
                  className={cx(styles.cell, column.kind && styles[column.kind], edge(place))}
                >
                  {column.show(item)}
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
