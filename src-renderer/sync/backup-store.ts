import { useEffect } from 'react';
import { create } from 'zustand';
import type { BackupStatus } from '#shared/contract/till.ts';
import { till } from '../api.ts';

/** Where the copies of the ledger stand, as it was heard last. */
export const useBackups = create<{ status: BackupStatus | null }>()(() => ({ status: null }));

/** Takes in a status. */
export const takeBackups = (status: BackupStatus): void => useBackups.setState({ status });

/** How often it is asked for, in ms: copies are made every hour. */
const EVERY = 60_000;

/** Why no copies are made, kept fresh; null where they are. A line that is down says so elsewhere. */
export function useBackupProblem(): string | null {
  const problem = useBackups(({ status }) => status?.problem ?? null);
  useEffect(() => {
    const ask = () => till.terminal.backups().then(takeBackups, () => {});
    ask();
    const timer = setInterval(ask, EVERY);
    return () => clearInterval(timer);
  }, []);
  return problem;
}
