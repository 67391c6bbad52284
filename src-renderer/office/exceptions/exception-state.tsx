import type { OfficeException } from '#shared/contract/office/exceptions.ts';
import { Badge } from '../../part/badge.tsx';
import { troubleText } from '../../sync/trouble/text.ts';
import { decisionWords } from '../../sync/trouble/words.ts';

/** Whether it counts, or what was decided about it. */
export function ExceptionState({ exception }: { exception: OfficeException }) {
  const { state, kind, decision } = exception;
  if (state === 'settled' && decision) return <Badge tone="ok">{decisionWords(decision)}</Badge>;
  return <Badge tone={kind === 'quarantined' ? 'danger' : 'warn'}>{troubleText.kinds[kind]}</Badge>;
}
