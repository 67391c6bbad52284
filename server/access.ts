import { implement, os } from '@orpc/server';
import type { Access } from '#shared/contract/access.ts';
import { central } from '#shared/contract/central.ts';
import type { Config } from './config.ts';
import { type Db, inCompany, type Tx } from './db.ts';
import { readAccessToken } from './people/access-token.ts';
import { type Actor, type Origin, readActor } from './people/actor.ts';
import { recogniseTerminal } from './people/terminal-token.ts';
import { Refusal } from './problem.ts';
import type { Turns } from './turns.ts';

/**
 * What every handler is given. `failure` carries an error past the contract to the one error handler; `version` is
 * that of the row in the answer, for its entity tag.
 */
export type Context = {
  readonly db: Db;
  readonly secret: Uint8Array;
  readonly turns: Turns;
  readonly config: Pick<Config, 'TILLDOCK_SAFE'>;
  readonly authorization?: string;
  readonly origin: Origin;
  failure?: { readonly error: unknown };
  version?: number | undefined;
};

/** What a handler for people who are signed in is given on top: its transaction, which is its request's, and who asks. */
export type Member = { readonly tx: Tx; readonly actor: Actor };

/** Refused without a word on what would have been needed. */
export const forbidden = () => new Refusal(403, 'forbidden', 'You may not do this.');

/** Parts of the contract that are served by hand: from raw text by `addSync` in app.ts, and files by `addSnapshots`. */
const {
  push: _push,
  branch: _branch,
  pull: _pull,
  snapshot: _snapshot,
  snapshotFile: _file,
  tables: _tables,
  ...coldSync
} = central.sync;

/** Routes that anyone may call. */
export const anyone = implement({ ...central, sync: coldSync }).$context<Context>();

/** Runs `work` in a transaction of whoever the request's token names. @throws 401 `unauthorised` */
export async function asActor<Value>(
  context: Context,
  work: (tx: Tx, actor: Actor) => Promise<Value>,
): Promise<Value> {
  const claims = await readAccessToken(context.secret, context.authorization);
  return context.turns.take(claims.company_id, () =>
    inCompany(context.db, claims.company_id, async (tx) =>
      work(tx, await readActor(tx, claims, context.origin)),
    ),
  );
}

/**
 * Lets in whom the route's `needs` allows, before its input is read; the whole request is then one transaction of
 * their company. What the person may do is read anew for each request, so a change holds from the next one on.
 */
const enter = os
  .$context<Context>()
  .middleware<Member, unknown, unknown>(async ({ context, next, procedure }) => {
    const { needs } = procedure['~orpc'].meta as Access;
    if (needs === 'terminal' || needs === 'nothing') {
      throw new Error('a route for terminals or for anyone was given to members');
    }
    return asActor(context, async (tx, actor) => {
      if (needs !== 'signed in' && !actor.permissions.has(needs)) throw forbidden();
      return next({ context: { tx, actor } });
    });
  });

/** Routes for people who are signed in. */
export const member = anyone.use(enter);

/** Routes for enrolled terminals, which are known by their own tokens before their input is read. */
export const terminal = anyone.use(async ({ context, next }) => {
  const identity = await recogniseTerminal(context.secret, context.authorization);
  return context.turns.take(identity.company_id, async () => next({ context: { identity } }));
});

/** Routes for people who are signed in that open transactions of their own, with `asActor`. */
export const bearer = anyone.use(async ({ context, next, procedure }) => {
  const { needs } = procedure['~orpc'].meta as Access;
  if (needs !== 'signed in') throw new Error('a route that needs more than a sign-in was given to bearers');
  await readAccessToken(context.secret, context.authorization);
  return next();
});
