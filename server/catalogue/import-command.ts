import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import type { CompanyId } from '#shared/ids.ts';
import { openCentral } from '../central.ts';
import { ConfigError, readConfig } from '../config.ts';
import type { Db } from '../db.ts';
import { requireRuntime } from '../runtime.ts';
import { type CommandLine, readCommandLine, USAGE } from './import/command-line.ts';
import { findCompany } from './import/find-company.ts';
import { openFindingFile } from './import/finding-file.ts';
import { type ImportCounts, type ImportSummary, importCatalogue } from './import/import-catalogue.ts';
import { ImportError } from './import/import-error.ts';
import { inGroups, showProgress } from './import/show-progress.ts';

requireRuntime();
// The heap may be half as large again as what is in use before it is collected, not four times as large: with it
// 398,975 rows take 270 MB at most instead of 370, in the same time.
setFlagsFromString('--heap-growing-percent=50');

/** As shells report a program that ended on SIGINT. */
const INTERRUPTED = 130;

/** `npm run import -- FILE`. Exit codes: 0 done, also with rows rejected; 1 failed; 2 asked for wrongly; 130 Ctrl-C. */
async function main(): Promise<number> {
  // npm changes to the project's folder and says in INIT_CWD where it was called.
  const asked = readCommandLine(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (!asked) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { size } = await statFile(asked.file);
  const signal = signalOfCtrlC();
  const central = await openCentral(readConfig(process.env));
  try {
    const company = await findCompany(central.db, asked.company);
    const { summary, report } = await run(central.db, company.company_id, asked, size, signal);
    process.stdout.write(
      asked.json ? asJson(asked, summary, report) : asTable(company.name, summary, report),
    );
    return summary.interrupted ? INTERRUPTED : 0;
  } finally {
    await central.close();
  }
}

type Outcome = { readonly summary: ImportSummary; readonly report: string | undefined };

async function run(
  db: Db,
  companyId: CompanyId,
  asked: CommandLine,
  size: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const findings = await openFindingFile(asked.rejects);
  const shown = showProgress(size, process.stderr);
  let done = 0;
  const onProgress = (counts: Readonly<ImportCounts>) => {
    done = counts.read;
    shown.at(counts);
  };
  const options = { ...asked.options, onFindings: findings.write };
  try {
    const source = createReadStream(asked.file);
    const summary = await importCatalogue(db, companyId, source, options, onProgress, signal);
    return { summary, report: findings.isEmpty() ? undefined : asked.rejects };
  } catch (error) {
    if (!(error instanceof ImportError) || error.kind !== 'source') throw error;
    throw new ImportError(
      'source',
      `${error.message} ${inGroups(done)} rows before it were dealt with.`,
      error,
    );
  } finally {
    shown.end();
    await findings.close();
  }
}

async function statFile(file: string): Promise<{ size: number }> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new ImportError('usage', `${file} cannot be read: ${error.code ?? error.message}.`, error);
  });
  if (!found.isFile()) throw new ImportError('usage', `${file} is not a file.`);
  return found;
}

/** Aborts on the first Ctrl-C, at the end of the rows under way; the second one ends at once. */
function signalOfCtrlC(): AbortSignal {
  const controller = new AbortController();
  const end = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write('\nEnding after the rows that are under way; Ctrl-C again ends at once.\n');
    controller.abort();
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  return controller.signal;
}

const measured = (summary: ImportSummary) => ({
  rows_per_second: Math.round(summary.read / summary.seconds),
  peak_memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
});

function asJson(asked: CommandLine, summary: ImportSummary, report: string | undefined): string {
  const seconds = Math.round(summary.seconds * 100) / 100;
  return `${JSON.stringify({ file: asked.file, ...summary, seconds, ...measured(summary), report: report ?? null })}\n`;
}

function asTable(company: string, summary: ImportSummary, report: string | undefined): string {
  const { rows_per_second, peak_memory_mb } = measured(summary);
  const would = summary.dry_run ? 'would be ' : '';
  const lines: [string, string][] = [
    ['read', inGroups(summary.read)],
    [`${would}new`, inGroups(summary.new)],
    [`${would}changed`, inGroups(summary.changed)],
    ['unchanged', inGroups(summary.unchanged)],
    ['repeated', inGroups(summary.repeated)],
    ['rejected', inGroups(summary.rejected)],
    ['warnings', inGroups(summary.warnings)],
    ['seconds', summary.seconds.toFixed(1)],
    ['rows/s', inGroups(rows_per_second)],
    ['peak memory', `${inGroups(peak_memory_mb)} MB`],
  ];
  const wide = Math.max(...lines.map(([name]) => name.length));
  const far = Math.max(...lines.map(([, value]) => value.length));
  const table = lines.map(([name, value]) => `  ${name.padEnd(wide)}  ${value.padStart(far)}`).join('\n');
  const what = summary.dry_run ? 'A preview: nothing was written' : 'Imported';
  const end = summary.interrupted ? '\nInterrupted. The same command goes on from here.' : '';
  const listed = report === undefined ? '' : `\nRejected rows and warnings are listed in ${report}`;
  return `${what} (${company})\n${table}${end}${listed}\n`;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof ImportError) process.stderr.write(`${error.message}\n`);
    else if (error instanceof ConfigError)
      process.stderr.write(`The configuration is wrong:\n${error.message}\n`);
    else
      process.stderr.write(
        `The import failed: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
      );
    const isUsage = error instanceof ImportError && error.kind === 'usage';
    if (isUsage) process.stderr.write('See npm run import -- --help\n');
    process.exitCode = isUsage ? 2 : 1;
  },
);
