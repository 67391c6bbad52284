import { z } from 'zod';
import { decisionIdSchema, locationIdSchema, opIdSchema, terminalIdSchema } from '../../ids.ts';
import { placeCodeSchema } from '../../people/location.ts';
import { personSchema } from '../../people/person.ts';
import { minorSchema } from '../../sales/money.ts';
import { decisionSchema, noteSchema } from '../../sync/decision.ts';
import {
  deskActionSchema,
  troubleCodeSchema,
  troubleKindSchema,
  troubleSubjectSchema,
} from '../../sync/exception.ts';
import { operationFactsSchema } from '../../sync/operation-facts.ts';
import { nameSchema } from '../../text.ts';
import { route } from '../access.ts';
import { ifMatchSchema, listOf, listQuery } from '../list.ts';

const tags = ['exceptions'];

/** What can be told of a flagged or quarantined operation in a list. */
export const exceptionSchema = z.strictObject({
  exception_id: z.int().min(1),
  /** Grows by one with each decision; what `If-Match` names. */
  version: z.int().min(1),
  state: z.enum(['open', 'settled']),
  kind: troubleKindSchema,
  code: troubleCodeSchema,
  about: troubleSubjectSchema,
  /** A plain sentence for people. */
  cause: z.string(),
  advice: z.string(),
  /** What the server noted: figures, ids, codes. */
  detail: z.string(),
  /** What can be done about it now. */
  actions: z.array(deskActionSchema),
  /** When it arrived and was judged, and when it happened by the terminal's clock, as far as that can be read. */
  raised_at: z.iso.datetime(),
  occurred_at: z.iso.datetime().nullable(),
  location: z.strictObject({ location_id: locationIdSchema, code: placeCodeSchema, name: z.string() }),
  terminal: z.strictObject({ terminal_id: terminalIdSchema, code: placeCodeSchema, name: z.string() }),
  epoch: z.int().min(1),
  seq: z.int().min(0),
  /** Null where it could not be read, or where this is about the terminal and no operation of its own. */
  op_id: opIdSchema.nullable(),
  operation_kind: z.string().nullable(),
  user: personSchema.nullable(),
  approver: personSchema.nullable(),
  receipt_number: z.string().nullable(),
  /** The amount that tells most (a ticket's total, what was counted), in minor units of `currency`. */
  amount_minor: minorSchema.nullable(),
  currency: z.string().nullable(),
  /** The last decision, if there is one. */
  decision: decisionSchema.nullable(),
});
export type OfficeException = z.infer<typeof exceptionSchema>;

/** One of them, whole. */
export const exceptionViewSchema = exceptionSchema.extend({
  /** The operation as it came, to be read; null where none stands behind it. */
  operation: z.unknown(),
  facts: operationFactsSchema.nullable(),
  /** The first one first. */
  decisions: z.array(decisionSchema),
});
export type ExceptionView = z.infer<typeof exceptionViewSchema>;

/** An exception's number in an address, where all is text. */
const one = z.strictObject({ exception_id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** What every decision brings. Its id is minted by the caller: asked again under it, the answer is the same. */
const decided = { decision_id: decisionIdSchema, note: noteSchema };

const CONFLICT =
  'From the version in `If-Match`. 409 `exception_settled` where somebody has settled it meanwhile: `detail` says who and ' +
  'when.';

const decide = <Body extends z.ZodRawShape>(
  action: string,
  summary: string,
  description: string,
  body: Body,
) =>
  route
    .route({
      method: 'POST',
      path: `/api/v1/exceptions/{exception_id}/${action}`,
      tags,
      summary,
      description: `${description} ${CONFLICT}`,
      inputStructure: 'detailed',
    })
    .meta({ needs: 'exception.settle' })
    .input(z.object({ params: one, headers: ifMatchSchema, body: z.strictObject({ ...decided, ...body }) }))
    .output(exceptionViewSchema);

/** The repair desk of the office: flagged and quarantined operations of the locations that the caller sees. */
export const exceptionsContract = {
  list: route
    .route({
      method: 'GET',
      path: '/api/v1/exceptions',
      tags,
      summary: 'Operations that were flagged or set aside',
    })
    .meta({ needs: 'ops.view' })
    .input(
      listQuery(['raised_at', 'occurred_at', 'code', 'terminal']).extend({
        state: exceptionSchema.shape.state.optional(),
        kind: troubleKindSchema.optional(),
        code: troubleCodeSchema.optional(),
        location_id: locationIdSchema.optional(),
        terminal_id: terminalIdSchema.optional(),
      }),
    )
    .output(listOf(exceptionSchema)),
  get: route
    .route({
      method: 'GET',
      path: '/api/v1/exceptions/{exception_id}',
      tags,
      summary: 'One of them, with the operation and what was decided',
    })
    .meta({ needs: 'ops.view' })
    .input(one)
    .output(exceptionViewSchema),
  accept: decide(
    'accept',
    'Settle it as it is',
    'What was flagged goes on counting; what was set aside stays out of the books.',
    {},
  ),
  correct: decide(
    'correct',
    'Settle it by naming what makes up for it',
    'The correction is an operation that the company has: named by its id, or by the receipt number of its ticket.',
    {
      by: z.union([
        z.strictObject({ op_id: opIdSchema }),
        z.strictObject({ receipt_number: nameSchema(50) }),
      ]),
    },
  ),
  replay: decide(
    'replay',
    'Apply it again after a repair',
    'With it, in order, what waits because of it. If nothing was repaired it stays where it is, and the attempt is noted.',
    {},
  ),
  reopen: decide(
    'reopen',
    'Take a decision back',
    'For what was accepted or corrected by mistake. What counts since a replay goes on counting.',
    {},
  ),
  replayAll: route
    .route({
      method: 'POST',
      path: '/api/v1/exceptions/replay',
      tags,
      summary: 'Apply again whatever is open and may have been repaired',
    })
    .meta({ needs: 'exception.settle' })
    .input(z.strictObject({ note: noteSchema }))
    .output(z.strictObject({ applied: z.int().min(0), left: z.int().min(0) })),
};
