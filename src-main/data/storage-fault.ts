import { ORPCError } from '@orpc/server';
import Sqlite from 'better-sqlite3';
import type { Logger } from 'pino';
import { refused } from './refusal.ts';

/**
 * The refusal for an error of the disk below SQLite, which has rolled the command back; null for every other
 * error. What is not a refusal is a bug or a fault, and is logged.
 */
export function diskRefusal(log: Logger, error: unknown): Error | null {
  if (error instanceof ORPCError) return null;
  log.error({ err: error }, 'command failed');
  if (!(error instanceof Sqlite.SqliteError)) return null;
  if (error.code === 'SQLITE_FULL') {
    return refused('disk_full', 'The disk is full, so nothing can be stored. Free some space and try again.');
  }
  if (isDamage(error)) {
    return refused(
      'ledger_damaged',
      'A file of this till is damaged, so this was not done. Tilldock is looking at its files; wait a moment and try again.',
    );
  }
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|BUSY)/.test(error.code)) {
    return refused(
      'disk_failed',
      'The disk did not take the change. Nothing was stored; try again or ask for help.',
    );
  }
  return null;
}

/** Whether a page of a file was not what SQLite wrote. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
