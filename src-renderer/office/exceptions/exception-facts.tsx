import type { ExceptionView } from '#shared/contract/office/exceptions.ts';
import { Disclosure } from '../../part/disclosure.tsx';
import { Facts } from '../../part/facts.tsx';
import { Notice } from '../../part/notice.tsx';
import { Scroller } from '../../part/scroller.tsx';
import { displayDate, displayInstant, machineZone } from '../../part/time.ts';
import { DecisionList } from '../../sync/trouble/decision-list.tsx';
import { OperationValues } from '../../sync/trouble/operation-values.tsx';
import { troubleText } from '../../sync/trouble/text.ts';
import { kindWords, personWords } from '../../sync/trouble/words.ts';
import styles from './exception-facts.module.css';
import { exceptionsText } from './text.ts';

const instant = (at: string | null): string =>
  at === null ? exceptionsText.unreadable : displayInstant(at, machineZone);

/** What is known of an exception: in plain words first, to the last byte where somebody wants it. */
export function ExceptionFacts({ view }: { view: ExceptionView }) {
  const { facts, terminal, location, approver } = view;
  const tone = view.state === 'settled' ? 'info' : view.kind === 'quarantined' ? 'danger' : 'warn';
  return (
    <>
      <Notice tone={tone} title={view.cause} detail={view.advice} />
      <Facts
        facts={[
          [exceptionsText.operation, kindWords(view.operation_kind)],
          [exceptionsText.state, countsWords(view)],
          [exceptionsText.who, personWords(view.user)],
          ...(approver === null ? [] : [[exceptionsText.approver, personWords(approver)] as const]),
          [exceptionsText.happened, instant(view.occurred_at)],
          [exceptionsText.arrived, instant(view.raised_at)],
          [exceptionsText.where, `${exceptionsText.till(terminal.code, terminal.name)}, ${location.name}`],
          ...(facts?.business_date
            ? [[troubleText.businessDate, displayDate(facts.business_date)] as const]
            : []),
          ...(facts?.reason ? [[troubleText.reason, facts.reason] as const] : []),
        ]}
      />
      <OperationValues facts={facts} />
      <DecisionList decisions={view.decisions} zone={machineZone} />
      <Technical view={view} />
    </>
  );
}

const countsWords = ({ kind, decision }: ExceptionView): string =>
  decision?.action === 'replayed' && decision.settles ? troubleText.countsSince : troubleText.kindHints[kind];

function Technical({ view }: { view: ExceptionView }) {
  return (
    <Disclosure title={exceptionsText.technical}>
      <Facts
        facts={[
          [exceptionsText.code, view.code],
          [exceptionsText.serverNoted, view.detail === '' ? troubleText.dash : view.detail],
          [exceptionsText.operationId, view.op_id ?? troubleText.dash],
          [exceptionsText.place, exceptionsText.placeOf(view.epoch, view.seq)],
        ]}
      />
      <h4 className={styles.title}>{exceptionsText.verbatim}</h4>
      {view.operation === null || view.operation === undefined ? (
        <p>{exceptionsText.noOperation}</p>
      ) : (
        <Scroller className={styles.verbatim} label={exceptionsText.verbatim}>
          <pre data-selectable>{JSON.stringify(view.operation, null, 2)}</pre>
        </Scroller>
      )}
    </Disclosure>
  );
}
