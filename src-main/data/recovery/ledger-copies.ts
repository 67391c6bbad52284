import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerCopy } from '#shared/contract/recovery.ts';
import { backupsAmong } from '../backup/backup-name.ts';
import { checkCopy } from '../backup/check-copy.ts';

/** So many of the newest are read through; more only until a good one is found. */
const READ = 8;

/** The copies of the ledger in a folder, which are read through one after the other. */
export type LedgerCopies = {
  list(): LedgerCopy[];
  /** Why there may be more than can be seen. */
  problem(): string | null;
  /** Lists and reads them anew. */
  read(): Promise<void>;
};

export function newLedgerCopies(folder: string): LedgerCopies {
  let copies: LedgerCopy[] = [];
  let problem: string | null = null;
  let round = 0;
  const list = () => {
    problem = null;
    try {
      return backupsAmong(readdirSync(folder));
    } catch (error) {
      problem = `The copies in ${folder} cannot be read: ${wordsOf(error)} Is the disk connected?`;
      return [];
    }
  };
  const judge = (name: string, check: LedgerCopy['check']) => {
    copies = copies.map((copy) => (copy.name === name ? { ...copy, check } : copy));
  };
  return {
    list: () => copies,
    problem: () => problem,
    read: async () => {
      round += 1;
      const mine = round;
      copies = list().map(({ name, at }) => ({ name, made_at: at, check: { state: 'waiting' } }));
      let hasGood = false;
      for (const [place, { name }] of copies.entries()) {
        if (round !== mine || (place >= READ && hasGood)) return;
        const check = await judged(join(folder, name));
        if (round !== mine) return;
        hasGood ||= check.state === 'good';
        judge(name, check);
      }
    },
  };
}

/** What reading a copy through shows. */
async function judged(file: string): Promise<LedgerCopy['check']> {
  try {
    return { state: 'good', ...(await checkCopy(file, 0)) };
  } catch (error) {
    return { state: 'bad', message: wordsOf(error) };
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
