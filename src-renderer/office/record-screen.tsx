import { useState } from 'react';
import { Button } from '../part/button.tsx';
import type { Choice } from '../part/choice-list.tsx';
import { FilterSelect } from '../part/select.tsx';
import { ListScreen } from './list-screen.tsx';
import { type List, listStore } from './list-store.ts';
import type { RecordKind, Versioned } from './record-kind.ts';
import { RecordPanel } from './record-panel.tsx';
import { officeText } from './text.ts';

type Narrowed = { readonly chosen: string | null };

/** A page for one kind of master data: the list, and the form of a row. */
export function RecordScreen<Value extends object, Draft extends object, Sort extends string>({
  kind,
  mayWrite,
}: {
  kind: RecordKind<Value, Draft, Sort>;
  mayWrite: boolean;
}) {
  type Row = Value & Versioned;
  const [list] = useState(() =>
    listStore<Row, Sort, Narrowed>({
      fetch: (wanted, { chosen }) =>
        kind.calls.list(wanted, kind.filter && chosen !== null ? { [kind.filter.name]: chosen } : {}),
      sort: kind.sort,
      ...(kind.order && { order: kind.order }),
      filter: { chosen: null },
    }),
  );
  const [open, setOpen] = useState<Row | 'new' | null>(null);
  const onChanged = () => {
    setOpen(null);
    list.refresh();
    kind.onChanged?.();
  };
  return (
    <>
      <ListScreen
        title={kind.title}
        detail={kind.detail}
        list={list}
        columns={kind.columns}
        rowKey={kind.keyOf}
        searchLabel={kind.searchLabel}
        empty={kind.empty}
        onOpen={setOpen}
        filters={kind.filter && <Narrowing filter={kind.filter} list={list} />}
        actions={
          mayWrite && (
            <Button tone="primary" size="l" icon="plus" onPress={() => setOpen('new')}>
              {officeText.add(kind.one)}
            </Button>
          )
        }
      />
      {open !== null && (
        <RecordPanel
          key={open === 'new' ? 'new' : kind.keyOf(open)}
          kind={kind}
          row={open === 'new' ? null : open}
          mayWrite={mayWrite}
          onChanged={onChanged}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

/** The select beside the search. */
function Narrowing<Item, Sort extends string>({
  filter,
  list,
}: {
  filter: { label: string; useChoices: () => readonly Choice[] };
  list: List<Item, Sort, Narrowed>;
}) {
  const chosen = list.use((state) => state.filter.chosen);
  return (
    <FilterSelect
      label={filter.label}
      choices={[[everything, officeText.all], ...filter.useChoices()]}
      chosen={chosen ?? everything}
      onChoose={(key) => list.narrow({ chosen: key === everything ? null : key })}
    />
  );
}

/** No code is empty, so nothing is narrowed to this. */
const everything = '';
