import { useRef } from 'react';
import type { DecisionId } from '#shared/ids.ts';
import { newDecisionId } from '../../new-id.ts';
import { sameAs } from '../../part/same-as.ts';

/**
 * The id of a decision that is being taken. The same again where the same is tried again, because the answer was lost;
 * a new one where something else is decided.
 */
export function useDecisionId(): (decided: object) => DecisionId {
  const last = useRef<{ decided: object; id: DecisionId } | null>(null);
  return (decided) => {
    if (last.current === null || !sameAs(last.current.decided, decided)) {
      last.current = { decided, id: newDecisionId() };
    }
    return last.current.id;
  };
}
