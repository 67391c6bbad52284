import { z } from 'zod';
import { dayIdSchema, terminalIdSchema } from '../ids.ts';
import { locationSchema, placeCodeSchema } from '../people/location.ts';
import { daySumsSchema } from '../sales/day.ts';
import { feedPageSchema } from '../sync/feed.ts';
import { nonceSchema, pushReplySchema, pushSchema, stateQuerySchema, syncStateSchema } from '../sync/push.ts';
import {
  branchReplySchema,
  knownQuerySchema,
  knownReplySchema,
  operationsPageSchema,
  operationsQuerySchema,
  resumeReplySchema,
  resumeSchema,
  seriesEndSchema,
} from '../sync/recovery.ts';
import { sha256Schema, snapshotQuerySchema, snapshotReplySchema } from '../sync/snapshot.ts';
import { tablesReplySchema } from '../sync/table-hash.ts';
import { nameSchema } from '../text.ts';
import { route } from './access.ts';
import { token } from './office/auth.ts';
import { officeContract } from './office.ts';

/** A base64url text of exactly `bytes` bytes. */
const base64url = (bytes: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`), {
    error: `must be ${bytes} bytes in base64url`,
  });

/** `XXXX-XXXX-XXXX`: Crockford letters and digits, shown to a manager, valid ten minutes, used once. */
export const enrolmentCodeSchema = z
  .string()
  .transform((code) => code.toUpperCase().replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^[0-9A-HJKMNP-TV-Z]{12}$/, { error: 'must be 12 letters and digits' }));

export const enrolRequestSchema = z.strictObject({
  code: enrolmentCodeSchema,
  name: nameSchema(60),
  /** The device's raw Ed25519 public key. */
  public_key: base64url(32),
  /** The last operation that its ledger has from an earlier enrolment; the first one now gets the next number. */
  after_seq: z.int().min(0).default(0),
});

export const enrolReplySchema = z.strictObject({
  terminal_id: terminalIdSchema,
  terminal_code: placeCodeSchema,
  epoch: z.int().min(1),
  /** The chain of this epoch begins behind it. */
  after_seq: z.int().min(0),
  /** For the first push. */
  nonce: nonceSchema,
  /** Receipt numbers go on above these. */
  series: z.array(seriesEndSchema),
  location: locationSchema,
});
export type EnrolReply = z.infer<typeof enrolReplySchema>;

/** Where a page ended, as the server gave it: opaque. */
const cursorSchema = z.string().max(500);

export const pullQuerySchema = z.strictObject({
  /** Where the last page ended; absent for a first pull. */
  cursor: cursorSchema.optional(),
  /** The shape of rows that the terminal knows; left out, it takes them as they come. */
  feed_schema: z.coerce.number().int().min(1).optional(),
  /** At most so many changes in the page. */
  limit: z.coerce.number().int().min(1).max(10_000).default(2000),
  /** Hold the answer up to so many seconds until there is a change. */
  wait_s: z.coerce.number().int().min(0).max(25).default(0),
});

export const tablesQuerySchema = z.strictObject({
  /** Where the last page ended; nothing may have changed since. */
  cursor: cursorSchema,
});

export const dayReplySchema = z.strictObject({
  day_id: dayIdSchema,
  state: z.enum(['open', 'closed']),
  /** What the server's own rows add up to. */
  sums: daySumsSchema,
  /** Whether the Z report that the terminal made says the same; null while the day is open. */
  z_agrees: z.boolean().nullable(),
});

/**
 * The server's HTTP API, as one typed contract: the terminal's client, the server's handlers and the OpenAPI
 * document are all made from it.
 */
export const central = {
  ...officeContract,
  token,
  terminals: {
    ...officeContract.terminals,
    enrol: route
      .route({
        method: 'POST',
        path: '/api/v1/terminals/enrol',
        tags: ['terminals'],
        summary: 'Enrol a terminal with a one-time code',
        description:
          'Sending the same code and key again gives the same answer, so a lost answer costs nothing. With a code ' +
          'that was made for one terminal the device goes on as that terminal, under a new epoch and this key.',
        successStatus: 201,
      })
      .meta({ needs: 'nothing' })
      .input(enrolRequestSchema)
      .output(enrolReplySchema),
    challenge: route
      .route({
        method: 'POST',
        path: '/api/v1/terminals/challenge',
        tags: ['terminals'],
        summary: 'Ask for a text to sign',
        description:
          'The terminal signs the UTF-8 text "tilldock terminal challenge", a line feed and the challenge with its Ed25519 key.',
      })
      .meta({ needs: 'nothing' })
      .input(z.strictObject({ terminal_id: terminalIdSchema }))
      .output(z.strictObject({ challenge: z.string() })),
    token: route
      .route({
        method: 'POST',
        path: '/api/v1/terminals/token',
        tags: ['terminals'],
        summary: 'Exchange a signed challenge for a short access token',
      })
      .meta({ needs: 'nothing' })
      .input(z.strictObject({ challenge: z.string().max(2000), signature: base64url(64) }))
      .output(
        z.strictObject({
          access_token: z.string(),
          token_type: z.literal('bearer'),
          expires_in: z.int().describe('seconds'),
          /** The raw Ed25519 public key that signs snapshots. */
          snapshot_key: base64url(32).optional(),
        }),
      ),
  },
  sync: {
    push: route
      .route({
        method: 'POST',
        path: '/api/v1/sync/push',
        tags: ['sync'],
        summary: 'Deliver operations',
        description:
          'Body may be compressed (gzip or zstd). Operations that were stored before get their verdict again; a gap ' +
          'answers 409 `push_gap` with `expected_seq`; a different history answers 409 `terminal_forked`, new ' +
          'operations with a nonce that is too old 409 `terminal_cloned`.',
      })
      .meta({ needs: 'terminal' })
      .input(pushSchema)
      .output(pushReplySchema),
    pull: route
      .route({
        method: 'GET',
        path: '/api/v1/sync/pull',
        tags: ['sync'],
        summary: 'Fetch the changes after a cursor',
      })
      .meta({ needs: 'terminal' })
      .input(pullQuerySchema)
      .output(feedPageSchema),
    snapshot: route
      .route({
        method: 'GET',
        path: '/api/v1/sync/snapshot',
        tags: ['sync'],
        summary: 'Which ready catalogue to fetch, for a first pull or a full refill',
        description:
          'Answers 202 while one is being built, and 404 `no_snapshot` where the catalogue comes by pages.',
      })
      .meta({ needs: 'terminal' })
      .input(snapshotQuerySchema)
      .output(snapshotReplySchema),
    snapshotFile: route
      .route({
        method: 'GET',
        path: '/api/v1/sync/snapshot/{sha256}',
        tags: ['sync'],
        summary: 'Fetch a ready catalogue, whole or a range of it',
        description:
          'A SQLite file, compressed with zstd. `Range` and `If-Range` are honoured; `ETag` is its hash.',
        spec: (operation) => ({
          ...operation,
          responses: {
            200: { description: 'The whole file', content: { 'application/octet-stream': {} } },
            206: { description: 'The range that was asked for', content: { 'application/octet-stream': {} } },
          },
        }),
      })
      .meta({ needs: 'terminal' })
      .input(z.strictObject({ sha256: sha256Schema })),
    tables: route
      .route({
        method: 'GET',
        path: '/api/v1/sync/tables',
        tags: ['sync'],
        summary: 'What each table comes to, to compare a copy with',
      })
      .meta({ needs: 'terminal' })
      .input(tablesQuerySchema)
      .output(tablesReplySchema),
    state: route
      .route({
        method: 'GET',
        path: '/api/v1/sync/state',
        tags: ['sync'],
        summary: 'Where the server stands with this terminal',
      })
      .meta({ needs: 'terminal' })
      .input(stateQuerySchema)
      .output(syncStateSchema),
    operations: route
      .route({
        method: 'GET',
        path: '/api/v1/sync/operations',
        tags: ['sync'],
        summary: 'Fetch back what this terminal told',
        description:
          'For a terminal whose ledger was restored from an old copy. Operations come as they were sent.',
      })
      .meta({ needs: 'terminal' })
      .input(operationsQuerySchema)
      .output(operationsPageSchema),
    resume: route
      .route({
        method: 'POST',
        path: '/api/v1/sync/resume',
        tags: ['sync'],
        summary: 'Go on after a ledger was restored',
        description:
          'For a terminal that has fetched back what it lacked. Gives a new nonce and makes every earlier one ' +
          'useless, so that a second copy is noticed. 409 `resume_behind` where operations are still missing.',
      })
      .meta({ needs: 'terminal' })
      .input(resumeSchema)
      .output(resumeReplySchema),
    known: route
      .route({
        method: 'POST',
        path: '/api/v1/sync/known',
        tags: ['sync'],
        summary: 'Which of these operations never came',
        description:
          'For a copy that is to go on, or to be brought in under a new name: what it has and the server has not is ' +
          'sent again. Answered whatever became of the terminal.',
      })
      .meta({ needs: 'terminal' })
      .input(knownQuerySchema)
      .output(knownReplySchema),
    branch: route
      .route({
        method: 'POST',
        path: '/api/v1/sync/branch',
        tags: ['sync'],
        summary: 'Hand in another history as evidence',
        description:
          'For a copy that was told `terminal_forked` or `terminal_cloned`, or found out by itself. In the shape of ' +
          'a push. Kept as it came and never applied; the terminal is frozen for all its copies.',
      })
      .meta({ needs: 'terminal' })
      .input(pushSchema)
      .output(branchReplySchema),
  },
  sales: {
    day: route
      .route({
        method: 'GET',
        path: '/api/v1/sales/days/{day_id}',
        tags: ['sales'],
        summary: 'A sales day as the server adds it up',
      })
      .meta({ needs: 'terminal' })
      .input(z.strictObject({ day_id: dayIdSchema }))
      .output(dayReplySchema),
  },
};
