import { emailSchema } from '#shared/people/user.ts';
import { nameSchema } from '#shared/text.ts';
import { type Central, openCentral } from '../central.ts';
import { readConfig } from '../config.ts';
import { type Account, addAdmin, isKnown } from '../people/admin-account.ts';
import { listCompanies } from '../people/gate.ts';
import { createCompany, seedPermissions } from '../people/seed.ts';
import { seedRoles } from '../people/seed-roles.ts';
import { requireRuntime } from '../runtime.ts';
import { runCommand, say, UsageError } from './command.ts';
import { askForCompany } from './new-company.ts';
import { askForPassword, openQuestions, type Questions } from './questions.ts';

requireRuntime();

const USAGE = `npm run admin:create   makes a company's first administrator, and the company where there is none of that
                       name. Asks for everything; answers may be piped in, one a line.
`;

runCommand(USAGE, async () => {
  const central = await openCentral(readConfig(process.env));
  const questions = openQuestions();
  try {
    await createAdmin(central, questions);
  } finally {
    questions.close();
    await central.close();
  }
});

async function createAdmin({ db, ownerUrl }: Central, questions: Questions): Promise<void> {
  const name = await questions.ask({ field: 'company', text: 'Company', schema: nameSchema(100) });
  const [company, another] = (await listCompanies(db)).filter(
    (known) => known.name === name || known.company_id === name,
  );
  if (another) throw new UsageError(`company: several are called ${name}; answer with the id of one.`);
  if (company) {
    say(`${company.name} is there already; it gets another administrator.`);
    const account = await askForAccount(questions);
    if (await isKnown(db, company.company_id, account.email)) {
      throw new UsageError('e-mail: somebody of the company has this address already.');
    }
    await seedPermissions(ownerUrl);
    await seedRoles(db);
    await addAdmin(db, company.company_id, account);
    return done(account, company.company_id);
  }
  say(`${name} is new.`);
  const seed = await askForCompany(questions, name);
  const { name: person, ...office } = await askForAccount(questions);
  await seedPermissions(ownerUrl);
  const made = await createCompany(db, { ...seed, people: [{ name: person, role: 'ADMIN', office }] });
  return done(office, made.company_id);
}

async function askForAccount(questions: Questions): Promise<Account> {
  const name = await questions.ask({ field: 'name', text: "Administrator's name", schema: nameSchema(100) });
  const email = await questions.ask({ field: 'e-mail', text: 'E-mail address', schema: emailSchema });
  return { name, email, password: await askForPassword(questions) };
}

const done = ({ email }: Pick<Account, 'email'>, company: string): void =>
  say(`${email} may sign in now, as an administrator of company ${company}.`);
