import type { ZReport as Report } from '#shared/sales/day.ts';
import type { Currency } from '#shared/sales/money.ts';
import { Button } from '../part/button.tsx';
import { displayCount, displayMoney, displayRate } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import { displayDate } from '../part/time.ts';
import { useTill } from '../people/till-store.ts';
import { resetClosing } from './closing-store.ts';
import { BigFigure, DayPage } from './day-page.tsx';
import { salesText } from './text.ts';
import styles from './z-report.module.css';

/** The result of a closing: over or short first, then the figures of the day. */
export function ZReport({ z }: { z: Report }) {
  return (
    <DayPage
      title={salesText.closedTitle(z.z_number)}
      detail={salesText.dayOf(displayDate(z.business_date))}
      foot={
        <>
          <Difference z={z} />
          <Button tone="primary" size="xl" icon="check" onPress={resetClosing}>
            {salesText.zDone}
          </Button>
        </>
      }
    >
      <Notice
        tone={z.unsent > 0 ? 'info' : 'ok'}
        title={z.unsent > 0 ? salesText.unsent(z.unsent) : salesText.allSent}
        detail={z.unsent > 0 ? salesText.unsentDetail : undefined}
      />
      <div className={styles.tables}>
        {tablesOf(z).map(([title, rows]) => (
          <section key={title}>
            <h2 className={styles.title}>{title}</h2>
            <Figures rows={rows} />
          </section>
        ))}
        <Tenders z={z} />
      </div>
    </DayPage>
  );
}

function Difference({ z }: { z: Report }) {
  const { over_short_minor: difference } = z.drawer;
  if (difference === 0) {
    return <BigFigure tone="ok" name={salesText.balanced} value={displayMoney(0, z.currency)} />;
  }
  return (
    <BigFigure
      tone="warn"
      name={difference > 0 ? salesText.over : salesText.short}
      value={displayMoney(Math.abs(difference), z.currency)}
    />
  );
}

type Rows = readonly (readonly [name: string, value: string])[];

function tablesOf({ sums, drawer, currency, perpetual_minor }: Report): readonly (readonly [string, Rows])[] {
  const money = moneyIn(currency);
  const range =
    sums.first_number === null || sums.last_number === null
      ? salesText.zNone
      : salesText.zFromTo(String(sums.first_number), String(sums.last_number));
  return [
    [
      salesText.zDrawer,
      [
        [salesText.float, money(drawer.float_minor)],
        [salesText.zCash, money(drawer.cash_minor)],
        [salesText.zExpected, money(drawer.expected_minor)],
        [salesText.zCounted, money(drawer.counted_minor)],
      ],
    ],
    [
      salesText.zMoney,
      [
        [salesText.zGross, money(sums.gross_minor)],
        [salesText.zDiscount, money(-sums.discount_minor)],
        [salesText.zNet, money(sums.net_minor)],
        [salesText.zTax, money(sums.tax_minor)],
        [salesText.zTotal, money(sums.total_minor)],
        [salesText.zRefunded, money(sums.refunded_minor)],
        [salesText.zRounding, money(sums.rounding_minor)],
        [salesText.zPerpetual, money(perpetual_minor)],
      ],
    ],
    [
      salesText.zTickets,
      [
        [salesText.zNumbers, range],
        [salesText.zSales, displayCount(sums.sales)],
        [salesText.zRefunds, displayCount(sums.refunds)],
        [salesText.zAborted, displayCount(sums.aborted)],
        [salesText.zLines, displayCount(sums.lines)],
      ],
    ],
    [
      salesText.zTaxes,
      sums.taxes.map((tax) => [`${tax.code} ${displayRate(tax.rate_ppm)}`, money(tax.tax_minor)] as const),
    ],
  ];
}

function Tenders({ z }: { z: Report }) {
  const types = useTill(({ state }) => state?.payment_types ?? []);
  const money = moneyIn(z.currency);
  const rows = z.sums.tenders.map((tender) => {
    const name = types.find(({ code }) => code === tender.payment_type)?.name ?? tender.payment_type;
    return [`${name} (${displayCount(tender.count)})`, money(tender.amount_minor)] as const;
  });
  return (
    <section>
      <h2 className={styles.title}>{salesText.zTenders}</h2>
      <Figures rows={rows} />
    </section>
  );
}

function Figures({ rows }: { rows: Rows }) {
  return (
    <dl className={styles.figures}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {rows.length === 0 && <div>{salesText.zNone}</div>}
    </dl>
  );
}

const moneyIn =
  (currency: Currency) =>
  (amount: number): string =>
    displayMoney(amount, currency);
