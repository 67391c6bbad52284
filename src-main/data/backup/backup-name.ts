/** A backup's file name says when it was made and up to which operation it goes. */
const NAME = /^ledger-(\d{8})T(\d{6})Z-(\d+)\.db$/;

/** What is not finished bears another name, and so do SQLite's files beside it. */
export const draftName = (name: string): string => `${name}.part`;
export const isDraft = (name: string): boolean => /^ledger-\d{8}T\d{6}Z-\d+\.db\.part/.test(name);

export type NamedBackup = { readonly name: string; readonly at: string; readonly last_seq: number };

/** `ledger-20260301T093000Z-1234.db`, after the instant in UTC. */
export const backupName = (at: string, lastSeq: number): string =>
  `ledger-${at.slice(0, 19).replaceAll(/[-:]/g, '')}Z-${lastSeq}.db`;

/** The backups among file names, newest first. */
export const backupsAmong = (names: readonly string[]): NamedBackup[] =>
  names
    .map((name) => ({ name, read: NAME.exec(name) }))
    .flatMap(({ name, read }) =>
      read?.[1] && read[2] ? [{ name, at: instant(read[1], read[2]), last_seq: Number(read[3]) }] : [],
    )
    .sort((left, right) => (left.at < right.at ? 1 : -1));

const instant = (day: string, time: string): string =>
  `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}.000Z`;

/** The newest are kept whatever their age. */
const NEWEST = 8;
/** And the last one of each day for so many days: as long as operations are kept on the till. */
const DAYS = 35;

/**
 * The backups that are no longer needed. A clock that is wrong removes nothing that is among the newest, and nothing
 * that seems to come from the future.
 */
export function outlived(backups: readonly NamedBackup[], now: string): string[] {
  const oldest = new Date(Date.parse(now) - DAYS * 86_400_000).toISOString();
  const days = new Set<string>();
  return backups
    .filter(({ at }, place) => {
      const day = at.slice(0, 10);
      const isLastOfDay = !days.has(day);
      days.add(day);
      return place >= NEWEST && !(isLastOfDay && at >= oldest);
    })
    .map(({ name }) => name);
}
