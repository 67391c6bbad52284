import pg from 'pg';
import { ConfigError } from './config.ts';
import { ClusterError } from './embedded/cluster-error.ts';
import { MigrationError } from './migrate.ts';
import { UnknownZones } from './people/known-zones.ts';

/**
 * What a command says when it fails: plain words for what a person can put right (the configuration, the database,
 * a port), the stack for what is a mistake of ours. `DEBUG=1` shows the stack of all.
 */
export function failureText(error: unknown): string {
  if (error instanceof ConfigError) return `The configuration is wrong:\n${error.message}`;
  if (!(error instanceof Error)) return String(error);
  // A name with several addresses fails once for each; the first tells enough.
  if (error instanceof AggregateError && error.errors.length > 0) return failureText(error.errors[0]);
  const { code, syscall } = error as NodeJS.ErrnoException;
  const isPlain =
    error instanceof MigrationError ||
    error instanceof ClusterError ||
    error instanceof UnknownZones ||
    error instanceof pg.DatabaseError ||
    syscall !== undefined;
  if (!isPlain || process.env.DEBUG) return error.stack ?? error.message;
  const hint = code === undefined ? undefined : HINTS[code];
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}${hint ? `\n${hint}` : ''}`;
}

const HINTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Something listens there already; end it, or set TILLDOCK_PORT to another port.',
  EACCES: 'This account may not do that; use another folder (TILLDOCK_DATA) or port (TILLDOCK_PORT).',
  ECONNREFUSED: 'No database listens there; start it, or correct DATABASE_URL.',
  ENOTFOUND: 'There is no such host; correct DATABASE_URL.',
  '28P01': 'The database does not take this password; correct DATABASE_URL or DATABASE_OWNER_URL.',
};
