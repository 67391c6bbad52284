import { useState } from 'react';
import { till } from '../api.ts';
import { newDayId } from '../new-id.ts';
import { announce } from '../part/announce.tsx';
import { Button } from '../part/button.tsx';
import { Empty } from '../part/empty.tsx';
import { displayMoney } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import { explain, type Problem } from '../part/problem.ts';
import { displayDate } from '../part/time.ts';
import { usePermission } from '../people/session-store.ts';
import { patchTillState, useTerminal } from '../people/till-store.ts';
import { refreshStatus } from '../sync/status-store.ts';
import { go } from '../view-store.ts';
import { CashCountForm, countOf, type Pieces, totalOf } from './cash-count.tsx';
import { BigFigure, DayPage } from './day-page.tsx';
import { salesText } from './text.ts';

/** Opens the sales day with the float that lies in the drawer. */
export function OpenDay() {
  const mayOpen = usePermission('day.operate');
  return mayOpen ? (
    <Float />
  ) : (
    <Empty icon="day" title={salesText.mayNotOpen} detail={salesText.mayNotOpenDetail} />
  );
}

function Float() {
  const { currency } = useTerminal().location;
  const [day_id] = useState(newDayId);
  const [pieces, setPieces] = useState<Pieces>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const float_minor = totalOf(pieces);
  const open = async () => {
    setBusy(true);
    try {
      const day = await till.sales.openDay({ day_id, float_minor, count: countOf(pieces) });
      patchTillState({ day });
      refreshStatus();
      announce(salesText.dayOf(displayDate(day.business_date)));
      go('sell');
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return (
    <DayPage
      title={salesText.openTitle}
      detail={salesText.openDetail}
      foot={
        <>
          <BigFigure name={salesText.float} value={displayMoney(float_minor, currency)} />
          <Button tone="primary" size="xl" icon="day" isDisabled={isBusy} onPress={open}>
            {salesText.openDay}
          </Button>
        </>
      }
    >
      {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
      <CashCountForm pieces={pieces} onPieces={setPieces} />
    </DayPage>
  );
}
