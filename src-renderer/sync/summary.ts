import type { SyncStatus } from '#shared/contract/till.ts';
import type { IconName } from '../part/icon.tsx';
import { displayCount } from '../part/money.ts';
import { syncText } from './text.ts';

/** The exchange in two words. */
export type Summary = { tone: 'calm' | 'ok' | 'info' | 'warn'; icon: IconName; words: string };

/** How the exchange with the server stands, for the status bar: the weightiest thing first. */
export function summarise(status: SyncStatus | null, isAsked: boolean): Summary {
  if (status === null) return { tone: 'calm', icon: 'cloud', words: syncText.unknown };
  if (status.quarantined > 0) return { tone: 'warn', icon: 'alert', words: syncText.attention };
  if (status.running || isAsked) return { tone: 'info', icon: 'sync', words: syncText.sending };
  if (status.waiting > 0) {
    const words = syncText.waiting(displayCount(status.waiting));
    return status.problem === null
      ? { tone: 'info', icon: 'cloud', words }
      : { tone: 'warn', icon: 'cloud-off', words };
  }
  if (status.problem !== null) return { tone: 'warn', icon: 'cloud-off', words: syncText.offline };
  return { tone: 'ok', icon: 'check', words: syncText.sent };
}
