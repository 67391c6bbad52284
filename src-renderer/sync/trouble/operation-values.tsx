import { formatQuantity } from '#shared/stock/quantity.ts';
import type { OperationFacts } from '#shared/sync/operation-facts.ts';
import styles from './operation-values.module.css';
import { troubleText } from './text.ts';
import { amountWords } from './words.ts';

/** What an operation says of goods and money: lines, then how it was paid, then what it comes to. */
export function OperationValues({ facts }: { facts: OperationFacts | null }) {
  const isEmpty = facts === null || (facts.lines.length === 0 && facts.amounts.length === 0);
  return (
    <section className={styles.values} aria-label={troubleText.values}>
      <h3 className={styles.title}>{troubleText.values}</h3>
      {isEmpty ? (
        <p className={styles.none}>{troubleText.valuesNone}</p>
      ) : (
        <div className={styles.paper} data-selectable>
          {facts.lines.length > 0 && <Lines facts={facts} />}
          <Sums facts={facts} />
        </div>
      )}
    </section>
  );
}

function Lines({ facts: { lines, currency } }: { facts: OperationFacts }) {
  return (
    <table className={styles.lines}>
      <thead>
        <tr>
          <th scope="col">{troubleText.goods}</th>
          <th scope="col" className={styles.end}>
            {troubleText.quantity}
          </th>
          <th scope="col" className={styles.end}>
            {troubleText.amount}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, sku, quantity_milli, amount_minor }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an operation never changes, and may name goods twice
          <tr key={place}>
            <th scope="row">
              {name}
              {sku !== name && <span className={styles.sku}>{sku}</span>}
            </th>
            <td className={styles.end}>{formatQuantity(quantity_milli)}</td>
            <td className={styles.end}>{amountWords(amount_minor, currency) ?? troubleText.dash}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Sums({ facts }: { facts: OperationFacts }) {
  const { amounts, tenders, currency } = facts;
  // The first one tells most; of the others nothing says nothing.
  const told = amounts.filter(({ minor }, place) => place === 0 || minor !== 0);
  return (
    <dl className={styles.sums}>
      {told.map(({ of, minor }, place) => (
        <div key={of} className={place === 0 ? styles.first : undefined}>
          <dt>{troubleText.amounts[of]}</dt>
          <dd>{amountWords(minor, currency) ?? troubleText.dash}</dd>
        </div>
      ))}
      {tenders.map(({ payment_type, minor }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an operation never changes, and may name a type twice
        <div key={place}>
          <dt>{troubleText.paidBy(payment_type)}</dt>
          <dd>{amountWords(minor, currency) ?? troubleText.dash}</dd>
        </div>
      ))}
    </dl>
  );
}
