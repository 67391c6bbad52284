import { useEffect, useState } from 'react';
import { z } from 'zod';
import { ifMatch } from '#shared/contract/list.ts';
import type { ExceptionView, OfficeException } from '#shared/contract/office/exceptions.ts';
import { officeContract } from '#shared/contract/office.ts';
import { noteSchema } from '#shared/sync/decision.ts';
import { type DeskAction, deskActionSchema } from '#shared/sync/exception.ts';
import { nameSchema } from '#shared/text.ts';
import { refusalCode, till } from '../../api.ts';
import { announce } from '../../part/announce.tsx';
import { Button } from '../../part/button.tsx';
import { check } from '../../part/check.ts';
import { Empty } from '../../part/empty.tsx';
import { Notice } from '../../part/notice.tsx';
import { explain, type Problem } from '../../part/problem.ts';
import { partText } from '../../part/text.ts';
import { useForm } from '../../part/use-form.ts';
import { useSlow } from '../../part/use-slow.ts';
import { troubleText } from '../../sync/trouble/text.ts';
import { useDecisionId } from '../../sync/trouble/use-decision-id.ts';
import { subjectWords } from '../../sync/trouble/words.ts';
import { FormPanel } from '../form-panel.tsx';
import { useMay } from '../me.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { say } from '../said-store.ts';
import { type DecisionDraft, DecisionFields } from './decision-fields.tsx';
import { ExceptionFacts } from './exception-facts.tsx';
import { ExceptionState } from './exception-state.tsx';
import { exceptionsText } from './text.ts';

const decisionSchema = z.object({ action: deskActionSchema, note: noteSchema });
const correctionSchema = decisionSchema.extend({ by: nameSchema(50) });

/** What each field of the form is called, for saying what somebody else has changed; nobody else can change these. */
const words = { action: exceptionsText.whatNow, note: exceptionsText.note, by: exceptionsText.receipt };

/** One exception: what happened, what it says, what was decided, and what can be decided now. */
export function ExceptionPanel({
  exception,
  onChanged,
  onClose,
}: {
  exception: OfficeException;
  onChanged: () => void;
  onClose: () => void;
}) {
  const { exception_id } = exception;
  const [view, setView] = useState<ExceptionView | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isStillAside, setStillAside] = useState(false);
  const maySettle = useMay(officeContract.exceptions.accept);
  const decisionId = useDecisionId();
  const load = async () => {
    setProblem(null);
    setView(await till.office.exceptions.get({ exception_id }));
  };
  const tryToLoad = () => {
    load().catch((error: unknown) => setProblem(explain(error)));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each exception, which the key says
  useEffect(tryToLoad, []);
  const now = view ?? exception;
  const start: DecisionDraft = { action: firstAction(now), note: '', by: '' };
  const form = useForm({
    start,
    after: start,
    isLocked: !maySettle,
    check: (draft): ReturnType<typeof check<typeof decisionSchema>> =>
      check(draft.action === 'correct' ? correctionSchema : decisionSchema, draft),
    save: async ({ action, note }, { by }) => {
      const decision_id = decisionId({ action, note, by });
      setStillAside(false);
      const after = await decide(action, {
        params: { exception_id },
        headers: ifMatch(now.version),
        body: { decision_id, note },
        by,
      }).catch(async (error: unknown) => {
        if (refusalCode(error) === 'exception_settled') {
          await load();
          onChanged();
          showTop(form.element.current);
        }
        throw error;
      });
      onChanged();
      if (after.state === 'settled' || action !== 'replay') {
        say(exceptionsText.done[action](nameOf(after)));
        return onClose();
      }
      setView(after);
      setStillAside(true);
      announce(exceptionsText.stillAside, 'assertive');
      showTop(form.element.current);
    },
    reload: async () => {
      await load();
      onChanged();
      return start;
    },
  });
  const chosen = now.actions.find((action) => action === form.draft.action);
  const isDeciding = now.state === 'open' || chosen !== undefined || form.draft.note !== '';
  return (
    <FormPanel
      title={troubleText.titles[exception.code]}
      detail={
        <>
          <ExceptionState exception={now} /> {nameOf(now)}
        </>
      }
      size="l"
      form={form}
      words={words}
      save={maySettle && view && chosen ? exceptionsText.do[chosen] : undefined}
      others={
        maySettle &&
        !isDeciding &&
        now.actions.includes('reopen') && (
          <Button size="l" tone="quiet" icon="undo" onPress={() => form.change({ action: 'reopen' })}>
            {exceptionsText.reopenThis}
          </Button>
        )
      }
      onClose={onClose}
    >
      {isStillAside && (
        <Notice tone="warn" title={exceptionsText.stillAside} detail={exceptionsText.stillAsideDetail} />
      )}
      {view ? <ExceptionFacts view={view} /> : <Waiting problem={problem} onRetry={tryToLoad} />}
      {view && maySettle && isDeciding && <DecisionFields view={view} form={form} />}
    </FormPanel>
  );
}

/** What happened stands at the top; and the button that had the focus serves no more. */
const showTop = (form: HTMLFormElement | null): void => {
  requestAnimationFrame(() => {
    form?.firstElementChild?.scrollTo({ top: 0 });
    const dialog = form?.closest('[role=dialog]');
    if (dialog instanceof HTMLElement) dialog.focus();
  });
};

function Waiting({ problem, onRetry }: { problem: Problem | null; onRetry: () => void }) {
  const isSlow = useSlow(problem === null);
  if (problem) return <ProblemNotice problem={problem} onRetry={onRetry} />;
  return isSlow ? <Empty icon="clock" title={partText.loading} /> : null;
}

type Asked = {
  params: { exception_id: number };
  headers: ReturnType<typeof ifMatch>;
  body: { decision_id: ReturnType<ReturnType<typeof useDecisionId>>; note: string };
  by: string;
};

function decide(action: DeskAction, { by, ...asked }: Asked): Promise<ExceptionView> {
  const { exceptions } = till.office;
  if (action !== 'correct') return exceptions[action](asked);
  return exceptions.correct({ ...asked, body: { ...asked.body, by: { receipt_number: by.trim() } } });
}

/** What is offered first where there is something to decide. */
const firstAction = ({ state, actions }: OfficeException): DeskAction | '' =>
  state === 'open' ? (actions[0] ?? '') : '';

const nameOf = ({ operation_kind, receipt_number, terminal }: OfficeException): string =>
  `${subjectWords(operation_kind, receipt_number)} · ${exceptionsText.till(terminal.code, terminal.name)}`;
