import { implement, type Router } from '@orpc/server';
import { tillContract } from '#shared/contract/till.ts';
import type { TillUser } from '#shared/people/user.ts';
import { itemByCode } from './catalogue/lookup.ts';
import { allReferences } from './catalogue/reference.ts';
import { searchItems } from './catalogue/search.ts';
import { officeRouter } from './office/office-router.ts';
import { actorOf } from './people/authorise.ts';
import { listPeople, signIn, signOut, userOfSession } from './people/session.ts';
import { nameOf, requireTerminal, terminalOf } from './people/terminal.ts';
import { recoveryRouter } from './recovery/recovery-router.ts';
import { refused } from './refusal.ts';
import { addLine, changeLine, removeLine } from './sales/cart-lines.ts';
import { abortCart, discountCart, holdCart, listHeldCarts, recallCart } from './sales/cart-state.ts';
import { cartById, openCart } from './sales/cart-store.ts';
import { closeDay } from './sales/close-day.ts';
import { completeTicket } from './sales/complete-ticket.ts';
import { openDayOf } from './sales/day-store.ts';
import { dayOf, openDay } from './sales/open-day.ts';
import { viewCart } from './sales/price-cart.ts';
import { startCart } from './sales/start-cart.ts';
import { recentTickets, ticketById } from './sales/ticket-store.ts';
import { adjustStock } from './stock/adjust.ts';
import { diskRefusal, isDamage } from './storage-fault.ts';
import { acceptTrouble, correctTrouble } from './sync/desk/decide.ts';
import { listTroubles } from './sync/desk/list-troubles.ts';
import { readNotice } from './sync/standstill.ts';
import { troubles } from './sync/sync-state.ts';
import type { OpenTill, TillPlace } from './till-place.ts';

/** What each call is given: the till, as far as it could be opened, and the headers that name the sessions. */
export type CallContext = { place: TillPlace; reqHeaders?: Headers };

const call = implement(tillContract).$context<CallContext>();

/** Every call but those of `recovery` needs the ledger; where it cannot be opened, every call says so. */
const anybody = call.use(async ({ context, next }) => {
  await context.place.settled();
  const opened = context.place.opened();
  if ('recovery' in opened) throw refused(opened.recovery.code, opened.recovery.message);
  const session = context.reqHeaders?.get('x-session') ?? null;
  const office_session = context.reqHeaders?.get('x-office') ?? null;
  try {
    return await next({ context: { ...opened, session, office_session } });
  } catch (error) {
    if (isDamage(error)) context.place.doubt();
    throw diskRefusal(opened.till.log, error) ?? error;
  }
});

const signedIn = anybody.use(({ context, next }) =>
  next({ context: { user: userOfSession(context.till, context.session) satisfies TillUser } }),
);

const state = ({ till, sync, app_version }: Pick<OpenTill, 'till' | 'sync' | 'app_version'>) => {
  const terminal = terminalOf(till);
  const day = openDayOf(till.ledger);
  const cart = openCart(till.ledger);
  return {
    app_version,
    terminal: terminal && {
      terminal_id: terminal.terminal_id,
      terminal_code: terminal.terminal_code,
      name: nameOf(till, terminal),
      location: terminal.location,
      server_url: terminal.server_url,
      revoked: terminal.revoked,
    },
    day: day ? dayOf(day) : null,
    cart: terminal && cart ? viewCart(cart, terminal.location) : null,
    payment_types: allReferences(till.catalog, 'payment_type'),
    sync: sync.status(),
  };
};

/** The till contract, each call handed to the area that it belongs to. */
export const router: Router<typeof tillContract, CallContext> = call.router({
  terminal: {
    state: anybody.terminal.state.handler(({ context }) => state(context)),
    enrol: anybody.terminal.enrol.handler(async ({ context, input }) => {
      await context.sync.enrol(input);
      return state(context);
    }),
    backups: anybody.terminal.backups.handler(({ context }) => context.backups.status()),
    backUp: signedIn.terminal.backUp.handler(({ context }) => context.backups.run()),
    enrolAgain: anybody.terminal.enrolAgain.handler(async ({ context, input }) => {
      await context.sync.enrolAgain(input.code);
      return state(context);
    }),
  },
  people: {
    list: anybody.people.list.handler(({ context }) => listPeople(context.till)),
    signIn: anybody.people.signIn.handler(async ({ context, input }) => {
      const signedIn = await signIn(context.till, input.user_id, input.pin, context.session);
      context.office.signOut(context.office_session);
      return signedIn;
    }),
    signOut: anybody.people.signOut.handler(({ context }) => {
      signOut(context.till, context.session);
      context.office.signOut(context.office_session);
      return { signed_out: true };
    }),
  },
  catalogue: {
    byCode: signedIn.catalogue.byCode.handler(({ context, input }) =>
      itemByCode(context.till.catalog, input.code),
    ),
    search: signedIn.catalogue.search.handler(({ context, input }) =>
      searchItems(context.till.catalog, input.text, input.limit),
    ),
  },
  sales: {
    openDay: signedIn.sales.openDay.handler(({ context: { till, user }, input }) =>
      openDay(till, { user, approver: null }, input),
    ),
    closeDay: signedIn.sales.closeDay.handler(async ({ context: { till, user, backups }, input }) => {
      const { approval, ...asked } = input;
      const z = closeDay(till, await actorOf(till, user, approval), asked);
      // A day's takings lie in two places before anybody switches the machine off; nobody waits for it.
      void backups.run();
      return z;
    }),
    startCart: signedIn.sales.startCart.handler(async ({ context: { till, user }, input }) => {
      const { approval, ...asked } = input;
      return startCart(till, await actorOf(till, user, approval), asked);
    }),
    cart: signedIn.sales.cart.handler(({ context: { till }, input }) => {
      const cart = cartById(till.ledger, input.ticket_id);
      return cart && viewCart(cart, requireTerminal(till).location);
    }),
    addLine: signedIn.sales.addLine.handler(async ({ context: { till, user }, input }) => {
      const { approval, ...asked } = input;
      return addLine(till, await actorOf(till, user, approval), asked);
    }),
    changeLine: signedIn.sales.changeLine.handler(async ({ context: { till, user }, input }) => {
      const { approval, ...asked } = input;
      return changeLine(till, await actorOf(till, user, approval), asked);
    }),
    removeLine: signedIn.sales.removeLine.handler(({ context: { till, user }, input }) =>
      removeLine(till, { user, approver: null }, input),
    ),
    discountCart: signedIn.sales.discountCart.handler(async ({ context: { till, user }, input }) => {
      const { approval, ...asked } = input;
      return discountCart(till, await actorOf(till, user, approval), asked);
    }),
    holdCart: signedIn.sales.holdCart.handler(({ context: { till, user }, input }) =>
      holdCart(till, { user, approver: null }, input),
    ),
    recallCart: signedIn.sales.recallCart.handler(({ context: { till, user }, input }) =>
      recallCart(till, { user, approver: null }, input),
    ),
    heldCarts: signedIn.sales.heldCarts.handler(({ context }) => listHeldCarts(context.till)),
    abortCart: signedIn.sales.abortCart.handler(({ context: { till, user }, input }) =>
      abortCart(till, { user, approver: null }, input),
    ),
    completeTicket: signedIn.sales.completeTicket.handler(async ({ context: { till, user }, input }) => {
      const { approval, ...asked } = input;
      return completeTicket(till, await actorOf(till, user, approval), asked);
    }),
    ticket: signedIn.sales.ticket.handler(({ context, input }) =>
      ticketById(context.till.ledger, input.ticket_id),
    ),
    recentTickets: signedIn.sales.recentTickets.handler(({ context, input }) =>
      recentTickets(context.till.ledger, input.limit),
    ),
  },
  stock: {
    adjust: signedIn.stock.adjust.handler(async ({ context: { till, user }, input }) => {
      const { approval, ...asked } = input;
      return adjustStock(till, await actorOf(till, user, approval), asked);
    }),
  },
  sync: {
    status: anybody.sync.status.handler(({ context }) => context.sync.status()),
    run: anybody.sync.run.handler(({ context }) => context.sync.run()),
    compare: signedIn.sync.compare.handler(({ context }) => context.sync.compare()),
    troubles: signedIn.sync.troubles.handler(({ context }) => troubles(context.till.ledger)),
    noticeRead: signedIn.sync.noticeRead.handler(({ context, input }) => {
      readNotice(context.till, input.at);
      return context.sync.status();
    }),
  },
  desk: {
    list: signedIn.desk.list.handler(({ context: { till }, input }) => listTroubles(till, input.state)),
    accept: signedIn.desk.accept.handler(async ({ context: { till, user }, input }) => {
      const { approval, ...asked } = input;
      return acceptTrouble(till, await actorOf(till, user, approval), asked);
    }),
    correct: signedIn.desk.correct.handler(async ({ context: { till, user }, input }) => {
      const { approval, ...asked } = input;
      return correctTrouble(till, await actorOf(till, user, approval), asked);
    }),
  },
  office: anybody.office.router(officeRouter),
  recovery: recoveryRouter,
});
