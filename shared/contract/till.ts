import { oc } from '@orpc/contract';
import { z } from 'zod';
import { barcodeSchema, itemSchema } from '../catalogue/item.ts';
import { dayIdSchema, lineIdSchema, ticketIdSchema, userIdSchema, variantIdSchema } from '../ids.ts';
import { locationSchema, placeCodeSchema } from '../people/location.ts';
import { permissionSchema } from '../people/permission.ts';
import { pinSchema } from '../people/user.ts';
import { cartHeadSchema, cartViewSchema } from '../sales/cart.ts';
import { cashCountSchema, zReportSchema } from '../sales/day.ts';
import { discountSchema } from '../sales/discount.ts';
import { minorSchema, unitPriceSchema } from '../sales/money.ts';
import { paymentTypeSchema, tenderSchema } from '../sales/tender.ts';
import { issuedTicketSchema } from '../sales/ticket.ts';
import { dateSchema, instantSchema } from '../sales/zone.ts';
import { stockAdjustedSchema } from '../stock/operations.ts';
import { milliSchema } from '../stock/quantity.ts';
import { verdictSchema } from '../sync/push.ts';
import { nameSchema, textSchema } from '../text.ts';
import { enrolmentCodeSchema } from './central.ts';
import {
  acceptTroubleSchema,
  correctTroubleSchema,
  decidedSchema,
  deskItemSchema,
  deskQuerySchema,
} from './desk.ts';
import { acceptInvitationSchema, mailedToSchema, meSchema, resetPasswordSchema } from './office/auth.ts';
import { officeContract } from './office.ts';
import { recoveryContract } from './recovery.ts';

/**
 * A business rule said no. `code` is stable; `field` names the input that was wrong, where one was, `errors` each
 * field of a form that the server did not accept, and `permission` what somebody's PIN is asked for.
 */
export const refusalSchema = z.object({
  code: z.string(),
  field: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  permission: permissionSchema.optional(),
});
export type Refusal = z.infer<typeof refusalSchema>;

const serverUrlSchema = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });

const till = oc.errors({ REFUSED: { status: 422, data: refusalSchema } });

/** Another person's consent to one action, given with their PIN on the spot. */
const approvalSchema = z.strictObject({ user_id: userIdSchema, pin: pinSchema });
export type Approval = z.infer<typeof approvalSchema>;

/**
 * What keeps till and server from agreeing, with a plain sentence for people.
 *
 * `unreachable`: nothing answers. `not_understood`: something answers that is not our server, or half of it.
 * `refused`: the server said no. `revoked`: because this terminal was taken out of service. `outdated`: because this
 * version would not understand what is new. `stopped`: the two know different histories, and nothing is sent until
 * people have looked. `catalogue`: what was fetched is incomplete.
 * `fault`: the till itself failed.
 */
const syncProblemSchema = z.strictObject({
  kind: z.enum([
    'unreachable',
    'not_understood',
    'refused',
    'revoked',
    'outdated',
    'stopped',
    'catalogue',
    'fault',
  ]),
  message: z.string(),
});
export type SyncProblem = z.infer<typeof syncProblemSchema>;

/**
 * How far a whole catalogue is that comes as a file. `preparing` counts rows that the server wrote, `downloading` and
 * `checking` bytes, `catching_up` rows that changed since; `total` is 0 where it is not known.
 */
const catalogueFetchSchema = z.strictObject({
  phase: z.enum(['preparing', 'downloading', 'checking', 'catching_up']),
  done: z.int().min(0),
  total: z.int().min(0),
});
export type CatalogueFetch = z.infer<typeof catalogueFetchSchema>;

/**
 * Why nothing is recorded on this till, since when, and what it had recorded until then.
 *
 * `forked`: two copies of it told different things. `cloned`: another copy went on meanwhile. `replaced`: another
 * machine goes on as this till. `catching_up`: its ledger was put back from an old copy, and it fetches what that
 * lacks. `newer_version`: it cannot, because a newer version of the program made what is lacking.
 */
const standstillSchema = z.strictObject({
  code: z.enum(['forked', 'cloned', 'replaced', 'catching_up', 'newer_version']),
  since: instantSchema,
  last_seq: z.int().min(0),
});
export type Standstill = z.infer<typeof standstillSchema>;

/**
 * What happened that people should know, until somebody has read it; of how many operations.
 *
 * `terminal_restored`: the ledger was put back from an old copy and is complete again. `server_restored`: the server
 * was put back from a backup, and gets what it lost from here. `enrolled_again`: this till goes on under a new epoch
 * or name, and brings in what the server did not have.
 */
const noticeSchema = z.strictObject({
  code: z.enum(['terminal_restored', 'server_restored', 'enrolled_again']),
  at: instantSchema,
  operations: z.int().min(0),
});
export type Notice = z.infer<typeof noticeSchema>;

const syncStatusSchema = z.strictObject({
  /** Operations that the server has not acknowledged. */
  waiting: z.int().min(0),
  oldest_waiting_at: instantSchema.nullable(),
  /** When the server last answered anything, and what went wrong since. */
  last_contact_at: instantSchema.nullable(),
  last_pull_at: instantSchema.nullable(),
  /** When the catalogue was last found to be what the server has, table by table. */
  last_compared_at: instantSchema.nullable(),
  problem: syncProblemSchema.nullable(),
  quarantined: z.int().min(0),
  flagged: z.int().min(0),
  acked_seq: z.int().min(0),
  last_seq: z.int().min(0),
  items: z.int().min(0),
  running: z.boolean(),
  /** A whole catalogue is being fetched as a file; the one before it serves meanwhile. */
  fetching: catalogueFetchSchema.nullable(),
  standstill: standstillSchema.nullable(),
  notice: noticeSchema.nullable(),
  /** Whether a code of a manager's helps: the till goes on as itself or under a new name. */
  may_enrol_again: z.boolean(),
});
export type SyncStatus = z.infer<typeof syncStatusSchema>;

const backupStatusSchema = z.strictObject({
  folder: z.string(),
  /** The newest copy of the ledger, and the last operation in it. */
  last: z.strictObject({ at: instantSchema, last_seq: z.int().min(0) }).nullable(),
  running: z.boolean(),
  /** They go with the ledger when its disk does. */
  is_on_same_disk: z.boolean(),
  /** Why the last attempt came to nothing, in plain words. */
  problem: z.string().nullable(),
});
export type BackupStatus = z.infer<typeof backupStatusSchema>;

const daySchema = z.strictObject({
  day_id: dayIdSchema,
  business_date: dateSchema,
  opened_at: instantSchema,
  opened_by: userIdSchema,
  float_minor: minorSchema,
});
export type Day = z.infer<typeof daySchema>;

const tillStateSchema = z.strictObject({
  app_version: z.string(),
  terminal: z
    .strictObject({
      terminal_id: z.string(),
      terminal_code: placeCodeSchema,
      name: z.string(),
      location: locationSchema,
      server_url: z.string(),
      /** Taken out of service by the office: it delivers what it has, and sells nothing more. */
      revoked: z.boolean(),
    })
    .nullable(),
  day: daySchema.nullable(),
  cart: cartViewSchema.nullable(),
  payment_types: z.array(paymentTypeSchema),
  sync: syncStatusSchema,
});

const cartTarget = { ticket_id: ticketIdSchema };
const approval = { approval: approvalSchema.optional() };

/** Which server, while this terminal is not enrolled; the terminal's own after that. */
const atServer = { server_url: serverUrlSchema.optional() };

const { logout: _logout, ...officeAuth } = officeContract.auth;

/**
 * What a screen (or the demo, or a test) may ask of the data process. Ids of new things are minted by the
 * caller, so a call whose answer was lost can be made again: it is answered as if it were the first.
 *
 * Every call but those of `terminal`, `people`, `office` and `recovery`, `sync.status` and `sync.run` (a new till must fetch its people
 * before anyone can sign in) wants a session token in the `x-session` header.
 */
export const tillContract = {
  terminal: {
    state: till.output(tillStateSchema),
    enrol: till
      .input(
        z.strictObject({
          server_url: serverUrlSchema,
          code: enrolmentCodeSchema,
          name: nameSchema(60),
        }),
      )
      .output(tillStateSchema),
    /** Where the copies of the ledger stand. */
    backups: till.output(backupStatusSchema),
    /** Copies the ledger now; what went wrong stands in the answer. */
    backUp: till.output(backupStatusSchema),
    /**
     * Goes on with a code of a manager's where this till may not go on as it is: as the same till, if the code was
     * made for it, else under a new name. What the server does not have is sent again.
     */
    enrolAgain: till.input(z.strictObject({ code: enrolmentCodeSchema })).output(tillStateSchema),
  },
  people: {
    /** Who may unlock this till, with what each may consent to for somebody else. */
    list: till.output(
      z.array(
        z.strictObject({
          user_id: userIdSchema,
          name: z.string(),
          permissions: z.array(permissionSchema),
        }),
      ),
    ),
    signIn: till.input(z.strictObject({ user_id: userIdSchema, pin: pinSchema })).output(
      z.strictObject({
        session: z.string(),
        user_id: userIdSchema,
        name: z.string(),
        permissions: z.array(permissionSchema),
      }),
    ),
    signOut: till.output(z.strictObject({ signed_out: z.literal(true) })),
  },
  catalogue: {
    byCode: till.input(z.strictObject({ code: z.string().min(1).max(150) })).output(itemSchema.nullable()),
    search: till
      .input(z.strictObject({ text: textSchema(200), limit: z.int().min(1).max(200).default(50) }))
      .output(z.array(itemSchema)),
  },
  sales: {
    openDay: till
      .input(
        z.strictObject({
          day_id: dayIdSchema,
          float_minor: minorSchema.min(0),
          count: cashCountSchema.optional(),
        }),
      )
      .output(daySchema),
    closeDay: till
      .input(
        z.strictObject({
          day_id: dayIdSchema,
          counted_minor: minorSchema.min(0),
          count: cashCountSchema.optional(),
          reason: textSchema(300).optional(),
          ...approval,
        }),
      )
      .output(zReportSchema),
    startCart: till
      .input(
        cartHeadSchema
          .omit({ day_id: true, opened_at: true, opened_by: true, discount: true })
          .extend(approval),
      )
      .output(cartViewSchema),
    cart: till.input(z.strictObject(cartTarget)).output(cartViewSchema.nullable()),
    addLine: till
      .input(
        z.strictObject({
          ...cartTarget,
          line_id: lineIdSchema,
          item: z.union([
            z.strictObject({ variant_id: variantIdSchema }),
            z.strictObject({ code: z.union([barcodeSchema, nameSchema(150)]) }),
          ]),
          quantity_milli: milliSchema,
          /** Charge another price than the catalogue's; needs `sale.override`. */
          unit_price_micro: unitPriceSchema.optional(),
          /** Call it otherwise on the receipt. */
          name: nameSchema(300).optional(),
          note: textSchema(300).optional(),
          ...approval,
        }),
      )
      .output(cartViewSchema),
    changeLine: till
      .input(
        z.strictObject({
          ...cartTarget,
          line_id: lineIdSchema,
          quantity_milli: milliSchema.optional(),
          unit_price_micro: unitPriceSchema.optional(),
          discount: discountSchema.nullable().optional(),
          note: textSchema(300).nullable().optional(),
          ...approval,
        }),
      )
      .output(cartViewSchema),
    removeLine: till.input(z.strictObject({ ...cartTarget, line_id: lineIdSchema })).output(cartViewSchema),
    discountCart: till
      .input(z.strictObject({ ...cartTarget, discount: discountSchema.nullable(), ...approval }))
      .output(cartViewSchema),
    holdCart: till
      .input(z.strictObject({ ...cartTarget, label: textSchema(60).optional() }))
      .output(cartViewSchema),
    recallCart: till.input(z.strictObject(cartTarget)).output(cartViewSchema),
    heldCarts: till.output(z.array(cartViewSchema)),
    abortCart: till
      .input(z.strictObject({ ...cartTarget, reason: nameSchema(300) }))
      .output(z.strictObject({ aborted: z.literal(true) })),
    completeTicket: till
      .input(
        z.strictObject({
          ...cartTarget,
          tenders: z.array(tenderSchema.omit({ tender_no: true, kind: true })).max(20),
          ...approval,
        }),
      )
      .output(issuedTicketSchema),
    ticket: till.input(z.strictObject(cartTarget)).output(issuedTicketSchema.nullable()),
    recentTickets: till
      .input(z.strictObject({ limit: z.int().min(1).max(200).default(50) }))
      .output(z.array(issuedTicketSchema)),
  },
  stock: {
    adjust: till
      .input(stockAdjustedSchema.extend(approval))
      .output(z.strictObject({ adjusted: z.literal(true) })),
  },
  sync: {
    status: till.output(syncStatusSchema),
    /** Sends what waits and fetches what is new, now; answers when that is done or has failed. */
    run: till.output(syncStatusSchema),
    /**
     * Compares the catalogue with the server's, now. `same`: nothing differs. `differs`: something did, and all of it was
     * fetched anew. `not_now`: the server could not say, or did not stand still.
     */
    compare: till.output(
      z.strictObject({ outcome: z.enum(['same', 'differs', 'not_now']), status: syncStatusSchema }),
    ),
    troubles: till.output(z.array(verdictSchema)),
    /** Somebody has read what happened. */
    noticeRead: till.input(z.strictObject({ at: instantSchema })).output(syncStatusSchema),
  },
  /** The repair desk of this terminal, with and without a line; deciding needs `exception.settle`. */
  desk: {
    list: till.input(deskQuerySchema).output(z.array(deskItemSchema)),
    accept: till.input(acceptTroubleSchema.extend(approval)).output(decidedSchema),
    correct: till.input(correctTroubleSchema.extend(approval)).output(decidedSchema),
  },
  /**
   * The back office, online. The data process signs in, keeps the tokens and passes each call on to the server; the
   * screen holds `office_session` and names it in the `x-office` header. What the server refuses comes as REFUSED
   * with the problem's code and field errors; without a connection the code is `server_unreachable`, and after the
   * session has ended `office_signed_out`.
   */
  office: {
    ...officeContract,
    auth: {
      ...officeAuth,
      /** Without a session: whoever has the code from the mail. */
      acceptInvitation: till.input(acceptInvitationSchema.extend(atServer)).output(mailedToSchema),
      resetPassword: till.input(resetPasswordSchema.extend(atServer)).output(mailedToSchema),
    },
    signIn: till
      .input(
        z.strictObject({
          username: textSchema(254),
          password: textSchema(1000),
          ...atServer,
        }),
      )
      .output(z.strictObject({ office_session: z.string(), me: meSchema })),
    signOut: till.output(z.strictObject({ signed_out: z.literal(true) })),
  },
  /** For a till whose ledger cannot be opened: the only calls that work there. */
  recovery: recoveryContract,
};
