import { Button, IconButton } from '../../part/button.tsx';
import { Field } from '../../part/field.tsx';
import styles from './tax-rates-field.module.css';
import { lookupText } from './text.ts';

/** A rate as it is typed, in per cent. */
export type RateDraft = { readonly code: string; readonly rate_ppm: string };

/** The rates of a tax class, one below the other. */
export function TaxRatesField({
  rates,
  fault,
  isLocked,
  onChange,
}: {
  rates: readonly RateDraft[];
  fault: (path: string) => string | undefined;
  isLocked: boolean;
  onChange: (rates: RateDraft[]) => void;
}) {
  const change = (place: number, part: Partial<RateDraft>) =>
    onChange(rates.map((rate, other) => (other === place ? { ...rate, ...part } : rate)));
  return (
    <fieldset className={styles.rates}>
      <legend className={styles.label}>{lookupText.rates}</legend>
      <p className={styles.hint}>{lookupText.ratesHint}</p>
      {rates.map((rate, place) => (
        <div key={rateKey(place)} className={styles.rate}>
          <Field
            label={lookupText.rateCode}
            value={rate.code}
            error={fault(`rates[${place}].code`)}
            isDisabled={isLocked}
            onChange={(code) => change(place, { code })}
          />
          <Field
            label={lookupText.rate}
            value={rate.rate_ppm}
            error={fault(`rates[${place}].rate_ppm`)}
            unit="%"
            inputMode="decimal"
            isDisabled={isLocked}
            onChange={(rate_ppm) => change(place, { rate_ppm })}
          />
          <div className={styles.remove}>
            <IconButton
              icon="trash"
              tone="quiet"
              label={lookupText.removeRate(rate.code)}
              isDisabled={isLocked}
              onPress={() => onChange(rates.filter((_, other) => other !== place))}
            />
          </div>
        </div>
      ))}
      {!isLocked && rates.length < 8 && (
        <Button icon="plus" onPress={() => onChange([...rates, { code: '', rate_ppm: '' }])}>
          {lookupText.addRate}
        </Button>
      )}
    </fieldset>
  );
}

/** A rate is its place: they are added at the end and never sorted. */
const rateKey = (place: number): string => `rate-${place}`;
