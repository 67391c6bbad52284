import { useEffect } from 'react';
import { ProgressBar } from 'react-aria-components';
import type { SalvageState, SalvageSummary } from '#shared/contract/recovery.ts';
import { announce } from '../../part/announce.tsx';
import { Button } from '../../part/button.tsx';
import { cx } from '../../part/cx.ts';
import { Facts } from '../../part/facts.tsx';
import { displayCount, displayMoney, locale } from '../../part/money.ts';
import { Notice } from '../../part/notice.tsx';
import { displayInstant, machineZone } from '../../part/time.ts';
import styles from './recovery.module.css';
import { lookAgain, stopReading } from './recovery-store.ts';
import { recoveryText } from './text.ts';

/** What can be read of the damaged ledger, while it is read and after. */
export function Salvage({ salvage }: { salvage: SalvageState }) {
  return (
    <section className={styles.part} aria-labelledby="salvage">
      <h2 id="salvage" className={styles.heading}>
        {recoveryText.salvage}
      </h2>
      <Found salvage={salvage} />
    </section>
  );
}

function Found({ salvage }: { salvage: SalvageState }) {
  switch (salvage.phase) {
    case 'reading':
      return <Reading done={salvage.done} total={salvage.total} />;
    case 'done':
      return <Summary found={salvage.found} />;
    case 'missing':
      return <p>{recoveryText.missing}</p>;
    case 'cancelled':
      return (
        <Notice tone="warn" title={recoveryText.cancelled}>
          <Button icon="sync" onPress={lookAgain}>
            {recoveryText.again}
          </Button>
        </Notice>
      );
    case 'failed':
      return (
        <Notice tone="danger" title={recoveryText.failed} detail={salvage.message}>
          <Button icon="sync" onPress={lookAgain}>
            {recoveryText.again}
          </Button>
        </Notice>
      );
  }
}

function Reading({ done, total }: { done: number; total: number }) {
  const share = total === 0 ? 0 : done / total;
  const percent = new Intl.NumberFormat(locale, { style: 'percent' }).format(share);
  return (
    <div className={styles.reading}>
      <ProgressBar
        aria-label={recoveryText.reading}
        className={cx(styles.progress)}
        value={done}
        maxValue={Math.max(total, 1)}
      >
        <span>
          {recoveryText.reading}: {recoveryText.readSoFar(percent)}
        </span>
        <span className={styles.track}>
          <span className={styles.done} style={{ inlineSize: percent }} />
        </span>
      </ProgressBar>
      <Button icon="close" onPress={stopReading}>
        {recoveryText.cancel}
      </Button>
    </div>
  );
}

function Summary({ found }: { found: SalvageSummary }) {
  const { operations, tickets, sums, last_receipt, last_at, missing } = found;
  const sum = sums.map(({ currency, total_minor }) => displayMoney(total_minor, currency)).join(' + ');
  const sold = recoveryText.salesCount(displayCount(tickets), tickets, sum);
  const lost = missing.reduce((count, { from, to }) => count + to - from + 1, 0);
  useEffect(() => announce(`${recoveryText.salvage}: ${sold}`), [sold]);
  if (operations === 0) return <p>{recoveryText.nothing}</p>;
  return (
    <Facts
      facts={[
        [recoveryText.sales, sold],
        ...(last_receipt === null ? [] : ([[recoveryText.lastReceipt, last_receipt]] as const)),
        ...(last_at === null ? [] : ([[recoveryText.lastAt, displayInstant(last_at, machineZone)]] as const)),
        [
          recoveryText.between,
          lost === 0 ? recoveryText.noneBetween : recoveryText.lostBetween(displayCount(lost), lost),
        ],
      ]}
    />
  );
}
