import { parseArgs } from 'node:util';
import { companyIdSchema, locationIdSchema } from '#shared/ids.ts';
import { emailSchema } from '#shared/people/user.ts';
import { type Central, openCentral } from '../central.ts';
import { readConfig } from '../config.ts';
import { inCompany } from '../db.ts';
import { isKnown, replacePassword } from '../people/admin-account.ts';
import { createDemoShop, DEMO_SHOP, demoSignIns } from '../people/demo-shop.ts';
import { makeEnrolment, makeEnrolmentCode } from '../people/enrolment.ts';
import { listCompanies, listLocations } from '../people/gate.ts';
import { seedPermissions } from '../people/seed.ts';
import { findTerminal } from '../people/terminals.ts';
import { requireRuntime } from '../runtime.ts';
import { replayQuarantine } from '../sync/replay.ts';
import { beginAnew } from '../sync/server-epoch.ts';
import { runCommand, say, UsageError } from './command.ts';
import { askForPassword, openQuestions } from './questions.ts';

requireRuntime();

const USAGE = `npm run admin -- COMMAND
  seed                           permission codes and, where there is no company yet, the demo shop
  enrolment-code --location CODE a one-time code for a new terminal (ten minutes); with
                 --company ID    where several companies have such a location
  re-enrol-code --terminal CODE  a one-time code with which one copy of a terminal goes on as it (ten minutes);
                 --company ID    with the company where several have such a terminal
  reset-password --email ADDRESS asks for a new password of somebody whom no mail reaches, and ends their
                 --company ID    sessions; the company where several know the address
  replay                         apply again what is in quarantine, after a repair
  restored                       after the database was put back to an earlier moment: terminals then send again
                                 what it lost, and fetch their catalogues anew
`;

type Work = (central: Central) => Promise<void>;

/** Each reads its arguments, before a database is opened, and says what to do there. */
const COMMANDS: Readonly<Record<string, (args: string[]) => Work>> = {
  seed: (args) => {
    parseArgs({ args, options: {} });
    return seed;
  },
  'enrolment-code': (args) => {
    const options = { location: { type: 'string' }, company: { type: 'string' } } as const;
    const { location, company } = parseArgs({ args, options }).values;
    if (location === undefined) throw new UsageError('--location: which location is the terminal for?');
    return (central) => enrolmentCode(central, location, company);
  },
  're-enrol-code': (args) => {
    const options = { terminal: { type: 'string' }, company: { type: 'string' } } as const;
    const { terminal, company } = parseArgs({ args, options }).values;
    if (terminal === undefined) throw new UsageError('--terminal: which terminal is to go on?');
    return (central) => reEnrolCode(central, terminal, company);
  },
  'reset-password': (args) => {
    const options = { email: { type: 'string' }, company: { type: 'string' } } as const;
    const { email, company } = parseArgs({ args, options }).values;
    const address = emailSchema.safeParse(email);
    if (!address.success) throw new UsageError('--email: whose password? Give their e-mail address.');
    return (central) => resetPassword(central, address.data, company);
  },
  replay: (args) => {
    parseArgs({ args, options: {} });
    return replay;
  },
  restored: (args) => {
    parseArgs({ args, options: {} });
    return restored;
  },
};

async function seed({ db, ownerUrl }: Central): Promise<void> {
  await seedPermissions(ownerUrl);
  const locations = await listLocations(db);
  if (locations.length > 0)
    return say('The permission codes are up to date; companies exist, so no shop was made.');
  const config = readConfig(process.env);
  if (config.NODE_ENV === 'production')
    return say('The permission codes are up to date. No demo shop in production.');
  const company = await createDemoShop(db, config);
  say(`Made ${DEMO_SHOP.name} with location ${DEMO_SHOP.location.code} (company ${company.company_id}).`);
  for (const line of demoSignIns()) say(`  ${line}`);
}

async function enrolmentCode({ db }: Central, code: string, company: string | undefined): Promise<void> {
  const matching = (await listLocations(db)).filter(
    (location) => location.code === code && (company === undefined || location.company_id === company),
  );
  const [location] = matching;
  if (!location) throw new UsageError(`--location: there is no location ${code}.`);
  if (matching.length > 1) {
    const ids = matching.map(({ company_id }) => company_id).join(', ');
    throw new UsageError(`--company: several companies have a location ${code}: ${ids}.`);
  }
  const made = await inCompany(db, companyIdSchema.parse(location.company_id), (tx) =>
    makeEnrolmentCode(tx, locationIdSchema.parse(location.location_id)),
  );
  say(`Enrolment code for ${code}, valid ten minutes: ${made}`);
}

async function reEnrolCode({ db }: Central, code: string, wanted: string | undefined): Promise<void> {
  const having = [];
  for (const { company_id, name } of await listCompanies(db)) {
    if (wanted !== undefined && wanted !== company_id && wanted !== name) continue;
    const terminal = await inCompany(db, company_id, (tx) => findTerminal(tx, code));
    if (terminal) having.push({ company_id, name, terminal });
  }
  const [found] = having;
  if (!found) throw new UsageError(`--terminal: there is no terminal ${code} in service.`);
  if (having.length > 1) {
    const there = having.map(({ company_id, name }) => `${name} (${company_id})`).join(', ');
    throw new UsageError(`--company: which one? There is a terminal ${code} in ${there}.`);
  }
  const { terminal_id, location_id, name } = found.terminal;
  const made = await inCompany(db, found.company_id, (tx) => makeEnrolment(tx, location_id, terminal_id));
  say(`Code with which one machine goes on as ${code} (${name}), valid ten minutes: ${made.code}`);
}

async function resetPassword({ db }: Central, email: string, wanted: string | undefined): Promise<void> {
  const knowing = [];
  for (const { company_id, name } of await listCompanies(db)) {
    const asked = wanted === undefined || wanted === company_id || wanted === name;
    if (asked && (await isKnown(db, company_id, email))) knowing.push({ company_id, name });
  }
  const [company] = knowing;
  if (!company) throw new UsageError(`--email: nobody has the address ${email}.`);
  if (knowing.length > 1) {
    const there = knowing.map(({ company_id, name }) => `${name} (${company_id})`).join(', ');
    throw new UsageError(`--company: which one? The address is known in ${there}.`);
  }
  const questions = openQuestions();
  const password = await askForPassword(questions).finally(questions.close);
  if (!(await replacePassword(db, company.company_id, { email, password }))) {
    throw new UsageError(
      `--email: ${email} is not active in ${company.name}, and signs in with no password.`,
    );
  }
  say(`${email} has a new password in ${company.name}; all their sessions have ended.`);
}

async function replay({ db }: Central): Promise<void> {
  for (const { company_id, name } of await listCompanies(db)) {
    const outcome = await inCompany(db, company_id, (tx) => replayQuarantine(tx));
    say(`${name} (${company_id}): ${outcome.applied} applied, ${outcome.left} still in quarantine`);
  }
}

async function restored({ db, ownerUrl }: Central): Promise<void> {
  const companies = await listCompanies(db);
  const epoch = await beginAnew(
    db,
    ownerUrl,
    companies.map(({ company_id }) => company_id),
  );
  say(`This database has a new life (${epoch}). Start the servers; terminals send again what it lost.`);
}

runCommand(USAGE, async () => {
  const [command, ...args] = process.argv.slice(2);
  const run = COMMANDS[command ?? ''];
  if (!run)
    throw new UsageError(command === undefined ? 'Which command?' : `There is no command ${command}.`);
  const work = run(args);
  const central = await openCentral(readConfig(process.env));
  try {
    await work(central);
  } finally {
    await central.close();
  }
});
