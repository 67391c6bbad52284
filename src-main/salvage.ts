import { spawn } from 'node:child_process';
import { utilityProcess } from 'electron';
import { nodeFor } from './host/choose.ts';

/** What follows `salvage` on the command line; null where the app is to be started. */
export const salvageArguments = (argv: readonly string[]): readonly string[] | null => {
  const at = argv.indexOf('salvage');
  return at === -1 ? null : argv.slice(at + 1);
};

/**
 * Reads a damaged ledger as `npm run salvage` does, in a process of its own that says everything itself.
 * @param entry the data process's file, which knows this command
 * @param named a Node that the environment names
 * @returns its exit code
 */
export function runSalvage(entry: string, args: readonly string[], named: string | null): Promise<number> {
  const node = nodeFor(named);
  return new Promise((resolve, reject) => {
    if (node.isOurs) {
      const child = utilityProcess.fork(entry, ['salvage', ...args], { stdio: 'inherit' });
      child.once('exit', resolve);
    } else if (node.path === null) {
      reject(new Error('This Electron is too old for it, and TILLDOCK_NODE names no Node ≥ 22'));
    } else {
      const child = spawn(node.path, [entry, 'salvage', ...args], { stdio: 'inherit' });
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    }
  });
}
