import type { CatalogueFetch } from '#shared/contract/till.ts';
import { displayCount } from '../part/money.ts';
import { syncText } from './text.ts';

const megabyte = 1_000_000;

/** `12 of 70 MB`, `40,000 of 1,000,000`, or nothing where it is not known. */
export function fetchAmount({ phase, done, total }: CatalogueFetch, language?: string): string {
  if (total === 0) return done === 0 ? '' : displayCount(done, language);
  const isBytes = phase === 'downloading' || phase === 'checking';
  const shown = (amount: number) => displayCount(isBytes ? Math.round(amount / megabyte) : amount, language);
  return isBytes ? syncText.megabytes(shown(done), shown(total)) : syncText.ofAll(shown(done), shown(total));
}
