import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DataArguments } from './arguments.ts';
import { type Backups, startBackups } from './backup/start-backups.ts';
import { nowOf, systemClock } from './clock.ts';
import { type FolderHold, holdFolder } from './folder-hold.ts';
import { type LedgerHead, openLedgerHead } from './ledger-head.ts';
import { type Office, openOffice } from './office/office.ts';
import { type Check, FILES, openCatalog, openLedger, type Recovery } from './open.ts';
import { openRecoveryDesk, type RecoveryDesk } from './recovery/recovery-desk.ts';
import { lastSeq } from './sync/operation-store.ts';
import { type Sync, startSync } from './sync/start-sync.ts';
import type { Till } from './till.ts';

/** A till that works: its files, its sync, its line to the office, and the copies of its ledger. */
export type OpenTill = {
  till: Till;
  sync: Sync;
  office: Office;
  backups: Backups;
  app_version: string;
};

/** The same with what notes how far its ledger goes. */
type NotedTill = OpenTill & { readonly head: LedgerHead };

/** A till whose ledger cannot be opened, and what can be done for it. */
type ClosedTill = { recovery: Recovery; desk: RecoveryDesk };

/** The till in a folder, whichever of the two it is now. */
export type TillPlace = {
  opened(): OpenTill | ClosedTill;
  /** Settles when the files are not being opened again. */
  settled(): Promise<void>;
  /** Closes the files and opens them again: another ledger lies there now. */
  reopen(): Promise<void>;
  /** A page of one of the files was not what it should be: closes them and looks closely at every page of both. */
  doubt(): void;
  close(): Promise<void>;
};

/** @param onOpened hears of each time that the files were opened, but for the first */
export function openPlace(args: DataArguments, log: Logger, onOpened: (place: TillPlace) => void): TillPlace {
  mkdirSync(args.folder, { recursive: true, mode: 0o700 });
  let hold: FolderHold | null = holdFolder(args.folder, true);
  let opened = hold ? openFiles(args, log, 'quick_check', () => place.doubt()) : inUse(args, log);
  let reopening: Promise<void> | null = null;
  const again = (check: Check): Promise<void> => {
    reopening ??= (async () => {
      // Whoever found out is answered first.
      await nextTurn();
      await closeFiles(opened);
      opened = openFiles(args, log, check, () => place.doubt());
      onOpened(place);
    })().finally(() => {
      reopening = null;
    });
    return reopening;
  };
  const waiting = hold === null ? setInterval(takeOver, LOOK_AGAIN_MS) : undefined;
  function takeOver(): void {
    hold = holdFolder(args.folder, false);
    if (!hold) return;
    clearInterval(waiting);
    log.info('the other process has ended: this one goes on');
    void again('quick_check');
  }
  const place: TillPlace = {
    opened: () => opened,
    settled: async () => {
      await reopening;
    },
    reopen: () => again('quick_check'),
    doubt: () => {
      if ('recovery' in opened) return;
      log.error('a file of the till is damaged: it is being looked at');
      void again('integrity_check');
    },
    close: async () => {
      clearInterval(waiting);
      await closeFiles(opened);
      hold?.release();
    },
  };
  return place;
}

/** How often a process that has no till to work for looks whether the one that has it is gone, in ms. */
const LOOK_AGAIN_MS = 1000;

/** Another process works in this folder: this one touches nothing. */
function inUse({ folder, backups = join(folder, 'backups') }: DataArguments, log: Logger): ClosedTill {
  const recovery: Recovery = {
    code: 'ledger_in_use',
    message:
      `Another Tilldock is running over the same sales ledger (${folder}), and two must not sell at once. ` +
      'Use that one, or end it: this one then goes on by itself.',
  };
  log.error({ recovery }, 'the ledger is in use');
  return { recovery, desk: openRecoveryDesk({ folder, backups, recovery, clock: systemClock(), log }) };
}

function openFiles(
  { folder, backups = join(folder, 'backups'), autosync }: DataArguments,
  log: Logger,
  check: Check,
  onDamage: () => void,
): NotedTill | ClosedTill {
  const clock = systemClock();
  const found = openLedger(folder, nowOf(clock), check);
  if ('recovery' in found) {
    const { recovery } = found;
    log.error({ recovery }, 'the ledger cannot be opened');
    return { recovery, desk: openRecoveryDesk({ folder, backups, recovery, clock, log }) };
  }
  const { catalog, problem } = openCatalog(folder, nowOf(clock));
  if (problem) log.error({ problem }, 'the catalogue was damaged');
  const head = openLedgerHead(folder, join(folder, FILES.ledger), log);
  const committed = () => {
    head.note(lastSeq(found.ledger));
    sync.wake();
  };
  head.note(lastSeq(found.ledger));
  const till: Till = { ledger: found.ledger, catalog, clock, log, committed };
  const sync = startSync(till, folder, { autosync, catalogProblem: problem });
  const app_version = appVersion();
  const office = openOffice(till, app_version);
  return { till, sync, office, backups: startBackups(till, backups, onDamage), head, app_version };
}

async function closeFiles(opened: NotedTill | ClosedTill): Promise<void> {
  if ('recovery' in opened) return opened.desk.stop();
  const { till, sync, office, backups, head } = opened;
  await Promise.all([sync.stop(), office.close(), backups.stop()]);
  till.ledger.close();
  till.catalog.close();
  head.close();
}

function appVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version: unknown }).version);
}
