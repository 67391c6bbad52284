import { ORPCError } from '@orpc/server';
import Sqlite from 'better-sqlite3';
import { refused } from './refusal.ts';
import type { Till } from './till.ts';

/**
 * The refusal for an error of the disk below SQLite, which has rolled the command back; null for every other
 * error. What is not a refusal is a bug or a fault, and is logged.
 */
export function diskRefusal(till: Till, error: unknown): Error | null {
  if (error instanceof ORPCError) return null;
  till.log.error({ err: error }, 'command failed');
  if (!(error instanceof Sqlite.SqliteError)) return null;
  if (error.code === 'SQLITE_FULL') {
    return refused('disk_full', 'The disk is full, so nothing can be stored. Free some space and try again.');
  }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) {
    return refused(
      'ledger_damaged',
      'A file of this till is damaged. Restart Tilldock; if that does not help, ask for help.',
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
