import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Recovered, RecoveryState } from '#shared/contract/recovery.ts';
import { checkCopy } from '../backup/check-copy.ts';
import { type Clock, nowOf } from '../clock.ts';
import { flushFolder } from '../durable-file.ts';
import { FILES, markLedger, openCatalog, type Recovery } from '../open.ts';
import { refused } from '../refusal.ts';
import type { SalvageFile } from '../salvage/salvage-file.ts';
import { type BuiltLedger, buildLedger, type Source } from './build-ledger.ts';
import { newLedgerCopies } from './ledger-copies.ts';
import { newSalvaging } from './salvaging.ts';
import { BESIDE, setAside } from './set-aside.ts';

/** What can be done for a till whose ledger cannot be opened. */
export type RecoveryDesk = {
  readonly log: Logger;
  state(): RecoveryState;
  look(): RecoveryState;
  cancel(): RecoveryState;
  /** @param backup the name of a good copy; null for what was salvaged, which must be whole */
  restore(backup: string | null): Promise<Recovered>;
  startAnew(): Promise<Recovered>;
  stop(): void;
};

type Place = {
  /** The till's, and the one with the copies of its ledger. */
  readonly folder: string;
  readonly backups: string;
  readonly recovery: Recovery;
  readonly clock: Clock;
  readonly log: Logger;
};

const DRAFT = 'ledger.db.new';

/** Begins to read what there is, without changing it, so that a person can decide. */
export function openRecoveryDesk({ folder, backups, recovery, clock, log }: Place): RecoveryDesk {
  const salvaging = newSalvaging(folder);
  const copies = newLedgerCopies(backups);
  const draft = join(folder, DRAFT);
  let isRestoring = false;

  const state = (): RecoveryState => ({
    ...recovery,
    salvage: salvaging.state(),
    backups: { folder: backups, copies: copies.list(), problem: copies.problem() },
    is_restoring: isRestoring,
  });

  const look = (): RecoveryState => {
    if (recovery.code === 'ledger_damaged' && !isRestoring) {
      void salvaging.read();
      void copies.read();
    }
    return state();
  };

  /** Makes a ledger and puts it in the place of the damaged one, which keeps every byte under another name. */
  async function replace(sourceOf: (salvage: SalvageFile | null) => Source): Promise<Recovered> {
    if (recovery.code !== 'ledger_damaged') throw refused(recovery.code, recovery.message);
    if (isRestoring) throw refused('recovery_busy', 'A new ledger is being made already. Wait for it.');
    isRestoring = true;
    try {
      const built = build(sourceOf);
      await checkDraft(draft, built.last_seq);
      flushFile(draft);
      const at = nowOf(clock);
      markLedger(folder, at);
      const set_aside = setAside(folder, at);
      renameSync(draft, join(folder, FILES.ledger));
      flushFolder(folder);
      salvaging.forget();
      log.warn({ set_aside, ...built }, 'another ledger took the place of the damaged one');
      return { set_aside, ...built };
    } finally {
      removeDraft(draft);
      isRestoring = false;
    }
  }

  function build(sourceOf: (salvage: SalvageFile | null) => Source): BuiltLedger {
    const { catalog } = openCatalog(folder, nowOf(clock));
    try {
      return salvaging.withFound((found) => buildLedger(draft, sourceOf(found), { catalog, clock, log }));
    } finally {
      catalog.close();
    }
  }

  /** A copy that was read through and found whole. @throws REFUSED `copy_unknown`, `copy_bad` */
  function goodCopy(name: string): string {
    const copy = copies.list().find((one) => one.name === name);
    if (!copy) throw refused('copy_unknown', 'There is no such copy any more. Look again.', 'backup');
    if (copy.check.state === 'waiting') {
      throw refused('copy_bad', 'This copy has not been read through yet. Wait for that.', 'backup');
    }
    if (copy.check.state === 'bad') {
      throw refused('copy_bad', `This copy cannot be used. ${copy.check.message}`, 'backup');
    }
    return join(backups, copy.name);
  }

  look();
  return {
    log,
    state,
    look,
    cancel: () => {
      salvaging.cancel();
      return state();
    },
    restore: (name) =>
      replace((salvage) => {
        if (name !== null) return { base: 'backup', backup: goodCopy(name), salvage };
        const read = salvaging.state();
        if (!salvage || read.phase !== 'done' || !read.found.is_whole) {
          throw refused(
            'salvage_not_whole',
            'What could be read has gaps. Choose a copy of the ledger, or begin anew with a manager’s code.',
          );
        }
        return { base: 'salvage', salvage };
      }),
    startAnew: () => replace((salvage) => ({ base: 'none', salvage })),
    stop: () => salvaging.cancel(),
  };
}

/** A copy that was good when it was looked at may not be so any more. @throws REFUSED `copy_bad` */
async function checkDraft(draft: string, lastSeq: number): Promise<void> {
  try {
    await checkCopy(draft, lastSeq);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw refused('copy_bad', `The ledger that was made is not good, and was not used. ${said}`, 'backup');
  }
}

/** Of what came to nothing, nothing stays; what was put in place has its own name. */
function removeDraft(draft: string): void {
  for (const part of ['', ...BESIDE]) rmSync(draft + part, { force: true });
}

function flushFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
