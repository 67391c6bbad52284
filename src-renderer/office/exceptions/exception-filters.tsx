import type { OfficeException } from '#shared/contract/office/exceptions.ts';
import { officeContract } from '#shared/contract/office.ts';
import { FilterSelect } from '../../part/select.tsx';
import { troubleText } from '../../sync/trouble/text.ts';
import type { List } from '../list-store.ts';
import { useMay } from '../me.ts';
import { useReference } from '../references.ts';
import { officeText } from '../text.ts';
import { exceptionsText } from './text.ts';

/** What narrows the list down. `state` null: what is open. */
export type ExceptionFilter = {
  readonly state: 'settled' | 'all' | null;
  readonly kind: OfficeException['kind'] | null;
  readonly code: OfficeException['code'] | null;
  readonly location_id: OfficeException['location']['location_id'] | null;
  readonly terminal_id: OfficeException['terminal']['terminal_id'] | null;
};

export const NO_FILTER: ExceptionFilter = {
  state: null,
  kind: null,
  code: null,
  location_id: null,
  terminal_id: null,
};

type Props = {
  list: List<OfficeException, 'raised_at' | 'occurred_at' | 'code' | 'terminal', ExceptionFilter>;
};

/** The selects above the list of exceptions. */
export function ExceptionFilters({ list }: Props) {
  const filter = list.use((state) => state.filter);
  const locations = useReference('locations');
  const maySeeTerminals = useMay(officeContract.terminals.list);
  return (
    <>
      <FilterSelect<'settled' | 'all' | ''>
        label={exceptionsText.state}
        choices={[
          ['', exceptionsText.states.open],
          ['settled', exceptionsText.states.settled],
          ['all', officeText.all],
        ]}
        chosen={filter.state ?? ''}
        onChoose={(state) => list.narrow({ state: state === '' ? null : state })}
      />
      <FilterSelect<OfficeException['kind'] | ''>
        label={exceptionsText.kind}
        choices={[
          ['', officeText.all],
          ['flagged', troubleText.kinds.flagged],
          ['quarantined', troubleText.kinds.quarantined],
        ]}
        chosen={filter.kind ?? ''}
        onChoose={(kind) => list.narrow({ kind: kind === '' ? null : kind })}
      />
      <FilterSelect<OfficeException['code'] | ''>
        label={exceptionsText.cause}
        choices={[['', officeText.all], ...causes]}
        chosen={filter.code ?? ''}
        onChoose={(code) => list.narrow({ code: code === '' ? null : code })}
      />
      <FilterSelect<OfficeException['location']['location_id'] | ''>
        label={exceptionsText.location}
        choices={[
          ['', officeText.all],
          ...locations.map(({ location_id, name }) => [location_id, name] as const),
        ]}
        chosen={filter.location_id ?? ''}
        onChoose={(location_id) => list.narrow({ location_id: location_id === '' ? null : location_id })}
      />
      {maySeeTerminals && <TerminalFilter list={list} />}
    </>
  );
}

function TerminalFilter({ list }: Props) {
  const chosen = list.use(({ filter }) => filter.terminal_id);
  const terminals = useReference('terminals');
  return (
    <FilterSelect<OfficeException['terminal']['terminal_id'] | ''>
      label={exceptionsText.terminal}
      choices={[
        ['', officeText.all],
        ...terminals.map(
          ({ terminal_id, code, name }) => [terminal_id, exceptionsText.till(code, name)] as const,
        ),
      ]}
      chosen={chosen ?? ''}
      onChoose={(terminal_id) => list.narrow({ terminal_id: terminal_id === '' ? null : terminal_id })}
    />
  );
}

/** Every cause by its name, in the order of the alphabet. */
const causes = (Object.entries(troubleText.titles) as [OfficeException['code'], string][]).toSorted(
  ([, one], [, other]) => one.localeCompare(other),
);
