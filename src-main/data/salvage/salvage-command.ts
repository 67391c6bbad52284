import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { checkCopy } from '../backup/check-copy.ts';
import { systemClock } from '../clock.ts';
import { FILES, openCatalogFile } from '../open.ts';
import { buildLedger, type Source } from '../recovery/build-ledger.ts';
import { type Outcome, salvageReport } from './report.ts';
import { openSalvageFile, removeSalvageFile, type SalvageFile, salvagedOperations } from './salvage-file.ts';
import { salvageLedger } from './salvage-ledger.ts';
import { summarise } from './summarise.ts';

const USAGE = `npm run salvage -- --from FILE --to FOLDER [--copy FILE]
  --from FILE    the damaged ledger.db, or the folder that it is in; it is only read, with ledger.db-wal beside it
  --to FOLDER    a new folder, for what could be read
  --copy FILE    a copy of the same ledger that is whole: what could be read is added to it
`;

/** What was typed cannot be done; said in one line. */
class UsageError extends Error {}

type Asked = { readonly from: string; readonly to: string; readonly copy: string | null };

/**
 * Reads a damaged ledger into a folder: `ledger.db`, which can take its place, `operations.jsonl` with every operation
 * that could be read and its hashes, and `report.txt`.
 * @returns the exit code: 0 something was read, 1 nothing was, or it failed; 2 asked for wrongly
 */
export async function salvageCommand(args: readonly string[]): Promise<0 | 1 | 2> {
  try {
    // npm changes to the project's folder and says in INIT_CWD where it was called.
    const asked = readAsked(args, process.env.INIT_CWD ?? process.cwd());
    if (asked.copy !== null) await checkCopy(asked.copy, 0);
    const { report, isEmpty } = salvage(asked);
    process.stdout.write(`${report}\n`);
    return isEmpty ? 1 : 0;
  } catch (error) {
    const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
    const said = error instanceof Error ? error.message : String(error);
    process.stderr.write(isUsage ? `${said}\n\n${USAGE}` : `${said}\n`);
    return isUsage ? 2 : 1;
  }
}

function readAsked(args: readonly string[], cwd: string): Asked {
  const options = { from: { type: 'string' }, to: { type: 'string' }, copy: { type: 'string' } } as const;
  const { from, to, copy } = parseArgs({ args: [...args], options }).values;
  if (from === undefined) throw new UsageError('--from: which ledger is damaged?');
  if (to === undefined) throw new UsageError('--to: which new folder is for what can be read?');
  const given = resolve(cwd, from);
  const isFolder = statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
  const folder = resolve(cwd, to);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(`--to: ${folder} is not empty. Name a new folder: nothing is ever written over.`);
  }
  return {
    from: isFolder ? join(given, FILES.ledger) : given,
    to: folder,
    copy: copy === undefined ? null : resolve(cwd, copy),
  };
}

function salvage({ from, to, copy }: Asked): { report: string; isEmpty: boolean } {
  if (!existsSync(from) && !existsSync(`${from}-wal`)) throw new UsageError(`--from: there is no ${from}.`);
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const scratch = join(to, 'salvage.tmp');
  try {
    const hasChanged = salvageLedger(from, scratch, () => {});
    const file = openSalvageFile(scratch);
    try {
      const found = summarise(file);
      if (found.operations > 0) writeOperations(file, join(to, 'operations.jsonl'));
      const outcome = makeLedger(file, join(to, FILES.ledger), found, copy);
      const report = salvageReport({ from, found, hasChanged, outcome });
      writeFileSync(join(to, 'report.txt'), `${report}\n`, { mode: 0o600 });
      return { report, isEmpty: found.operations === 0 };
    } finally {
      file.close();
    }
  } finally {
    removeSalvageFile(scratch);
  }
}

/** One operation a line, and a line for each gap. */
function writeOperations(file: SalvageFile, path: string): void {
  let next: number | null = null;
  const lines: string[] = [];
  const flush = () => writeFileSync(path, lines.splice(0).join(''), { flag: 'a', mode: 0o600 });
  for (const { seq, content, prev_hash, hash } of salvagedOperations(file)) {
    if (next !== null && seq > next)
      lines.push(`${JSON.stringify({ missing: { from: next, to: seq - 1 } })}\n`);
    lines.push(`${JSON.stringify({ operation: JSON.parse(content), prev_hash, hash })}\n`);
    next = seq + 1;
    if (lines.length >= 1000) flush();
  }
  flush();
}

function makeLedger(
  salvage: SalvageFile,
  path: string,
  found: ReturnType<typeof summarise>,
  copy: string | null,
): Outcome {
  if (found.operations === 0 && copy === null) return { kind: 'nothing' };
  const clock = systemClock();
  const catalog = openCatalogFile(':memory:', new Date(clock.wallMs()).toISOString());
  try {
    const tools = { catalog, clock, log: pino({ level: 'silent' }) };
    const source: Source =
      copy !== null
        ? { base: 'backup', backup: copy, salvage }
        : { base: found.is_whole ? 'salvage' : 'none', salvage };
    const built = buildLedger(path, source, tools);
    return source.base === 'none' ? { kind: 'for_new_till', ...built } : { kind: 'ledger', ...built };
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    catalog.close();
  }
}
