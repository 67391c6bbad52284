import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ElectronApplication } from 'playwright';

/** Resident memory in MB of an app's processes. What processes share is counted in each. */
export type Memory = { readonly main: number; readonly screen: number; readonly data: number };

/** The memory of an app, whose data process is told by its id, wherever it runs; of no such process, none. */
export async function memoryOf(app: ElectronApplication, dataPid: number | null): Promise<Memory> {
  const metrics = await app.evaluate(({ app: main }) =>
    main.getAppMetrics().map(({ pid, type, memory }) => ({ pid, type, mb: memory.workingSetSize / 1024 })),
  );
  const find = (type: string) => metrics.find((one) => one.type === type)?.mb ?? 0;
  const own = metrics.find(({ pid }) => pid === dataPid)?.mb;
  const data = own ?? (dataPid === null ? 0 : await residentOf(dataPid));
  return { main: find('Browser'), screen: find('Tab'), data };
}

/** Resident memory of a process in MB, as Linux tells it. */
export async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** Resident memory in MB of a Node that does nothing. */
export async function bareNodeMemory(): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'process.memoryUsage.rss()']);
  return Number(stdout) / 1024 / 1024;
}
