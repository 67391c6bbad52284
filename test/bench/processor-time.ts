import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second. */
const TICK_MS = 10;

/** Fields of `/proc/PID/stat`, counted from the one behind the program's name, which may contain anything. */
const FIELD = { parent: 1, user: 11, system: 12, childrenUser: 13, childrenSystem: 14 };

const statOf = (pid: number | string): string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};

const ticks = (stat: readonly string[], fields: readonly number[]): number =>
  fields.reduce((sum, field) => sum + Number(stat[field]), 0);

/** Milliseconds that a process has worked so far. */
export const workedMs = (pid: number): number => ticks(statOf(pid), [FIELD.user, FIELD.system]) * TICK_MS;

/** The same of a process and its children, those that have ended included. */
export function familyWorkedMs(pid: number): number {
  let sum = ticks(statOf(pid), [FIELD.user, FIELD.system, FIELD.childrenUser, FIELD.childrenSystem]);
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = statOf(name);
      if (Number(stat[FIELD.parent]) === pid) sum += ticks(stat, [FIELD.user, FIELD.system]);
    } catch (error) {
      // It ended meanwhile: then its parent has counted it.
      if (!/^(ENOENT|ESRCH)$/.test(String((error as NodeJS.ErrnoException).code))) throw error;
    }
  }
  return sum * TICK_MS;
}

export const parentOf = (pid: number): number => Number(statOf(pid)[FIELD.parent]);

/** Kilobytes of a process that are in memory. */
export const residentKb = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
