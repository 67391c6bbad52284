import { useState } from 'react';
import type { OfficeTerminal } from '#shared/people/terminal.ts';
import { till } from '../../api.ts';
import { Button } from '../../part/button.tsx';
import type { Column } from '../../part/data-table.tsx';
import { useNow } from '../../part/now.ts';
import { FilterSelect } from '../../part/select.tsx';
import { displayAgo } from '../../part/time.ts';
import { ListScreen } from '../list-screen.tsx';
import { type List, listStore } from '../list-store.ts';
import { useReference } from '../references.ts';
import { officeText } from '../text.ts';
import { EnrolmentDialog } from './enrolment-dialog.tsx';
import { TerminalPanel } from './terminal-panel.tsx';
import { clockText, TerminalState } from './terminal-state.tsx';
import { placesText } from './text.ts';

type Sort = 'code' | 'name' | 'last_seen_at' | 'enrolled_at';
type Filter = {
  readonly location_id: OfficeTerminal['location_id'] | null;
  readonly state: OfficeTerminal['state'] | null;
};

const columns: readonly Column<OfficeTerminal, Sort>[] = [
  { key: 'code', title: placesText.code, sort: 'code', kind: 'tight', show: ({ code }) => code },
  { key: 'name', title: placesText.name, sort: 'name', kind: 'name', show: ({ name }) => name },
  { key: 'location', title: placesText.location, show: ({ location_name }) => location_name },
  {
    key: 'state',
    title: placesText.state,
    kind: 'tight',
    show: ({ state }) => <TerminalState state={state} />,
  },
  {
    key: 'last_seen_at',
    title: placesText.lastSeen,
    sort: 'last_seen_at',
    kind: 'tight',
    show: ({ last_seen_at }) => <Ago instant={last_seen_at} />,
  },
  { key: 'clock', title: placesText.clock, show: ({ clock_offset_ms }) => clockText(clock_offset_ms) },
];

/** Tills and handhelds: how they stand, where, and the way to a new one. */
export function TerminalsScreen() {
  const [list] = useState(() =>
    listStore<OfficeTerminal, Sort, Filter>({
      fetch: (wanted, { location_id, state }) =>
        till.office.terminals.list({
          ...wanted,
          ...(location_id !== null && { location_id }),
          ...(state !== null && { state }),
        }),
      sort: 'name',
      filter: { location_id: null, state: null },
    }),
  );
  const [open, setOpen] = useState<OfficeTerminal | null>(null);
  const [isEnrolling, setEnrolling] = useState(false);
  return (
    <>
      <ListScreen
        title={placesText.terminals}
        detail={placesText.terminalsDetail}
        list={list}
        columns={columns}
        rowKey={({ terminal_id }) => terminal_id}
        searchLabel={placesText.searchTerminals}
        filters={<Filters list={list} />}
        empty={{
          icon: 'device',
          title: placesText.terminalsEmpty,
          detail: placesText.terminalsEmptyDetail,
        }}
        onOpen={setOpen}
        actions={
          <Button tone="primary" size="l" icon="qr" onPress={() => setEnrolling(true)}>
            {placesText.newTerminal}
          </Button>
        }
      />
      {open !== null && (
        <TerminalPanel
          key={open.terminal_id}
          terminal={open}
          onChanged={() => {
            setOpen(null);
            list.refresh();
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {isEnrolling && (
        <EnrolmentDialog
          onClose={() => {
            setEnrolling(false);
            list.refresh();
          }}
        />
      )}
    </>
  );
}

function Filters({ list }: { list: List<OfficeTerminal, Sort, Filter> }) {
  const filter = list.use((state) => state.filter);
  const locations = useReference('locations');
  return (
    <>
      <FilterSelect
        label={placesText.location}
        choices={[
          ['', officeText.all],
          ...locations.map(({ location_id, name }) => [location_id as string, name] as const),
        ]}
        chosen={filter.location_id ?? ''}
        onChoose={(key) =>
          list.narrow({
            location_id: locations.find(({ location_id }) => location_id === key)?.location_id ?? null,
          })
        }
      />
      <FilterSelect<OfficeTerminal['state'] | ''>
        label={placesText.state}
        choices={[
          ['', officeText.all],
          ['active', placesText.states.active],
          ['frozen', placesText.states.frozen],
          ['revoked', placesText.states.revoked],
        ]}
        chosen={filter.state ?? ''}
        onChoose={(state) => list.narrow({ state: state === '' ? null : state })}
      />
    </>
  );
}

/** How long ago something was, by the minute. */
function Ago({ instant }: { instant: string | null }) {
  return displayAgo(instant, useNow(60_000));
}
