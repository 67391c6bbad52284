import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { flushFolder } from '../durable-file.ts';
import { FILES } from '../open.ts';

/** SQLite's files beside a database. */
export const BESIDE = ['-wal', '-shm', '-journal'] as const;

const isAside = (name: string): boolean => /^ledger\.db\.damaged-[\dTZ-]+$/.test(name);

/**
 * Gives the ledger another name, with what SQLite keeps beside it, so that another one can take its place. Nothing is
 * ever deleted. The ledger itself goes first: a kill in between leaves a folder whose ledger is missing, and what was
 * written ahead of the old one never meets another.
 * @returns the new name; null where there was no ledger
 */
export function setAside(folder: string, at: string): string | null {
  finishSettingAside(folder);
  const path = join(folder, FILES.ledger);
  if (!existsSync(path)) return null;
  const name = `${FILES.ledger}.damaged-${at.replaceAll(/[:.]/g, '-')}`;
  renameSync(path, join(folder, name));
  flushFolder(folder);
  moveBeside(folder, name);
  return name;
}

/** What a kill left half done: the files beside a ledger that was set aside go after it. */
export function finishSettingAside(folder: string): void {
  const newest = newestAside(folder);
  if (newest !== null && !existsSync(join(folder, FILES.ledger))) moveBeside(folder, newest);
}

/** The file to read where the ledger itself is gone: the last one that was set aside. */
export const newestAside = (folder: string): string | null =>
  readdirSync(folder).filter(isAside).sort().at(-1) ?? null;

function moveBeside(folder: string, name: string): void {
  for (const part of BESIDE) {
    const from = join(folder, FILES.ledger + part);
    const to = join(folder, name + part);
    if (existsSync(from) && !existsSync(to)) renameSync(from, to);
  }
  flushFolder(folder);
}
