import type { SyncProblem, SyncStatus } from '#shared/contract/till.ts';
import type { IconName } from '../part/icon.tsx';
import { displayCount } from '../part/money.ts';
import { syncText } from './text.ts';

/** The exchange in two words, and the whole sentence where something is wrong. */
export type Summary = {
  tone: 'calm' | 'ok' | 'info' | 'warn';
  icon: IconName;
  words: string;
  detail?: string;
};

/** Problems that do not go away by themselves: they are told before what waits. */
const lasting: readonly SyncProblem['kind'][] = ['stopped', 'revoked', 'outdated'];

/** How the exchange with the server stands, for the status bar: the weightiest thing first. */
export function summarise(status: SyncStatus | null, isAsked: boolean): Summary {
  if (status === null) return { tone: 'calm', icon: 'cloud', words: syncText.unknown };
  const { problem, waiting } = status;
  if (problem && lasting.includes(problem.kind)) return { ...told(problem), icon: 'alert' };
  if (status.quarantined > 0) return { tone: 'warn', icon: 'alert', words: syncText.attention };
  if (status.fetching) return { tone: 'info', icon: 'sync', words: syncText.fetchingItems };
  if (status.running || isAsked) return { tone: 'info', icon: 'sync', words: syncText.sending };
  const words = syncText.waiting(displayCount(waiting));
  if (problem) {
    const why = told(problem);
    return waiting > 0 ? { ...why, words: syncText.waitingBecause(words, why.words) } : why;
  }
  if (waiting > 0) return { tone: 'info', icon: 'cloud', words };
  return { tone: 'ok', icon: 'check', words: syncText.sent };
}

const told = ({ kind, message }: SyncProblem): Summary => ({
  tone: 'warn',
  icon: 'cloud-off',
  words: syncText.problems[kind],
  detail: message,
});
