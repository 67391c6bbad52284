import { z } from 'zod';
import { central } from '#shared/contract/central.ts';
import { PUSH_LIMIT, pushReplySchema, type Verdict, verdictSchema } from '#shared/sync/push.ts';
import { nowOf } from '../clock.ts';
import type { Till } from '../till.ts';
import { agree } from './agree.ts';
import { type Batch, packBatch } from './batch.ts';
import { callCentral, ServerFault } from './central-call.ts';
import { settleDecided } from './desk/decision-store.ts';
import { commitTold, type Link, withToken } from './link.ts';
import { lastSeq } from './operation-store.ts';
import { noteSafe, saveSyncPosition, storeVerdict, syncPosition } from './sync-state.ts';

/** One push, its answer included, in ms. */
const DEADLINE_MS = 60_000;
/** A batch grows by so many operations with each success. */
const STEP = 50;
/** So many times, with nothing acknowledged in between, the server may ask for another place to go on from. */
const MOST_GAPS = 3;

/**
 * Pushes under way at the same time: the server reads one while its database works on the one before. They keep
 * their order, since the database takes a terminal's pushes one by one and refuses one that came too early.
 */
const WINDOW = 2;

type UnderWay = { batch: Batch; answer: Promise<Reply> };

/**
 * Sends everything that waits, in order.
 * @throws ServerFault, SyncStopped
 */
export async function pushAll(till: Till, link: Link): Promise<void> {
  let gaps = 0;
  let from = link.next ?? (await agree(till, link));
  const underWay: UnderWay[] = [];
  for (;;) {
    from = await fillWindow(till, link, underWay, from);
    const first = underWay.shift();
    if (!first) {
      link.next = from;
      return;
    }
    try {
      takeReply(till, link, first.batch, await first.answer);
      gaps = 0;
      link.batch = Math.min(link.batch + STEP, PUSH_LIMIT.operations);
      link.next = first.batch.to + 1;
    } catch (error) {
      // What was sent behind it came too early or comes again; its answer is of no use.
      await Promise.allSettled(underWay.splice(0).map(({ answer }) => answer));
      const again = whereToGoOn(link, first.batch, error);
      gaps += again === 'agree' ? 1 : 0;
      if (gaps > MOST_GAPS) throw error;
      from = again === 'agree' ? await agree(till, link) : again;
    }
  }
}

/** Sends batches until the window is full or nothing waits. Returns where the next batch begins. */
async function fillWindow(till: Till, link: Link, underWay: UnderWay[], from: number): Promise<number> {
  let next = from;
  while (underWay.length < WINDOW) {
    const batch = await packBatch(till.ledger, link.terminal.epoch, next, link.batch);
    if (!batch) break;
    const answer = send(link, batch);
    // Its failure is met when its turn comes.
    answer.catch(() => {});
    underWay.push({ batch, answer });
    next = batch.to + 1;
  }
  return next;
}

/** After a push that failed: where to go on from at once, if that is of use. @throws the error, if it is not */
function whereToGoOn(link: Link, batch: Batch, error: unknown): number | 'agree' {
  link.next = null;
  if (!(error instanceof ServerFault)) throw error;
  if (error.problem?.code === 'push_gap') return 'agree';
  // One that comes too often is not looked at, so its size is no matter: smaller ones would only be more of them.
  if (error.status !== 429) link.batch = Math.max(1, Math.trunc(link.batch / 2));
  if (error.status === 413 && batch.to > batch.from) return batch.from;
  throw error;
}

/** The contract's reply, its verdicts unread: one that a later server adds must not hold up the others. */
const replySchema = pushReplySchema.extend({ verdicts: z.array(z.unknown()) });
type Reply = z.infer<typeof replySchema>;

const send = (link: Link, batch: Batch): Promise<Reply> =>
  withToken(link, (headers) =>
    callCentral(
      central.sync.push,
      {
        server_url: link.terminal.server_url,
        headers: { ...headers, 'content-encoding': 'zstd' },
        body: batch.body,
        deadline_ms: DEADLINE_MS,
        signal: link.signal,
      },
      replySchema,
    ),
  );

/** A verdict as it can be kept: one that this version does not know is shown, word for word, as a trouble. */
function readVerdict(raw: unknown): Verdict | null {
  const known = verdictSchema.safeParse(raw);
  if (known.success) return known.data;
  const about = z.looseObject({ seq: z.int().min(1) }).safeParse(raw);
  if (!about.success) return null;
  const detail = `This version of the till does not know the verdict ${JSON.stringify(raw)}.`;
  return { seq: about.data.seq, verdict: 'quarantined', code: 'not_applicable', detail };
}

/** Keeps what the server acknowledged and what it said about single operations, in one commit. */
function takeReply(till: Till, link: Link, batch: Batch, reply: Reply): void {
  if (reply.acked_seq < batch.to || reply.acked_seq > lastSeq(till.ledger)) {
    throw new ServerFault(
      'not_understood',
      `The server acknowledged up to ${reply.acked_seq} when it was sent ${batch.from} to ${batch.to}.`,
    );
  }
  commitTold(till, link, () => {
    const known = syncPosition(till.ledger);
    const acked = Math.max(known.acked_seq, reply.acked_seq);
    const safe = Math.min(acked, Math.max(known.safe_seq, reply.safe_seq));
    for (const raw of reply.verdicts) {
      const verdict = readVerdict(raw);
      if (verdict && verdict.seq >= batch.from && verdict.seq <= batch.to) {
        storeVerdict(till.ledger, verdict);
      }
    }
    settleDecided(till.ledger, batch.from, batch.to);
    saveSyncPosition(till.ledger, {
      acked_seq: acked,
      safe_seq: safe,
      contact_at: nowOf(till.clock),
      ...(reply.nonce === undefined ? {} : { nonce: reply.nonce }),
    });
    noteSafe(till.ledger, reply.server_time, safe);
  });
}
