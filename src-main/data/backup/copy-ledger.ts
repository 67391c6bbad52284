import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { flushFolder } from '../durable-file.ts';
import type { Ledger } from '../open.ts';
import { lastSeq } from '../sync/operation-store.ts';
import { backupName, draftName } from './backup-name.ts';
import { checkCopy } from './check-copy.ts';

/** A copy of the ledger that was read back and found whole. */
export type Backup = { readonly name: string; readonly last_seq: number };

/** A copy was made and is not what the ledger is: one of the two disks is failing. */
export class UnsoundCopy extends Error {}

/** Pages copied at a time, 256 KiB: between two of them a scan is answered. */
const PAGES = 64;

/**
 * Copies the ledger into a folder while it is in use, by SQLite's backup API: what is written meanwhile is in the
 * copy too. The copy is checked through and flushed before it gets its name, so every file under such a name is whole.
 * @throws UnsoundCopy, or where the folder cannot be written; nothing is left of the copy then
 */
export async function copyLedger(ledger: Ledger, folder: string, at: string): Promise<Backup> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const last_seq = lastSeq(ledger);
  const name = backupName(at, last_seq);
  const draft = join(folder, draftName(name));
  rmSync(draft, { force: true });
  try {
    await ledger.backup(draft, { progress: () => PAGES });
    await checkCopy(draft, last_seq).catch((error: unknown) => {
      throw new UnsoundCopy(error instanceof Error ? error.message : String(error));
    });
    const file = openSync(draft, 'r+');
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, join(folder, name));
    flushFolder(folder);
    return { name, last_seq };
  } catch (error) {
    for (const part of ['', '-wal', '-shm', '-journal']) rmSync(draft + part, { force: true });
    throw error;
  }
}
