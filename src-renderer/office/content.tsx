import { officeContract } from '#shared/contract/office.ts';
import { AccountScreen } from './account/account-screen.tsx';
import { AuditScreen } from './audit/audit-screen.tsx';
import { DeviceScreen } from './entry/device-screen.tsx';
import { ExceptionsScreen } from './exceptions/exceptions-screen.tsx';
import { currencies } from './lookups/currencies.tsx';
import { departments } from './lookups/departments.tsx';
import { exchangeRates } from './lookups/exchange-rates.tsx';
import { paymentTypes } from './lookups/payment-types.tsx';
import { salesCategories } from './lookups/sales-categories.tsx';
import { taxClasses } from './lookups/tax-classes.tsx';
import { may, useMe } from './me.ts';
import { InvitationsScreen } from './people/invitations-screen.tsx';
import { PeopleScreen } from './people/people-screen.tsx';
import { RolesScreen } from './people/roles-screen.tsx';
import { SessionsScreen } from './people/sessions-screen.tsx';
import { clients } from './places/clients.tsx';
import { locations } from './places/locations.tsx';
import { TerminalsScreen } from './places/terminals-screen.tsx';
import { RecordScreen } from './record-screen.tsx';
import type { Section } from './sections.ts';

/** The page of the office that is open. Each kind of master data is a page of its own, with a list of its own. */
export function Content({ section }: { section: Section }) {
  const me = useMe();
  const writes = (kind: Parameters<typeof mayWrite>[1]) => ({ mayWrite: mayWrite(me, kind) });
  switch (section) {
    case 'device':
      return <DeviceScreen />;
    case 'people':
      return <PeopleScreen />;
    case 'invitations':
      return <InvitationsScreen />;
    case 'roles':
      return <RolesScreen />;
    case 'sessions':
      return <SessionsScreen />;
    case 'locations':
      return <RecordScreen key={section} kind={locations} {...writes(officeContract.locations)} />;
    case 'terminals':
      return <TerminalsScreen />;
    case 'clients':
      return <RecordScreen key={section} kind={clients} {...writes(officeContract.clients)} />;
    case 'departments':
      return <RecordScreen key={section} kind={departments} {...writes(officeContract.departments)} />;
    case 'categories':
      return (
        <RecordScreen key={section} kind={salesCategories} {...writes(officeContract.salesCategories)} />
      );
    case 'payments':
      return <RecordScreen key={section} kind={paymentTypes} {...writes(officeContract.paymentTypes)} />;
    case 'taxes':
      return <RecordScreen key={section} kind={taxClasses} {...writes(officeContract.taxClasses)} />;
    case 'currencies':
      return <RecordScreen key={section} kind={currencies} {...writes(officeContract.currencies)} />;
    case 'rates':
      return <RecordScreen key={section} kind={exchangeRates} {...writes(officeContract.exchangeRates)} />;
    case 'exceptions':
      return <ExceptionsScreen />;
    case 'audit':
      return <AuditScreen />;
    case 'account':
      return <AccountScreen />;
  }
}

const mayWrite = (me: Parameters<typeof may>[0], kind: { change: Parameters<typeof may>[1] }): boolean =>
  may(me, kind.change);
