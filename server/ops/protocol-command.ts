import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runCommand, UsageError } from './command.ts';
import { type Protocol, protocolFaults, protocolNow } from './protocol.ts';

const NOTED = new URL('../../docs/protocol.json', import.meta.url);

const USAGE = `npm run protocol                    notes what the protocol has new, in docs/protocol.json
npm run protocol -- --rewrite NAME  notes NAME as it is now, though it was noted otherwise; once for each name, or
                                    with "all": right only where no terminal of before is misled
`;

/** The protocol as it was noted. */
export const protocolNoted = async (): Promise<Protocol> =>
  z.record(z.string(), z.string()).parse(JSON.parse(await readFile(NOTED, 'utf8')));

/** Notes what is new; what was noted otherwise only where it is named. */
async function note(): Promise<void> {
  const { rewrite = [] } = parseArgs({
    options: { rewrite: { type: 'string', multiple: true } },
  }).values;
  const [noted, now] = [await protocolNoted(), protocolNow()];
  const isAll = rewrite.includes('all');
  const unknown = rewrite.filter((name) => name !== 'all' && !(name in noted) && !(name in now));
  if (unknown.length > 0) throw new UsageError(`--rewrite: there is no ${unknown.join(', ')}`);
  const kept = Object.entries(noted).filter(([name]) => !isAll && !rewrite.includes(name));
  const next: Protocol = { ...now, ...Object.fromEntries(kept) };
  const names = Object.keys(next).sort();
  await writeFile(
    NOTED,
    `${JSON.stringify(Object.fromEntries(names.map((name) => [name, next[name]])), null, 2)}\n`,
  );
  const faults = protocolFaults(next, now);
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
}

if (import.meta.main) runCommand(USAGE, note);
