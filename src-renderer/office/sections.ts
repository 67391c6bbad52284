import { officeContract } from '#shared/contract/office.ts';
import type { IconName } from '../part/icon.tsx';
import { may } from './me.ts';
import type { Me } from './session-store.ts';

/** The pages of the office, in the groups in which the navigation shows them. */
const SECTIONS = [
  { name: 'device', icon: 'device', route: officeContract.terminals.makeCode },
  { name: 'people', icon: 'people', route: officeContract.users.list },
  { name: 'invitations', icon: 'mail', route: officeContract.invitations.list },
  // Anybody may read what roles there are; only who sees people has a use for it.
  { name: 'roles', icon: 'shield', route: officeContract.users.list },
  { name: 'sessions', icon: 'key', route: officeContract.sessions.list },
  { name: 'locations', icon: 'store', route: officeContract.locations.list, begins: true },
  { name: 'terminals', icon: 'device', route: officeContract.terminals.list },
  { name: 'clients', icon: 'crate', route: officeContract.clients.list },
  { name: 'departments', icon: 'layers', route: officeContract.departments.list, begins: true },
  { name: 'categories', icon: 'price', route: officeContract.salesCategories.list },
  { name: 'payments', icon: 'card', route: officeContract.paymentTypes.list },
  { name: 'taxes', icon: 'discount', route: officeContract.taxClasses.list },
  { name: 'currencies', icon: 'coins', route: officeContract.currencies.list },
  { name: 'rates', icon: 'exchange', route: officeContract.exchangeRates.list },
  { name: 'exceptions', icon: 'alert', route: officeContract.exceptions.list, begins: true },
  { name: 'audit', icon: 'log', route: officeContract.audit.list },
] as const satisfies readonly {
  name: string;
  icon: IconName;
  route: { '~orpc': { meta: unknown } };
  /** Whether a new group begins with it. */
  begins?: true;
}[];

/** A page of the office. `account` is reached by one's own name. */
export type Section = (typeof SECTIONS)[number]['name'] | 'account';

/** The pages that somebody may use. `device` is for machines that are no till yet. */
export const sectionsFor = (me: Me, isEnrolled: boolean) =>
  SECTIONS.filter(({ name, route }) => may(me, route) && (name !== 'device' || !isEnrolled));
