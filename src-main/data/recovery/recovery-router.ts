import { implement, type Router } from '@orpc/server';
import { tillContract } from '#shared/contract/till.ts';
import { refused } from '../refusal.ts';
import { diskRefusal } from '../storage-fault.ts';
import type { TillPlace } from '../till-place.ts';

/** What the calls for a till in need are given: nobody is signed in where there is no ledger. */
type RecoveryContext = { place: TillPlace };

const inNeed = implement(tillContract)
  .$context<RecoveryContext>()
  .use(async ({ context, next }) => {
    await context.place.settled();
    const opened = context.place.opened();
    if (!('desk' in opened)) throw refused('not_damaged', 'The ledger of this till is sound.');
    try {
      return await next({ context: { desk: opened.desk } });
    } catch (error) {
      throw diskRefusal(opened.desk.log, error) ?? error;
    }
  });

/** The calls that work while the ledger does not. */
export const recoveryRouter: Router<typeof tillContract.recovery, RecoveryContext> = inNeed.recovery.router({
  state: inNeed.recovery.state.handler(({ context }) => context.desk.state()),
  look: inNeed.recovery.look.handler(({ context }) => context.desk.look()),
  cancel: inNeed.recovery.cancel.handler(({ context }) => context.desk.cancel()),
  restore: inNeed.recovery.restore.handler(async ({ context: { desk, place }, input }) => {
    const recovered = await desk.restore(input.backup);
    await place.reopen();
    return recovered;
  }),
  startAnew: inNeed.recovery.startAnew.handler(async ({ context: { desk, place } }) => {
    const recovered = await desk.startAnew();
    await place.reopen();
    return recovered;
  }),
});
