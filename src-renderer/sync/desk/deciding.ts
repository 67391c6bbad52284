import { useState } from 'react';
import type { DeskItem } from '#shared/contract/desk.ts';
import type { Approval } from '#shared/contract/till.ts';
import type { DecisionId, OpId } from '#shared/ids.ts';
import { noteSchema } from '#shared/sync/decision.ts';
import { announce } from '../../part/announce.tsx';
import { check } from '../../part/check.ts';
import { explain, type Problem } from '../../part/problem.ts';
import { withApproval } from '../../people/step-up-store.ts';
import { refreshStatus } from '../status-store.ts';
import { useDecisionId } from '../trouble/use-decision-id.ts';
import { subjectWords } from '../trouble/words.ts';
import { refreshDesk, useDesk } from './desk-store.ts';
import { deskText } from './text.ts';

/** What every dialog that decides is given. */
export type Deciding = {
  readonly item: DeskItem;
  readonly onDecided: () => void;
  readonly onClose: () => void;
};

/** What a decision is sent with. */
export type Asked = {
  readonly decision_id: DecisionId;
  readonly op_id: OpId;
  readonly code: DeskItem['code'];
  readonly note: string;
  readonly approval?: Approval;
};

/** Somebody was first: the entry goes from the list, and why is said above it. */
const isOver: readonly string[] = ['trouble_settled', 'trouble_unknown'];

/**
 * Takes a decision, once: with a note that is checked first, and with somebody's PIN where that is asked for.
 */
export function useDeciding({ item, onDecided, onClose }: Deciding, said: (what: string) => string) {
  const [note, setNote] = useState('');
  const [fault, setFault] = useState<string | undefined>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const decisionId = useDecisionId();
  const decide = async (extra: object, act: (asked: Asked) => Promise<unknown>) => {
    const { op_id, code } = item;
    const checked = check(noteSchema, note);
    setFault(checked.ok ? undefined : Object.values(checked.faults)[0]);
    if (!checked.ok || op_id === null || isBusy) return;
    setBusy(true);
    setProblem(null);
    try {
      const asked = {
        decision_id: decisionId({ note: checked.value, ...extra }),
        op_id,
        code,
        note: checked.value,
      };
      const done = await withApproval(deskText.stepUp, (approval) =>
        act({ ...asked, ...(approval && { approval }) }),
      );
      if (done === null) return;
      const words = said(subjectWords(item.operation_kind, item.facts?.receipt_number ?? null));
      await refreshDesk();
      refreshStatus();
      onClose();
      useDesk.setState({ said: words, chosen: null });
      announce(words);
      requestAnimationFrame(onDecided);
    } catch (error) {
      const problem = explain(error);
      if (isOver.includes(problem.code)) {
        await refreshDesk();
        useDesk.setState({ problem });
      }
      setProblem(problem);
    } finally {
      setBusy(false);
    }
  };
  const field = {
    value: note,
    error: fault,
    onChange: (text: string) => {
      setNote(text);
      setFault(undefined);
    },
  };
  return { decide, field, problem, isBusy };
}
