import { useState } from 'react';
import type { OfficeException } from '#shared/contract/office/exceptions.ts';
import { officeContract } from '#shared/contract/office.ts';
import { till } from '../../api.ts';
import { Button } from '../../part/button.tsx';
import type { Column } from '../../part/data-table.tsx';
import { displayInstant, machineZone } from '../../part/time.ts';
import { amountWords, operationWords, personWords, subjectWords } from '../../sync/trouble/words.ts';
import { ListScreen } from '../list-screen.tsx';
import { listStore } from '../list-store.ts';
import { useMay } from '../me.ts';
import { type ExceptionFilter, ExceptionFilters, NO_FILTER } from './exception-filters.tsx';
import { ExceptionPanel } from './exception-panel.tsx';
import { ExceptionState } from './exception-state.tsx';
import styles from './exceptions-screen.module.css';
import { refreshOpenCount } from './open-count.ts';
import { ReplayAllDialog } from './replay-all-dialog.tsx';
import { exceptionsText } from './text.ts';

type Sort = 'raised_at' | 'occurred_at' | 'code' | 'terminal';

const columns: readonly Column<OfficeException, Sort>[] = [
  {
    key: 'cause',
    title: exceptionsText.what,
    sort: 'code',
    kind: 'name',
    show: ({ cause }) => cause,
  },
  { key: 'which', title: exceptionsText.which, show: (exception) => <Which exception={exception} /> },
  {
    key: 'where',
    title: exceptionsText.where,
    sort: 'terminal',
    show: ({ terminal, location }) => (
      <TwoLines first={exceptionsText.till(terminal.code, terminal.name)} second={location.name} />
    ),
  },
  {
    key: 'who',
    title: exceptionsText.whoAndWhen,
    sort: 'occurred_at',
    show: ({ user, occurred_at }) => (
      <TwoLines
        first={personWords(user)}
        second={occurred_at === null ? exceptionsText.unreadable : displayInstant(occurred_at, machineZone)}
      />
    ),
  },
  {
    key: 'state',
    title: exceptionsText.state,
    kind: 'tight',
    show: (exception) => <ExceptionState exception={exception} />,
  },
];

/** The repair desk: what tills delivered that the server flagged or set aside, until somebody has decided. */
export function ExceptionsScreen() {
  const [list] = useState(() =>
    listStore<OfficeException, Sort, ExceptionFilter>({
      fetch: (wanted, { state, ...others }) =>
        till.office.exceptions.list({
          ...wanted,
          ...(state !== 'all' && { state: state ?? 'open' }),
          ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null)),
        }),
      sort: 'occurred_at',
      order: 'desc',
      filter: NO_FILTER,
    }),
  );
  const [open, setOpen] = useState<OfficeException | null>(null);
  const [isReplaying, setReplaying] = useState(false);
  const mayReplay = useMay(officeContract.exceptions.replayAll);
  const showChange = () => {
    list.refresh();
    refreshOpenCount();
  };
  return (
    <>
      <ListScreen
        title={exceptionsText.title}
        detail={exceptionsText.detail}
        list={list}
        columns={columns}
        rowKey={({ exception_id }) => String(exception_id)}
        searchLabel={exceptionsText.search}
        filters={<ExceptionFilters list={list} />}
        empty={{ icon: 'check', title: exceptionsText.empty, detail: exceptionsText.emptyDetail }}
        onOpen={setOpen}
        actions={
          mayReplay && (
            <Button size="l" icon="sync" onPress={() => setReplaying(true)}>
              {exceptionsText.replayAll}
            </Button>
          )
        }
      />
      {open && (
        <ExceptionPanel
          key={open.exception_id}
          exception={open}
          onChanged={showChange}
          onClose={() => setOpen(null)}
        />
      )}
      {isReplaying && <ReplayAllDialog onChanged={showChange} onClose={() => setReplaying(false)} />}
    </>
  );
}

function Which({ exception }: { exception: OfficeException }) {
  const { operation_kind, receipt_number, amount_minor, currency } = exception;
  const amount = amountWords(amount_minor, currency);
  if (amount === null) return subjectWords(operation_kind, receipt_number);
  return <TwoLines first={amount} second={receipt_number ?? operationWords(operation_kind)} />;
}

const TwoLines = ({ first, second }: { first: string; second: string }) => (
  <>
    <span className={styles.first}>{first}</span>
    <span className={styles.second}>{second}</span>
  </>
);
