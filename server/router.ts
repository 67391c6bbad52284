import { anyone, terminal } from './access.ts';
import { departmentRoutes, salesCategoryRoutes } from './catalogue/routes.ts';
import { inCompany } from './db.ts';
import { auditRoutes } from './ops/audit-routes.ts';
import { invitationRoutes, mailedCodeRoutes, sendPasswordResetRoute } from './people/invitation-routes.ts';
import { clientRoutes, locationRoutes } from './people/place-routes.ts';
import { authRoutes, roleRoutes, sessionRoutes, tokenRoute, userRoutes } from './people/routes.ts';
import { terminalRoutes } from './people/terminal-routes.ts';
import { readDay } from './sales/read-day.ts';
import { currencyRoutes, exchangeRateRoutes, paymentTypeRoutes, taxClassRoutes } from './sales/routes.ts';
import { exceptionRoutes } from './sync/desk/desk-routes.ts';
import { syncRoutes } from './sync/routes.ts';

/** The contract's handlers: one that is missing, or answers something else, does not compile. */
export const router = anyone.router({
  token: tokenRoute,
  auth: { ...authRoutes, ...mailedCodeRoutes },
  users: { ...userRoutes, sendPasswordReset: sendPasswordResetRoute },
  invitations: invitationRoutes,
  roles: roleRoutes,
  sessions: sessionRoutes,
  locations: locationRoutes,
  clients: clientRoutes,
  departments: departmentRoutes,
  salesCategories: salesCategoryRoutes,
  paymentTypes: paymentTypeRoutes,
  taxClasses: taxClassRoutes,
  currencies: currencyRoutes,
  exchangeRates: exchangeRateRoutes,
  terminals: terminalRoutes,
  audit: auditRoutes,
  exceptions: exceptionRoutes,
  sync: syncRoutes,
  sales: {
    day: terminal.sales.day.handler(({ input, context: { db, identity } }) =>
      inCompany(db, identity.company_id, (tx) => readDay(tx, identity, input.day_id)),
    ),
  },
});
