import { z } from 'zod';
import { userIdSchema } from '../ids.ts';
import { auditEntrySchema } from '../people/audit.ts';
import { textSchema } from '../text.ts';
import { route } from './access.ts';
import { listOf, listQuery } from './list.ts';
import { auth } from './office/auth.ts';
import { exceptionsContract } from './office/exceptions.ts';
import {
  currenciesContract,
  departmentsContract,
  exchangeRatesContract,
  paymentTypesContract,
  salesCategoriesContract,
  taxClassesContract,
} from './office/lookups.ts';
import { clientsContract, locationsContract, terminalsContract } from './office/places.ts';
import { invitationsContract, rolesContract, sessionsContract, usersContract } from './office/users.ts';

/**
 * The back office: what people who signed in with a password ask of the server. The till's data process passes the
 * same calls on for its screens (`tillContract.office`), so that tokens never reach a screen.
 */
export const officeContract = {
  auth,
  users: usersContract,
  invitations: invitationsContract,
  roles: rolesContract,
  sessions: sessionsContract,
  locations: locationsContract,
  clients: clientsContract,
  terminals: terminalsContract,
  departments: departmentsContract,
  salesCategories: salesCategoriesContract,
  paymentTypes: paymentTypesContract,
  taxClasses: taxClassesContract,
  currencies: currenciesContract,
  exchangeRates: exchangeRatesContract,
  exceptions: exceptionsContract,
  audit: {
    list: route
      .route({ method: 'GET', path: '/api/v1/audit', tags: ['audit'], summary: 'Administrative changes' })
      .meta({ needs: 'user.manage' })
      .input(
        listQuery(['at']).extend({
          user_id: userIdSchema.optional(),
          /** What kind of row was changed, as the entries say: `user`, `location`. */
          entity: textSchema(60).optional(),
          key: textSchema(600).optional(),
          /** Instants: from the first on, before the second. */
          from: z.iso.datetime().optional(),
          to: z.iso.datetime().optional(),
        }),
      )
      .output(listOf(auditEntrySchema)),
  },
};
