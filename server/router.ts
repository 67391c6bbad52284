import { implement } from '@orpc/server';
import { central } from '#shared/contract/central.ts';
import { type Db, inCompany } from './db.ts';
import { enrol } from './people/enrolment.ts';
import {
  exchangeChallenge,
  makeChallenge,
  recogniseTerminal,
  type TerminalIdentity,
} from './people/terminal-token.ts';
import { readDay } from './sales/read-day.ts';
import { readState } from './sync/state.ts';

/** What every handler is given. `failure` carries an error past the contract to the one error handler. */
export type Context = {
  readonly db: Db;
  readonly secret: Uint8Array;
  readonly authorization?: string;
  failure?: { readonly error: unknown };
};

/** Push and pull are part of the contract but are served from raw text, by `addSync` in app.ts. */
const { push: _push, pull: _pull, ...coldSync } = central.sync;
const contract = implement({ ...central, sync: coldSync }).$context<Context>();

const identify = (context: Context): Promise<TerminalIdentity> =>
  recogniseTerminal(context.secret, context.authorization);

/** The contract's handlers. */
export const router = contract.router({
  terminals: {
    enrol: contract.terminals.enrol.handler(({ input, context }) => enrol(context.db, input)),
    challenge: contract.terminals.challenge.handler(async ({ input, context }) => ({
      challenge: await makeChallenge(context.secret, input.terminal_id),
    })),
    token: contract.terminals.token.handler(({ input, context }) =>
      exchangeChallenge(context.db, context.secret, input.challenge, input.signature),
    ),
  },
  sync: {
    state: contract.sync.state.handler(async ({ context }) => {
      const identity = await identify(context);
      return inCompany(context.db, identity.company_id, (tx) => readState(tx, identity));
    }),
  },
  sales: {
    day: contract.sales.day.handler(async ({ input, context }) => {
      const identity = await identify(context);
      return inCompany(context.db, identity.company_id, (tx) => readDay(tx, identity, input.day_id));
    }),
  },
});
