import { v7 } from 'uuid';
import { z } from 'zod';
import { ifMatch } from '#shared/contract/list.ts';
import { locationIdSchema } from '#shared/ids.ts';
import { locationFieldsSchema } from '#shared/people/location.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import type { Choice } from '../../part/choice-list.tsx';
import { amountText, readAmount } from '../../part/typed.ts';
import type { RecordKind } from '../record-kind.ts';
import { forgetReferences } from '../references.ts';
import { officeText } from '../text.ts';
import { LocationFields } from './location-fields.tsx';
import { placesText } from './text.ts';

const locationRowSchema = z.strictObject({ location_id: locationIdSchema, ...locationFieldsSchema.shape });
type Location = z.infer<typeof locationRowSchema>;

/** A location as it is typed: money in the units that people write. */
export type LocationDraft = {
  readonly location_id: string;
  readonly code: string;
  readonly kind: Location['kind'];
  readonly name: string;
  readonly currency: string;
  readonly zone: string;
  readonly day_change_hour: number;
  readonly cash_step_minor: string;
  readonly denominations: readonly string[];
  readonly prices_include_tax: boolean;
  readonly tax_rounding: Location['tax_rounding'];
};

const kinds: readonly Choice[] = Object.entries(placesText.kinds);

/** Stores and warehouses. */
export const locations: RecordKind<Location, LocationDraft, 'code' | 'name' | 'kind'> = {
  ...placesText.locations,
  empty: {
    icon: 'store',
    title: placesText.locations.empty,
    detail: placesText.locations.emptyDetail,
  },
  searchLabel: placesText.searchCodes,
  columns: [
    { key: 'code', title: placesText.code, sort: 'code', kind: 'tight', show: ({ code }) => code },
    { key: 'name', title: placesText.name, sort: 'name', kind: 'name', show: ({ name }) => name },
    { key: 'kind', title: placesText.kind, sort: 'kind', show: ({ kind }) => placesText.kinds[kind] },
    { key: 'zone', title: placesText.zone, show: ({ zone }) => zone.replaceAll('_', ' ') },
    { key: 'currency', title: placesText.currency, show: ({ currency }) => currency },
  ],
  sort: 'name',
  filter: { name: 'kind', label: placesText.kind, useChoices: () => kinds },
  keyOf: ({ location_id }) => location_id,
  nameOf: ({ name }) => name,
  keys: ['location_id'],
  size: 'l',
  blank: () => ({
    location_id: v7(),
    code: '',
    kind: 'store',
    name: '',
    currency: '',
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    day_change_hour: 4,
    cash_step_minor: '0.01',
    denominations: [],
    prices_include_tax: true,
    tax_rounding: 'line',
  }),
  draftOf: ({ cash_step_minor, denominations, ...location }) => ({
    location_id: location.location_id,
    code: location.code,
    kind: location.kind,
    name: location.name,
    currency: location.currency,
    zone: location.zone,
    day_change_hour: location.day_change_hour,
    cash_step_minor: amountText(cash_step_minor, location.currency),
    denominations: denominations.map((amount) => amountText(amount, location.currency)),
    prices_include_tax: location.prices_include_tax,
    tax_rounding: location.tax_rounding,
  }),
  check: (draft) =>
    check(locationRowSchema, {
      ...draft,
      cash_step_minor: readAmount(draft.cash_step_minor, draft.currency),
      denominations: draft.denominations.map((amount) => readAmount(amount, draft.currency)),
    }),
  words: {
    location_id: '',
    code: placesText.code,
    kind: [placesText.kind, (kind) => placesText.kinds[kind]],
    name: placesText.name,
    currency: placesText.currency,
    zone: placesText.zone,
    day_change_hour: [placesText.dayChange, placesText.hour],
    cash_step_minor: placesText.cashStep,
    denominations: [placesText.denominations, (amounts) => amounts.join(', ')],
    prices_include_tax: [
      placesText.pricesIncludeTax,
      (include) => (include ? officeText.yes : officeText.no),
    ],
    tax_rounding: [placesText.taxRounding, (rounding) => placesText.roundings[rounding]],
  },
  Fields: LocationFields,
  calls: {
    list: (wanted, filter) => till.office.locations.list(Object.assign({}, wanted, filter)),
    get: ({ location_id }) => till.office.locations.get({ location_id }),
    create: (location) => till.office.locations.create(location),
    change: ({ location_id, version }, part) => {
      const { location_id: _id, ...body } = part;
      return till.office.locations.change({
        params: { location_id },
        headers: ifMatch(version),
        body,
      });
    },
    remove: ({ location_id, version }) =>
      till.office.locations.remove({ params: { location_id }, headers: ifMatch(version) }),
  },
  onChanged: () => forgetReferences('locations'),
};
