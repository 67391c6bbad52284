import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import type { Database } from 'better-sqlite3';
import pino from 'pino';
import { catalogPath } from '../../src-main/data/catalog-files.ts';
import type { Clock } from '../../src-main/data/clock.ts';
import { nowOf } from '../../src-main/data/clock.ts';
import { mintId } from '../../src-main/data/mint-id.ts';
import { openOffice } from '../../src-main/data/office/office.ts';
import { openCatalog, openLedger } from '../../src-main/data/open.ts';
import { router } from '../../src-main/data/router.ts';
import { startSync } from '../../src-main/data/sync/start-sync.ts';
import type { Till } from '../../src-main/data/till.ts';
import type { OpenTill, TillPlace } from '../../src-main/data/till-place.ts';
import { DISK_MESSAGE, type Disk, type DiskFault, Killed, newDisk } from './disk.ts';
import type { Line, Network } from './network.ts';
import { type Actor, newActor, type Schedule } from './schedule.ts';

/** The version of the program that the tills say they run. */
const VERSION = '0.0.0';

/** Copies of the ledger are made by threads of their own: a matter for tests with real processes. */
const NO_BACKUPS: OpenTill['backups'] = {
  status: () => ({ folder: '', last: null, running: false, is_on_same_disk: true, problem: null }),
  run: async () => NO_BACKUPS.status(),
  stop: async () => {},
};

/** Damaged ledgers are a matter for tests with real processes, too: nothing is opened again within a run. */
const placeOf = (opened: OpenTill): TillPlace => ({
  opened: () => opened,
  settled: async () => {},
  reopen: async () => {},
  doubt: () => {},
  close: async () => {},
});

/** What a power cut does to the catalogue, which is not on the disk with every commit; to the ledger it does nothing. */
export const CATALOGUE_LOSSES = ['kept', 'tail lost', 'log gone', 'damaged', 'gone'] as const;
export type CatalogueLoss = (typeof CATALOGUE_LOSSES)[number];

/** One run of a till's data process: the real router over real files and the real sync. */
export type Run = {
  readonly actor: Actor;
  readonly opened: OpenTill;
  readonly client: RouterClient<typeof router>;
  /** The files past everything that is done to them, for whoever checks. */
  readonly files: { readonly ledger: Database; readonly catalog: Database };
  readonly disk: Disk;
  /** Settles when the process ends. */
  readonly died: Promise<void>;
};

/** A till: its machine, its files and its line, over all the runs of its process. */
export type SimTill = {
  readonly name: string;
  readonly line: Line;
  readonly run: () => Run | null;
  /** Starts the process soon; `run` tells when it is up. */
  readonly start: () => void;
  /** Ends the process at this moment, leaving the files as they are on the disk. */
  readonly kill: (catalogue?: CatalogueLoss) => void;
  readonly retire: () => void;
  readonly arm: (fault: DiskFault) => void;
  readonly disarm: () => void;
  /** Moves the machine's wall clock. */
  readonly setClockBy: (ms: number) => void;
  readonly sleep: (ms: number) => void;
  /** Copies the files, as a backup or a clone would have them. */
  readonly copyFiles: (to: string) => void;
  /** Puts other files in the place of these; only while the process is down. */
  readonly replaceFiles: (from: string) => void;
  readonly folder: () => string;
  readonly session: string;
};

type Setting = {
  readonly name: string;
  readonly folder: string;
  readonly schedule: Schedule;
  readonly network: Network;
  readonly autosync: boolean;
  readonly session: string;
  readonly started: (till: SimTill, run: Run) => void;
  readonly died: (till: SimTill) => void;
  readonly met: (fault: DiskFault) => void;
  readonly complain: (what: string) => void;
};

export function newTill(setting: Setting): SimTill {
  const { name, schedule, network } = setting;
  const line = network.addLine(name);
  let runs = 0;
  let folder = join(setting.folder, 'run-0');
  let clockBy = 0;
  let run: (Run & { readonly disk: Disk; readonly die: () => void; readonly close: () => void }) | null =
    null;
  let slept = 0;
  mkdirSync(folder, { recursive: true });

  function open(actor: Actor): void {
    const bootMs = schedule.nowMs();
    const sleptBefore = slept;
    const clock: Clock = {
      wallMs: () => schedule.nowMs() + clockBy,
      monotonicMs: () => schedule.nowMs() - bootMs - (slept - sleptBefore),
      boot_id: mintId(),
    };
    const found = openLedger(folder, nowOf(clock));
    if ('recovery' in found) throw new Error(`${name}: ${found.recovery.message}`);
    const { catalog, problem } = openCatalog(folder, nowOf(clock));
    const { promise: died, resolve: die } = Promise.withResolvers<void>();
    const disk = newDisk(
      () => kill(),
      () => actor.alive,
      setting.met,
    );
    let current = disk.wrap(catalog);
    const till: Till = {
      ledger: disk.wrap(found.ledger),
      get catalog() {
        return current;
      },
      // A snapshot took its place.
      set catalog(next) {
        current = disk.wrap(next);
      },
      clock,
      log: pino({ level: 'error', base: null }, { write: listen(setting.complain) }),
      committed: () => sync.wake(),
    };
    network.join(actor, line);
    const sync = startSync(till, folder, { autosync: setting.autosync, catalogProblem: problem });
    const opened: OpenTill = {
      till,
      sync,
      office: openOffice(till, VERSION),
      backups: NO_BACKUPS,
      app_version: VERSION,
    };
    const reqHeaders = new Headers({ 'x-session': setting.session });
    const client = createRouterClient(router, { context: { place: placeOf(opened), reqHeaders } });
    const close = () => {
      found.ledger.close();
      current.close();
    };
    const files = {
      ledger: found.ledger,
      get catalog() {
        return current;
      },
    };
    run = { actor, opened, client, files, disk, died, die, close };
    setting.started(self, run);
  }

  function kill(catalogue: CatalogueLoss = 'kept'): void {
    if (!run) return;
    const ended = run;
    run = null;
    ended.actor.alive = false;
    network.hangUp(ended.actor);
    runs += 1;
    const before = folder;
    folder = join(setting.folder, `run-${runs}`);
    copyFolder(before, folder);
    lose(folder, catalogue);
    // The handles are closed when whoever uses them now has met the end.
    schedule.after(0, newActor(name), () => {
      ended.close();
      rmSync(before, { recursive: true });
    });
    ended.die();
    setting.died(self);
  }

  /** Ends the process for good. */
  function retire(): void {
    if (!run) return;
    run.actor.alive = false;
    run.close();
    run = null;
  }

  const self: SimTill = {
    name,
    line,
    run: () => run,
    start: () => {
      const actor = newActor(name);
      schedule.after(0, actor, () => open(actor));
    },
    kill,
    retire,
    arm: (fault) => run?.disk.arm(fault),
    disarm: () => run?.disk.disarm(),
    setClockBy: (ms) => {
      clockBy += ms;
    },
    sleep: (ms) => {
      slept += ms;
      if (run) run.actor.asleep_until = Math.max(run.actor.asleep_until, schedule.nowMs()) + ms;
    },
    copyFiles: (to) => copyFolder(folder, to),
    replaceFiles: (from) => {
      rmSync(folder, { recursive: true });
      copyFolder(from, folder);
    },
    folder: () => folder,
    session: setting.session,
  };
  return self;
}

/** What a process leaves behind when it is killed. The index of the write-ahead file is made anew from it. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from)) {
    if (!file.endsWith('-shm')) copyFileSync(join(from, file), join(to, file));
  }
}

function lose(folder: string, loss: CatalogueLoss): void {
  const path = catalogPath(folder);
  switch (loss) {
    case 'kept':
      return;
    case 'tail lost':
      if (existsSync(`${path}-wal`)) truncateSync(`${path}-wal`, statSync(`${path}-wal`).size >> 1);
      return;
    case 'log gone':
      rmSync(`${path}-wal`, { force: true });
      return;
    case 'damaged':
      writeFileSync(path, 'no longer a database '.repeat(500));
      return;
    case 'gone':
      rmSync(path);
      rmSync(`${path}-wal`, { force: true });
  }
}

/** Hears what the process logs as an error, unless it is what the simulation did to it. */
const listen =
  (complain: (what: string) => void) =>
  (line: string): void => {
    if (line.includes(new Killed().message) || line.includes(DISK_MESSAGE)) return;
    complain(line);
  };
