import { anyone, type Context } from './access.ts';
import { departmentRoutes, salesCategoryRoutes } from './catalogue/routes.ts';
import { inCompany } from './db.ts';
import { auditRoutes } from './ops/audit-routes.ts';
import { invitationRoutes, mailedCodeRoutes, sendPasswordResetRoute } from './people/invitation-routes.ts';
import { clientRoutes, locationRoutes } from './people/place-routes.ts';
import { authRoutes, roleRoutes, sessionRoutes, tokenRoute, userRoutes } from './people/routes.ts';
import { terminalRoutes } from './people/terminal-routes.ts';
import { recogniseTerminal, type TerminalIdentity } from './people/terminal-token.ts';
import { readDay } from './sales/read-day.ts';
import { currencyRoutes, exchangeRateRoutes, paymentTypeRoutes, taxClassRoutes } from './sales/routes.ts';
import { readState } from './sync/state.ts';

const identify = (context: Context): Promise<TerminalIdentity> =>
  recogniseTerminal(context.secret, context.authorization);

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
  sync: {
    state: anyone.sync.state.handler(async ({ context }) => {
      const identity = await identify(context);
      return inCompany(context.db, identity.company_id, (tx) => readState(tx, identity));
    }),
  },
  sales: {
    day: anyone.sales.day.handler(async ({ input, context }) => {
      const identity = await identify(context);
      return inCompany(context.db, identity.company_id, (tx) => readDay(tx, identity, input.day_id));
    }),
  },
});
