import { useState } from 'react';
import type { AuditEntry } from '#shared/people/audit.ts';
import { till } from '../../api.ts';
import type { Column } from '../../part/data-table.tsx';
import { FilterSelect } from '../../part/select.tsx';
import { displayInstant, machineZone } from '../../part/time.ts';
import { ListScreen } from '../list-screen.tsx';
import { type List, listStore } from '../list-store.ts';
import { useReference } from '../references.ts';
import { officeText } from '../text.ts';
import { EntryPanel } from './entry-panel.tsx';
import { deedWords, entityWords, subjectWords } from './entry-words.ts';
import { auditText } from './text.ts';

type Period = keyof typeof auditText.periods;
type Filter = { readonly entity: string | null; readonly period: Period | null };

const columns: readonly Column<AuditEntry, 'at'>[] = [
  {
    key: 'at',
    title: auditText.at,
    sort: 'at',
    kind: 'tight',
    show: ({ at }) => displayInstant(at, machineZone),
  },
  { key: 'who', title: auditText.who, show: ({ user_name }) => user_name ?? auditText.server },
  { key: 'what', title: auditText.what, kind: 'name', show: deedWords },
  { key: 'on', title: auditText.on, show: (entry) => <Subject entry={entry} /> },
  { key: 'from', title: auditText.from, kind: 'tight', show: ({ ip }) => ip ?? auditText.nothing },
];

const days: Readonly<Record<Period, number>> = { day: 1, week: 7, month: 30 };

const since = (period: Period): string => new Date(Date.now() - days[period] * 86_400_000).toISOString();

/** Every administrative change: who, what and when, with what stood there before and after. */
export function AuditScreen() {
  const [list] = useState(() =>
    listStore<AuditEntry, 'at', Filter>({
      fetch: (wanted, { entity, period }) =>
        till.office.audit.list({
          ...wanted,
          ...(entity !== null && { entity }),
          ...(period !== null && { from: since(period) }),
        }),
      sort: 'at',
      order: 'desc',
      filter: { entity: null, period: null },
    }),
  );
  const [open, setOpen] = useState<AuditEntry | null>(null);
  return (
    <>
      <ListScreen
        title={auditText.title}
        detail={auditText.detail}
        list={list}
        columns={columns}
        rowKey={({ entry_id }) => String(entry_id)}
        searchLabel={auditText.search}
        filters={<Filters list={list} />}
        empty={{ icon: 'log', title: auditText.empty, detail: auditText.emptyDetail }}
        onOpen={setOpen}
      />
      {open && <EntryPanel key={open.entry_id} entry={open} onClose={() => setOpen(null)} />}
    </>
  );
}

/** Locations are named by all; so an entry on one need not say its name itself. */
function Subject({ entry }: { entry: AuditEntry }) {
  const locations = useReference('locations');
  const location = locations.find(({ location_id }) => location_id === entry.key);
  return subjectWords(entry, location?.name);
}

function Filters({ list }: { list: List<AuditEntry, 'at', Filter> }) {
  const filter = list.use((state) => state.filter);
  return (
    <>
      <FilterSelect
        label={auditText.kind}
        choices={[
          ['', officeText.all],
          ...Object.keys(auditText.entities).map((entity) => [entity, entityWords(entity)] as const),
        ]}
        chosen={filter.entity ?? ''}
        onChoose={(entity) => list.narrow({ entity: entity === '' ? null : entity })}
      />
      <FilterSelect<Period | ''>
        label={auditText.period}
        choices={[
          ['', officeText.all],
          ['day', auditText.periods.day],
          ['week', auditText.periods.week],
          ['month', auditText.periods.month],
        ]}
        chosen={filter.period ?? ''}
        onChoose={(period) => list.narrow({ period: period === '' ? null : period })}
      />
    </>
  );
}
