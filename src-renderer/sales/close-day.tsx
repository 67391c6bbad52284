import { useEffect } from 'react';
import { Button } from '../part/button.tsx';
import { Field } from '../part/field.tsx';
import { displayMoney } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import { displayDate, displayTime } from '../part/time.ts';
import { useTerminal, useTill } from '../people/till-store.ts';
import { go } from '../view-store.ts';
import { CashCountForm, countOf, totalOf } from './cash-count.tsx';
import styles from './close-day.module.css';
import { closeDay, setClosing, useClosing } from './closing-store.ts';
import { BigFigure, DayPage } from './day-page.tsx';
import { openDialog } from './dialog-store.ts';
import { useSell } from './sell-store.ts';
import { salesText } from './text.ts';
import { refreshHeld } from './ticket-actions.ts';

/** Closes the sales day: a blind count, a look at it, and the closing. */
export function CloseDay() {
  const isReviewed = useClosing((state) => state.isReviewed);
  useEffect(() => {
    refreshHeld();
  }, []);
  return isReviewed ? <Review /> : <Count />;
}

function Count() {
  const pieces = useClosing((state) => state.pieces);
  const day = useTill(({ state }) => state?.day);
  const { currency, zone } = useTerminal().location;
  return (
    <DayPage
      title={day ? salesText.dayOf(displayDate(day.business_date)) : salesText.day}
      detail={salesText.closeDetail}
      foot={
        <>
          <BigFigure name={salesText.countedSoFar} value={displayMoney(totalOf(pieces), currency)} />
          <Button tone="primary" size="xl" icon="check" onPress={() => setClosing({ isReviewed: true })}>
            {salesText.reviewCount}
          </Button>
        </>
      }
    >
      {day && (
        <dl className={styles.facts}>
          <dt>{salesText.openedAt}</dt>
          <dd>{displayTime(day.opened_at, zone)}</dd>
          <dt>{salesText.openedFloat}</dt>
          <dd>{displayMoney(day.float_minor, currency)}</dd>
        </dl>
      )}
      <Unfinished />
      <CashCountForm pieces={pieces} onPieces={(next) => setClosing({ pieces: next })} />
    </DayPage>
  );
}

function Review() {
  const { pieces, reason, problem, isBusy } = useClosing();
  const { currency } = useTerminal().location;
  const counted = countOf(pieces);
  return (
    <DayPage
      title={salesText.reviewTitle}
      detail={salesText.reviewDetail}
      foot={
        <>
          <BigFigure name={salesText.counted} value={displayMoney(totalOf(pieces), currency)} />
          <Button size="xl" icon="back" isDisabled={isBusy} onPress={() => setClosing({ isReviewed: false })}>
            {salesText.countAgain}
          </Button>
          <Button tone="primary" size="xl" icon="day" isDisabled={isBusy} onPress={closeDay}>
            {salesText.closeDay}
          </Button>
        </>
      }
    >
      {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
      <Unfinished />
      <ul className={styles.counted}>
        {counted.map(({ denomination_minor, pieces: count }) => (
          <li key={denomination_minor}>
            <span>
              {count} × {displayMoney(denomination_minor, currency)}
            </span>
            <strong>{displayMoney(totalOf({ [denomination_minor]: count }), currency)}</strong>
          </li>
        ))}
      </ul>
      <Field
        label={salesText.whyDiffers}
        value={reason}
        maxLength={300}
        onChange={(text) => setClosing({ reason: text })}
      />
    </DayPage>
  );
}

/** Says all day, not only at the end, that tickets wait to be finished. */
function Unfinished() {
  const held = useSell((state) => state.held.length);
  const hasOpen = useSell((state) => (state.cart?.lines.length ?? 0) > 0);
  if (hasOpen) {
    return (
      <Notice tone="warn" title={salesText.openFirst} detail={salesText.openFirstDetail}>
        <Button icon="sell" onPress={() => go('sell')}>
          {salesText.toTicket}
        </Button>
      </Notice>
    );
  }
  if (held === 0) return null;
  return (
    <Notice tone="warn" title={salesText.heldReminder(held)} detail={salesText.heldReminderDetail}>
      <Button
        icon="drawer"
        onPress={() => {
          go('sell');
          openDialog({ kind: 'held' });
        }}
      >
        {salesText.showHeld}
      </Button>
    </Notice>
  );
}
