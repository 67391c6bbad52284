import { currencySchema, ratePpm } from '#shared/sales/money.ts';
import { type Config, ConfigError } from '../config.ts';
import type { Db } from '../db.ts';
import { type CompanySeed, createCompany, type SeededCompany } from './seed.ts';

/** The shop of the demo and of `npm run admin -- seed`: prices in pounds with 20 % VAT inside. */
export const DEMO_SHOP: CompanySeed = {
  name: 'Corner Shop Ltd',
  location: {
    code: 'SHOP1',
    kind: 'store',
    name: 'Corner Shop, High Street',
    currency: currencySchema.parse('GBP'),
    zone: 'Europe/London',
    day_change_hour: 4,
    cash_step_minor: 1,
    denominations: [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
    prices_include_tax: true,
    tax_rounding: 'line',
  },
  currencies: [
    { code: currencySchema.parse('GBP'), name: 'Pound sterling' },
    { code: currencySchema.parse('EUR'), name: 'Euro' },
  ],
  people: [
    { name: 'Ada Okafor', role: 'CASHIER', pin: '1357' },
    {
      name: 'Maya Lindqvist',
      role: 'MANAGER',
      pin: '2468',
      office: { email: 'maya@corner-shop.example', password: 'manager of the corner shop' },
    },
    {
      name: 'Tomas Reyes',
      role: 'ADMIN',
      pin: '8642',
      office: { email: 'tomas@corner-shop.example', password: 'admin of the corner shop' },
    },
    { name: 'Ivo Horvat', role: 'WAREHOUSE_OP', pin: '9753' },
  ],
  tax_classes: [
    { code: 'STD', name: 'Standard rate', rates: [{ code: 'VAT20', rate_ppm: ratePpm(200_000) }] },
    { code: 'RED', name: 'Reduced rate', rates: [{ code: 'VAT5', rate_ppm: ratePpm(50_000) }] },
    { code: 'ZERO', name: 'Zero rate', rates: [{ code: 'VAT0', rate_ppm: ratePpm(0) }] },
  ],
  payment_types: [
    { code: 'CASH', name: 'Cash', kind: 'cash' },
    { code: 'CARD', name: 'Card', kind: 'card' },
    { code: 'VOUCHER', name: 'Voucher', kind: 'voucher' },
  ],
};

/** Makes the demo shop, whose passwords everybody can read here. @throws ConfigError in production */
export async function createDemoShop(db: Db, { NODE_ENV }: Pick<Config, 'NODE_ENV'>): Promise<SeededCompany> {
  if (NODE_ENV === 'production') throw new ConfigError('NODE_ENV: no demo shop is made in production');
  return createCompany(db, DEMO_SHOP);
}

/** How the people of the demo shop sign in, a line for each. */
export const demoSignIns = (): string[] =>
  DEMO_SHOP.people.map(({ name, role, pin, office }) => {
    const inOffice = office ? `  office: ${office.email}, "${office.password}"` : '';
    return `${name.padEnd(18)} PIN ${pin}  ${role.padEnd(12)}${inOffice}`.trimEnd();
  });
