import { useState } from 'react';
import type { DeskItem } from '#shared/contract/desk.ts';
import { Button } from '../../part/button.tsx';
import { Disclosure } from '../../part/disclosure.tsx';
import { Facts } from '../../part/facts.tsx';
import { Notice } from '../../part/notice.tsx';
import { Scroller } from '../../part/scroller.tsx';
import { displayDate, displayInstant } from '../../part/time.ts';
import { useTerminal } from '../../people/till-store.ts';
import { DecisionList } from '../trouble/decision-list.tsx';
import { OperationValues } from '../trouble/operation-values.tsx';
import { troubleText } from '../trouble/text.ts';
import { kindWords, personWords } from '../trouble/words.ts';
import { AcceptDialog } from './accept-dialog.tsx';
import { CorrectDialog } from './correct-dialog.tsx';
import { SentBadge } from './sent-badge.tsx';
import { deskText } from './text.ts';
import styles from './trouble-pane.module.css';

/** One trouble: what happened, what the entry says, what was decided, and what can be decided here. */
export function TroublePane({ item, onDecided }: { item: DeskItem; onDecided: () => void }) {
  const [deciding, setDeciding] = useState<'accept' | 'correct' | null>(null);
  const { actions } = item;
  const decided = { item, onDecided, onClose: () => setDeciding(null) };
  return (
    <>
      <Scroller className={styles.scroll} label={item.cause}>
        <Notice tone={toneOf(item)} title={item.cause} detail={item.advice} />
        <Particulars item={item} />
        <OperationValues facts={item.facts} />
        <Decided item={item} />
        {item.detail && (
          <Disclosure title={deskText.noted}>
            <p data-selectable>{item.detail}</p>
          </Disclosure>
        )}
        {item.state === 'open' && actions.length === 0 && (
          <Notice tone="info" title={deskText.tooOld} detail={deskText.tooOldDetail} />
        )}
      </Scroller>
      {actions.length > 0 && (
        <footer className={styles.foot}>
          {actions.includes('correct') && (
            <Button size="l" icon="exchange" grows onPress={() => setDeciding('correct')}>
              {deskText.correct}
            </Button>
          )}
          {actions.includes('accept') && (
            <Button size="l" tone="primary" icon="check" grows onPress={() => setDeciding('accept')}>
              {deskText.accept}
            </Button>
          )}
        </footer>
      )}
      {deciding === 'accept' && <AcceptDialog {...decided} />}
      {deciding === 'correct' && <CorrectDialog {...decided} />}
    </>
  );
}

const toneOf = ({ state, kind }: DeskItem) =>
  state === 'settled' ? 'info' : kind === 'quarantined' ? 'danger' : 'warn';

function Particulars({ item }: { item: DeskItem }) {
  const { zone } = useTerminal().location;
  const { facts, approver } = item;
  return (
    <Facts
      facts={[
        [deskText.what, kindWords(item.operation_kind)],
        ...(facts?.receipt_number ? [[troubleText.receipt, facts.receipt_number] as const] : []),
        [deskText.counts, troubleText.kindHints[item.kind]],
        [deskText.who, personWords(item.user)],
        ...(approver ? [[deskText.approver, personWords(approver)] as const] : []),
        [deskText.when, item.occurred_at ? displayInstant(item.occurred_at, zone) : troubleText.someone],
        ...(facts?.business_date
          ? [[troubleText.businessDate, displayDate(facts.business_date)] as const]
          : []),
        ...(facts?.reason ? [[troubleText.reason, facts.reason] as const] : []),
      ]}
    />
  );
}

/** The decision that was taken here, as it will stand in the office. */
function Decided({ item: { decision } }: { item: DeskItem }) {
  const { location, terminal_code } = useTerminal();
  if (decision === null) return null;
  return (
    <DecisionList
      decisions={[{ ...decision, settles: true, terminal: { code: terminal_code } }]}
      zone={location.zone}
      badge={<SentBadge isSent={decision.sent} />}
    />
  );
}
