import { type CompanyId, companyIdSchema } from '#shared/ids.ts';
import { type Db, inCompany, rows } from '../../db.ts';
import { listLocations } from '../../people/gate.ts';
import { ImportError } from './import-error.ts';

export type NamedCompany = { readonly company_id: CompanyId; readonly name: string };

/**
 * The company of that name or id; without either, the only one.
 * @throws ImportError `usage` where that is not one company
 */
export async function findCompany(db: Db, wanted: string | undefined): Promise<NamedCompany> {
  const ids = new Set((await listLocations(db)).map((location) => location.company_id));
  const companies = await Promise.all([...ids].map((id) => readCompany(db, companyIdSchema.parse(id))));
  const found =
    wanted === undefined
      ? companies
      : companies.filter(({ company_id, name }) => company_id === wanted || name === wanted);
  const [company] = found;
  if (company && found.length === 1) return company;
  if (companies.length === 0) {
    throw new ImportError('usage', 'There is no company yet. Make the demo shop with: npm run admin -- seed');
  }
  const there = companies.map(({ company_id, name }) => `${name} (${company_id})`).join(', ');
  if (!company)
    throw new ImportError('usage', `--company: there is no company ${wanted}; there are ${there}.`);
  throw new ImportError('usage', `--company: which one, by name or id? There are ${there}.`);
}

async function readCompany(db: Db, companyId: CompanyId): Promise<NamedCompany> {
  const [row] = await inCompany(db, companyId, (tx) =>
    rows<{ name: string }>(tx, 'select name from company where company_id = $1', [tx.company_id]),
  );
  return { company_id: companyId, name: row?.name ?? '' };
}
