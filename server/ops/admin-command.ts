import { parseArgs } from 'node:util';
import { companyIdSchema, locationIdSchema } from '#shared/ids.ts';
import { openCentral } from '../central.ts';
import { ConfigError, readConfig } from '../config.ts';
import { inCompany } from '../db.ts';
import { DEMO_SHOP } from '../people/demo-shop.ts';
import { makeEnrolmentCode } from '../people/enrolment.ts';
import { listLocations } from '../people/gate.ts';
import { createCompany, seedPermissions } from '../people/seed.ts';
import { requireRuntime } from '../runtime.ts';
import { replayQuarantine } from '../sync/replay.ts';

requireRuntime();

const USAGE = `npm run admin -- COMMAND
  seed                           permission codes and, where there is no company yet, the demo shop
  enrolment-code --location CODE a one-time code for a new terminal (ten minutes)
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
  'enrolment-code': (args) =>
    enrolmentCode(parseArgs({ args, options: { location: { type: 'string' } } }).values.location),
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

async function enrolmentCode(code: string | undefined): Promise<void> {
  if (code === undefined) throw new UsageError('--location: which location is the terminal for?');
  const central = await openCentral(readConfig(process.env));
  try {
    const matching = (await listLocations(central.db)).filter((location) => location.code === code);
    const [location] = matching;
    if (!location) throw new UsageError(`--location: there is no location ${code}.`);
    if (matching.length > 1) throw new UsageError(`--location: several companies have a location ${code}.`);
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

main().catch((error: unknown) => {
  const isUsage =
    error instanceof UsageError ||
    (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  if (isUsage) process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
  else if (error instanceof ConfigError)
    process.stderr.write(`The configuration is wrong:\n${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  process.exit(isUsage ? 2 : 1);
});
