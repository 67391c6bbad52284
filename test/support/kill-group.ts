import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

type Living = { readonly pid: number; readonly parent: number; readonly isZombie: boolean };

/** Every process of the machine. */
function processes(): Living[] {
  const told = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return told
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, stat]) => ({
      pid: Number(pid),
      parent: Number(parent),
      isZombie: stat?.startsWith('Z') ?? false,
    }));
}

/** Kills a process and its children with SIGKILL, and waits until none of them runs. */
export async function killWithChildren(pid: number): Promise<void> {
  const family = [pid, ...processes().flatMap((one) => (one.parent === pid ? [one.pid] : []))];
  for (const member of family) {
    try {
      process.kill(member, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  while (processes().some((one) => family.includes(one.pid) && !one.isZombie)) await pause(5);
}
