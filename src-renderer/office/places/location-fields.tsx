import { useMemo } from 'react';
import type { Choice } from '../../part/choice-list.tsx';
import { ComboBox } from '../../part/combo-box.tsx';
import { Field } from '../../part/field.tsx';
import { Select } from '../../part/select.tsx';
import type { Form } from '../../part/use-form.ts';
import { useReference } from '../references.ts';
import { officeText } from '../text.ts';
import { DenominationsField } from './denominations-field.tsx';
import styles from './location-fields.module.css';
import type { LocationDraft } from './locations.tsx';
import { placesText } from './text.ts';
import { zoneChoices } from './zones.ts';

const kinds: readonly Choice<LocationDraft['kind']>[] = [
  ['store', placesText.kinds.store],
  ['warehouse', placesText.kinds.warehouse],
];
const hours = Array.from({ length: 13 }, (_, hour): Choice => [String(hour), placesText.hour(hour)]);
const taxes: readonly Choice<'yes' | 'no'>[] = [
  ['yes', placesText.pricesIncludeTax],
  ['no', placesText.pricesExcludeTax],
];
const roundings: readonly Choice<LocationDraft['tax_rounding']>[] = [
  ['line', placesText.roundings.line],
  ['ticket', placesText.roundings.ticket],
];

/** The fields of a location. */
export function LocationFields({ form, isNew }: { form: Form<LocationDraft>; isNew: boolean }) {
  const { draft, fault, change, isLocked } = form;
  const currencies = useReference('currencies');
  const zones = useMemo(() => zoneChoices(draft.zone), [draft.zone]);
  const common = { isDisabled: isLocked, placeholder: officeText.choose };
  return (
    <>
      <div className={styles.pair}>
        <Field {...form.text('name')} label={placesText.name} autoFocus={isNew} />
        <Field
          {...form.text('code')}
          onChange={(code) => change({ code: code.toUpperCase() })}
          label={placesText.code}
          hint={placesText.locationCodeHint}
          isCode
          maxLength={12}
        />
      </div>
      <div className={styles.pair}>
        <Select
          {...common}
          label={placesText.kind}
          choices={kinds}
          chosen={draft.kind}
          onChoose={(kind) => change({ kind })}
        />
        <ComboBox
          label={placesText.zone}
          hint={placesText.zoneHint}
          error={fault('zone')}
          choices={zones}
          chosen={draft.zone}
          isDisabled={isLocked}
          onChoose={(zone) => change({ zone })}
        />
      </div>
      <div className={styles.pair}>
        <Select
          {...common}
          label={placesText.currency}
          hint={placesText.currencyHint}
          error={fault('currency')}
          choices={currencies.map(({ code, name }) => [code as string, `${code} ${name}`])}
          chosen={draft.currency === '' ? null : draft.currency}
          onChoose={(currency) => change({ currency })}
        />
        <Select
          {...common}
          label={placesText.dayChange}
          hint={placesText.dayChangeHint}
          choices={hours}
          chosen={String(draft.day_change_hour)}
          onChoose={(hour) => change({ day_change_hour: Number(hour) })}
        />
      </div>
      <div className={styles.pair}>
        <Select
          {...common}
          label={placesText.taxes}
          choices={taxes}
          chosen={draft.prices_include_tax ? 'yes' : 'no'}
          onChoose={(answer) => change({ prices_include_tax: answer === 'yes' })}
        />
        <Select
          {...common}
          label={placesText.taxRounding}
          choices={roundings}
          chosen={draft.tax_rounding}
          onChoose={(tax_rounding) => change({ tax_rounding })}
        />
      </div>
      <Field
        {...form.text('cash_step_minor')}
        label={placesText.cashStep}
        hint={placesText.cashStepHint}
        inputMode="decimal"
        unit={draft.currency}
      />
      <DenominationsField
        amounts={draft.denominations}
        currency={draft.currency}
        fault={fault('denominations')}
        isLocked={isLocked}
        onChange={(denominations) => change({ denominations })}
      />
    </>
  );
}
