import { useEffect } from 'react';
import { ProgressBar } from 'react-aria-components';
import { Button } from '../part/button.tsx';
import { cx } from '../part/cx.ts';
import { type Column, DataTable } from '../part/data-table.tsx';
import { Empty } from '../part/empty.tsx';
import type { IconName } from '../part/icon.tsx';
import { Pager } from '../part/pager.tsx';
import { SearchField } from '../part/search-field.tsx';
import { partText } from '../part/text.ts';
import { useSlow } from '../part/use-slow.ts';
import styles from './list-screen.module.css';
import type { List } from './list-store.ts';
import { ProblemNotice } from './problem-notice.tsx';
import { officeText } from './text.ts';

type Props<Item, Sort extends string, Filter> = {
  title: string;
  /** What these rows are for, in a sentence. */
  detail: string;
  list: List<Item, Sort, Filter>;
  columns: readonly Column<Item, Sort>[];
  rowKey: (item: Item) => string;
  /** What can be searched for; stands in the field. */
  searchLabel: string;
  /** Selects beside the search. */
  filters?: React.ReactNode;
  actions?: React.ReactNode;
  /** What went wrong with something that was done to a row. */
  problem?: React.ReactNode;
  /** Where there is no row at all: what they are, and what would make the first one. */
  empty: { icon: IconName; title: string; detail: string };
  onOpen?: (item: Item) => void;
};

/** A page of the office that shows a list: search, filters, table, pages, and what is said where there is nothing. */
export function ListScreen<Item, Sort extends string, Filter>(props: Props<Item, Sort, Filter>) {
  const { list } = props;
  const text = list.use((state) => state.text);
  useEffect(() => {
    list.refresh();
  }, [list]);
  return (
    <section className={styles.screen}>
      <header className={styles.head}>
        <div className={styles.words}>
          <h1 className={styles.title}>{props.title}</h1>
          <p className={styles.detail}>{props.detail}</p>
        </div>
        <div className={styles.actions}>{props.actions}</div>
      </header>
      {props.problem}
      <div className={styles.filters}>
        <SearchField label={props.searchLabel} value={text} onChange={list.search} />
        {props.filters}
      </div>
      <div className={styles.card}>
        <Rows {...props} />
      </div>
    </section>
  );
}

function Rows<Item, Sort extends string, Filter>(props: Props<Item, Sort, Filter>) {
  const { list, empty } = props;
  const { items, total, skip, limit, sort, order, text, filter, isLoading, problem } = list.use();
  const isSlow = useSlow(isLoading);
  const isNarrowed = text !== '' || Object.values(filter as object).some((value) => value !== null);
  return (
    <>
      {isSlow && (
        <ProgressBar className={cx(styles.bar)} aria-label={partText.loading} isIndeterminate>
          <span className={styles.moving} />
        </ProgressBar>
      )}
      {problem && (
        <div className={styles.failed}>
          <ProblemNotice problem={problem} onRetry={list.refresh} />
        </div>
      )}
      {items !== null && items.length > 0 && (
        <>
          <DataTable
            label={props.title}
            columns={props.columns}
            rows={items}
            rowKey={props.rowKey}
            sort={sort}
            order={order}
            onSort={list.sortBy}
            onOpen={props.onOpen}
          />
          <Pager skip={skip} limit={limit} shown={items.length} total={total} onSkip={list.turnTo} />
        </>
      )}
      {items?.length === 0 &&
        (isNarrowed ? (
          <Empty icon="search" title={officeText.nothingFits} detail={officeText.nothingFitsDetail}>
            <Button onPress={list.widen}>{officeText.showAll}</Button>
          </Empty>
        ) : (
          <Empty icon={empty.icon} title={empty.title} detail={empty.detail} />
        ))}
      {items === null && isSlow && <Empty icon="clock" title={partText.loading} />}
    </>
  );
}
