import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BackupStatus } from '#shared/contract/till.ts';
import { nowOf } from '../clock.ts';
import { isDamage } from '../storage-fault.ts';
import { lastSeq } from '../sync/operation-store.ts';
import type { Till } from '../till.ts';
import { backupsAmong, isDraft, outlived } from './backup-name.ts';
import { cannotKeep, isOnSameDisk, prepareBackupFolder, rememberBackupFolder } from './backup-place.ts';
import { type Backup, copyLedger, UnsoundCopy } from './copy-ledger.ts';

/** The backups of one till's ledger. */
export type Backups = {
  status(): BackupStatus;
  /** Makes one now, unless nothing was done since the last. Never throws: what went wrong stands in the status. */
  run(): Promise<BackupStatus>;
  stop(): Promise<void>;
};

/** How often a changed ledger is copied, in ms. A day's close makes one at once. */
const EVERY_MS = 60 * 60_000;
/** The first one after a start, which tells whether copies can be kept at all. */
const FIRST_MS = 60_000;

/**
 * Keeps copies of the ledger in a second place: every hour in which something was done, and when a day is closed.
 * @param onDamage hears that a copy came out damaged: the ledger may be so, too
 */
export function startBackups(till: Till, folder: string, onDamage: () => void): Backups {
  const home = dirname(till.ledger.name);
  let problem: string | null = null;
  let running: Promise<void> | null = null;
  const newest = () => {
    try {
      return backupsAmong(readdirSync(folder))[0] ?? null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problem = cannotKeep(folder, error);
      return null;
    }
  };
  const status = (): BackupStatus => {
    const last = newest();
    return {
      folder,
      last: last && { at: last.at, last_seq: last.last_seq },
      running: running !== null,
      is_on_same_disk: isOnSameDisk(folder, home),
      problem,
    };
  };
  const make = async (): Promise<void> => {
    try {
      const at = nowOf(till.clock);
      prepareBackupFolder(folder, home);
      // What a kill left of the one before.
      for (const name of readdirSync(folder).filter(isDraft)) rmSync(join(folder, name));
      if (newest()?.last_seq === lastSeq(till.ledger)) {
        problem = null;
        return;
      }
      const made: Backup = await copyLedger(till.ledger, folder, at);
      for (const name of outlived(backupsAmong(readdirSync(folder)), at)) rmSync(join(folder, name));
      rememberBackupFolder(folder, home);
      problem = null;
      till.log.info({ backup: made.name }, 'the ledger was copied');
    } catch (error) {
      problem = cannotKeep(folder, error);
      till.log.error({ err: error }, 'the ledger could not be copied');
      if (error instanceof UnsoundCopy || isDamage(error)) onDamage();
    }
  };
  const run = async (): Promise<BackupStatus> => {
    running ??= make().finally(() => {
      running = null;
    });
    await running;
    return status();
  };
  const timers = [setTimeout(run, FIRST_MS), setInterval(run, EVERY_MS)];
  for (const timer of timers) timer.unref();
  return {
    status,
    run,
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      await running;
    },
  };
}
