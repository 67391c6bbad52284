import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupStatus } from '#shared/contract/till.ts';
import { nowOf } from '../clock.ts';
import { isDamage } from '../storage-fault.ts';
import { lastSeq } from '../sync/operation-store.ts';
import type { Till } from '../till.ts';
import { backupsAmong, isDraft, outlived } from './backup-name.ts';
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

/**
 * Keeps copies of the ledger in a second place: every hour in which something was done, and when a day is closed.
 * @param onDamage hears that a copy came out damaged: the ledger may be so, too
 */
export function startBackups(till: Till, folder: string, onDamage: () => void): Backups {
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
      problem,
    };
  };
  const make = async (): Promise<void> => {
    try {
      const at = nowOf(till.clock);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // What a kill left of the one before.
      for (const name of readdirSync(folder).filter(isDraft)) rmSync(join(folder, name));
      if (newest()?.last_seq === lastSeq(till.ledger)) return;
      const made: Backup = await copyLedger(till.ledger, folder, at);
      for (const name of outlived(backupsAmong(readdirSync(folder)), at)) rmSync(join(folder, name));
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
  const timer = setInterval(run, EVERY_MS);
  timer.unref();
  return {
    status,
    run,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

const cannotKeep = (folder: string, error: unknown): string =>
  `The ledger could not be copied to ${folder}: ${error instanceof Error ? error.message : String(error)} Check the disk, or choose another place in the settings.`;
