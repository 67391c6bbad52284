import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { companyIdSchema, locationIdSchema } from '#shared/ids.ts';
import { openCentral } from '../central.ts';
import { readConfig } from '../config.ts';
import { inCompany } from '../db.ts';
import { failureText } from '../failure.ts';
import { DEMO_SHOP } from '../people/demo-shop.ts';
import { makeEnrolmentCode } from '../people/enrolment.ts';
import { listLocations } from '../people/gate.ts';
import { createCompany, seedPermissions } from '../people/seed.ts';
import { requireRuntime } from '../runtime.ts';
import { replayQuarantine } from '../sync/replay.ts';

requireRuntime();

const USAGE = `npm run admin -- COMMAND
  seed                           permission codes and, where there is no company yet, the demo shop
  enrolment-code --location CODE a one-time code for a new terminal (ten minutes); with
                 --company ID    where several companies have such a location
  replay                         apply again what is in quarantine, after a repair
`;

/** A mistake on the command line: told in one line, exit code 2. */
class UsageError extends Error {}

async function main(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  const run = COMMANDS[command ?? ''];
  if (!run)
    throw new UsageError(command === undefined ? 'Which command?' : `There is no command ${command}.`);
  await run(rest);
}

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  seed: (args) => {
    parseArgs({ args, options: {} });
    return seed();
  },
  'enrolment-code': (args) => {
    const { values } = parseArgs({
      args,
      options: { location: { type: 'string' }, company: { type: 'string' } },
    });
    return enrolmentCode(values.location, values.company);
  },
  replay: (args) => {
    parseArgs({ args, options: {} });
    return replay();
  },
};

async function seed(): Promise<void> {
  const config = readConfig(process.env);
  const central = await openCentral(config);
  try {
    await seedPermissions(central.ownerUrl);
    const locations = await listLocations(central.db);
    if (locations.length > 0)
      return say('The permission codes are up to date; companies exist, so no shop was made.');
    if (config.NODE_ENV === 'production')
      return say('The permission codes are up to date. No demo shop in production.');
    const company = await createCompany(central.db, DEMO_SHOP);
    say(`Made ${DEMO_SHOP.name} with location ${DEMO_SHOP.location.code} (company ${company.company_id}).`);
    for (const person of DEMO_SHOP.people) say(`  ${person.name}, ${person.role}, PIN ${person.pin}`);
  } finally {
    await central.close();
  }
}

async function enrolmentCode(code: string | undefined, company: string | undefined): Promise<void> {
  if (code === undefined) throw new UsageError('--location: which location is the terminal for?');
  const central = await openCentral(readConfig(process.env));
  try {
    const matching = (await listLocations(central.db)).filter(
      (location) => location.code === code && (company === undefined || location.company_id === company),
    );
    const [location] = matching;
    if (!location) throw new UsageError(`--location: there is no location ${code}.`);
    if (matching.length > 1) {
      const ids = matching.map(({ company_id }) => company_id).join(', ');
      throw new UsageError(`--company: several companies have a location ${code}: ${ids}.`);
    }
    const made = await inCompany(central.db, companyIdSchema.parse(location.company_id), (tx) =>
      makeEnrolmentCode(tx, locationIdSchema.parse(location.location_id)),
    );
    say(`Enrolment code for ${code}, valid ten minutes: ${made}`);
  } finally {
    await central.close();
  }
}

async function replay(): Promise<void> {
  const central = await openCentral(readConfig(process.env));
  try {
    const companies = new Set((await listLocations(central.db)).map((location) => location.company_id));
    for (const id of companies) {
      const outcome = await inCompany(central.db, companyIdSchema.parse(id), replayQuarantine);
      say(`${id}: ${outcome.applied} applied, ${outcome.left} still in quarantine`);
    }
  } finally {
    await central.close();
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

// Through the exit handlers, so that no PostgreSQL that we started is left running.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

main().catch((error: unknown) => {
  const isUsage =
    error instanceof UsageError ||
    (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  process.stderr.write(isUsage ? `${(error as Error).message}\n\n${USAGE}` : `${failureText(error)}\n`);
  process.exit(isUsage ? 2 : 1);
});
