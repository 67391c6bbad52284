import type { EnrolReply } from '#shared/contract/central.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import type { Envelope } from '#shared/sync/operation.ts';

/**
 * The canonical JSON of an operation that is told once more, as another one of a terminal: the same id and contents,
 * with the place where it was recorded first.
 */
export function toldAgain(
  content: string,
  place: Pick<EnrolReply, 'terminal_id' | 'epoch'> & { readonly seq: number },
): string {
  const before = JSON.parse(content) as Envelope;
  const { terminal_id, epoch, seq } = before;
  const origin = before.origin ?? { terminal_id, epoch, seq };
  return canonicalJson({ ...before, ...place, origin });
}
