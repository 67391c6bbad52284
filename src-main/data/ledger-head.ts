import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';

/** Remembers beside the ledger how far it went, so that a ledger that went back is not taken for a whole one. */
export type LedgerHead = {
  /** Notes the last operation, once its commit is on the disk. */
  note(seq: number): void;
  close(): void;
};

const NAME = 'ledger.head';

/**
 * The file is written in place and never flushed: after a power cut it may tell less than the ledger has, never more.
 * It names the ledger's file by its number on the disk, so that it says nothing about another one in its place.
 */
export function openLedgerHead(folder: string, ledger: string, log: Logger): LedgerHead {
  const number = fileNumber(ledger);
  let file: number | null = null;
  const failed = (error: unknown) => log.warn({ err: error }, 'how far the ledger goes could not be noted');
  try {
    file = openSync(join(folder, NAME), 'w', 0o600);
  } catch (error) {
    failed(error);
  }
  return {
    note: (seq) => {
      if (file === null) return;
      try {
        // Always as long as the one before it.
        writeSync(file, `${number.padStart(20)} ${String(seq).padStart(16)}\n`, 0);
      } catch (error) {
        failed(error);
      }
    },
    close: () => {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

/** How far the ledger in that file went at least; 0 where nothing is known. */
export function notedHead(folder: string, ledger: string): number {
  let text: string;
  try {
    text = readFileSync(join(folder, NAME), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  const [number, seq] = text.trim().split(/\s+/);
  return number === fileNumber(ledger) && /^\d+$/.test(seq ?? '') ? Number(seq) : 0;
}

const fileNumber = (path: string): string => String(statSync(path, { bigint: true }).ino);
