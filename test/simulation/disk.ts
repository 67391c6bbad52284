import Sqlite, { type Database, type Statement } from 'better-sqlite3';

/** Thrown where a process is killed: whatever catches it is dead already. */
export class Killed extends Error {
  constructor() {
    super('the process was killed');
  }
}

/** What SQLite's error says where the simulation made it. */
export const DISK_MESSAGE = 'the disk of the simulation';

/** What befalls a till's files: the process ends at the `nth` step from now on, or a write fails there. */
export type DiskFault = {
  readonly what: 'kill' | 'SQLITE_FULL' | 'SQLITE_IOERR_WRITE' | 'SQLITE_READONLY';
  /** Where: at commits alone, when SQLite writes most of what it writes, or anywhere. */
  readonly where: 'commit' | 'anywhere';
  /** Counts statements, and of transactions the moments before and after the commit; of failing writes, writes. */
  nth: number;
};

/** The handles of one run of a till's process, which fail where they are told to. */
export type Disk = {
  readonly wrap: <Handle extends Database>(handle: Handle) => Handle;
  readonly arm: (fault: DiskFault) => void;
  readonly disarm: () => void;
  readonly isArmed: () => boolean;
};

/**
 * @param kill called at the moment of a kill, before anything is rolled back
 * @param alive whether the process still runs; handles of one that does not are of no use
 */
export function newDisk(kill: () => void, alive: () => boolean, met: (fault: DiskFault) => void): Disk {
  let armed: DiskFault[] = [];

  function step(isWrite: boolean, where: DiskFault['where'] = 'anywhere'): void {
    if (!alive()) throw new Killed();
    for (const fault of armed) {
      if ((fault.what !== 'kill' && !isWrite) || (fault.where === 'commit' && where !== 'commit')) continue;
      fault.nth -= 1;
      if (fault.nth > 0) continue;
      armed = armed.filter((other) => other !== fault);
      met(fault);
      if (fault.what !== 'kill') throw new Sqlite.SqliteError(DISK_MESSAGE, fault.what);
      kill();
      throw new Killed();
    }
  }

  function statement(real: Statement): Statement {
    const writes = !real.reader;
    const use =
      (name: 'run' | 'get' | 'all' | 'iterate') =>
      (...values: unknown[]): unknown => {
        step(writes);
        return (real[name] as (...given: unknown[]) => unknown)(...values);
      };
    const wrapped = { run: use('run'), get: use('get'), all: use('all'), iterate: use('iterate') };
    return wrapped as unknown as Statement;
  }

  function transaction(real: Database, work: (...args: unknown[]) => unknown): unknown {
    const run = (...args: unknown[]): unknown => {
      step(true);
      const outcome = real
        .transaction(() => {
          const result = work(...args);
          step(true, 'commit');
          return result;
        })
        .immediate();
      step(false, 'commit');
      return outcome;
    };
    return Object.assign(run, { deferred: run, immediate: run, exclusive: run });
  }

  const wrap: Disk['wrap'] = (handle) =>
    new Proxy(handle, {
      get: (target, name) => {
        if (name === 'prepare') return (text: string) => statement(target.prepare(text));
        if (name === 'transaction') {
          return (work: (...args: unknown[]) => unknown) => transaction(target, work);
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  return {
    wrap,
    arm: (fault) => {
      armed.push(fault);
    },
    disarm: () => {
      armed = [];
    },
    isArmed: () => armed.length > 0,
  };
}
