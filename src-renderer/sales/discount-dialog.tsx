import { useState } from 'react';
import { parseDecimal } from '#shared/decimal.ts';
import type { Discount } from '#shared/sales/discount.ts';
import { type Currency, minorPlaces, parseMoney, ratePpm } from '#shared/sales/money.ts';
import { AmountField } from '../part/amount-field.tsx';
import { Button } from '../part/button.tsx';
import { displayMoney, displayRate } from '../part/money.ts';
import { Segments } from '../part/segments.tsx';
import { useCurrency } from '../people/till-store.ts';
import styles from './dialogs.module.css';
import { errorWords } from './figure-dialog.tsx';
import { FormDialog, FormError } from './form-dialog.tsx';
import { salesText } from './text.ts';

/** Shares worth a button, in millionths. */
const usual = [50_000, 100_000, 150_000, 200_000, 250_000, 500_000].map(ratePpm);
const whole = 1_000_000;
/** A per cent is ten thousand millionths: two decimals more than the entry's. */
const percentPlaces = 4;

type Kind = Discount['kind'];

/** Asks for a discount on a line or on the ticket, as a share or as an amount. */
export function DiscountDialog({
  title,
  given,
  onApply,
  onClose,
}: {
  title: string;
  given: Discount | null;
  onApply: (discount: Discount | null) => void;
  onClose: () => void;
}) {
  const currency = useCurrency();
  const [kind, setKind] = useState<Kind>(given?.kind ?? 'percent');
  const [entry, setEntry] = useState('');
  const [error, setError] = useState<string | null>(null);
  const apply = (discount: Discount | null) => {
    onApply(discount);
    onClose();
  };
  const submit = () => {
    const read = entry === '' ? null : readDiscount(kind, entry, currency);
    if (read === null) onClose();
    else if (typeof read === 'string') setError(read);
    else apply(read);
  };
  return (
    <FormDialog
      title={title}
      submit={{ label: salesText.apply }}
      other={
        given && (
          <Button size="l" tone="danger" icon="trash" onPress={() => apply(null)}>
            {salesText.removeDiscount}
          </Button>
        )
      }
      onSubmit={submit}
      onClose={onClose}
    >
      <Segments<Kind>
        label={salesText.discount}
        choices={[
          ['percent', salesText.percent],
          ['amount', salesText.amount],
        ]}
        chosen={kind}
        onChoose={(chosen) => {
          setKind(chosen);
          setEntry('');
          setError(null);
        }}
      />
      {kind === 'percent' && (
        <div className={styles.chips}>
          {usual.map((rate_ppm) => (
            <Button key={rate_ppm} onPress={() => apply({ kind: 'percent', rate_ppm })}>
              {displayRate(rate_ppm)}
            </Button>
          ))}
        </div>
      )}
      <AmountField
        key={kind}
        label={kind === 'percent' ? salesText.percent : salesText.amount}
        entry={entry}
        onEntry={setEntry}
        places={kind === 'percent' ? percentPlaces - 2 : minorPlaces(currency)}
        placeholder={given?.kind === kind ? wordsOf(given, currency) : '0'}
        unit={kind === 'percent' ? '%' : currency}
      />
      <FormError>{error}</FormError>
    </FormDialog>
  );
}

/** The discount that was keyed in, or what is wrong with it. */
function readDiscount(kind: Kind, entry: string, currency: Currency): Discount | string {
  if (kind === 'amount') {
    const amount = parseMoney(entry, currency);
    return amount.ok ? { kind, amount_minor: amount.value } : errorWords[amount.error];
  }
  const ppm = parseDecimal(entry, percentPlaces);
  if (!ppm.ok) return errorWords[ppm.error];
  return ppm.value > whole ? salesText.atMost100 : { kind, rate_ppm: ratePpm(ppm.value) };
}

const wordsOf = (discount: Discount, currency: Currency): string =>
  discount.kind === 'percent'
    ? displayRate(discount.rate_ppm)
    : displayMoney(discount.amount_minor, currency);
