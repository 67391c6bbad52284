import { v7 as uuid } from 'uuid';
import type { z } from 'zod';
import type {
  ExceptionView,
  exceptionsContract,
  OfficeException,
} from '#shared/contract/office/exceptions.ts';
import { decisionIdSchema } from '#shared/ids.ts';
import type { Decision, DecisionAction } from '#shared/sync/decision.ts';
import type { DeskAction } from '#shared/sync/exception.ts';
import { rows, type Tx } from '../../db.ts';
import { audit } from '../../ops/audit.ts';
import type { Actor } from '../../people/actor.ts';
import { momentText } from '../../people/moment-text.ts';
import { placesOf } from '../../people/places.ts';
import { notFound, Refusal } from '../../problem.ts';
import { namedVersion, stale } from '../../version.ts';
import { replayException, replayQuarantine } from '../replay.ts';
import { findCorrection } from './corrections.ts';
import { tellAgain, writeDecision } from './decisions.ts';
import { readException } from './read-exceptions.ts';
import { viewException } from './view-exception.ts';

type Input<Route extends 'accept' | 'correct' | 'replay' | 'reopen'> = z.output<
  NonNullable<(typeof exceptionsContract)[Route]['~orpc']['inputSchema']>
>;

/** What each action writes down. */
const PAST: Readonly<Record<DeskAction, DecisionAction>> = {
  accept: 'accepted',
  correct: 'corrected',
  replay: 'replayed',
  reopen: 'reopened',
};

/** Settles an exception as it is, or takes that back. @throws as `begin` */
export async function acceptOrReopen(
  tx: Tx,
  actor: Actor,
  action: 'accept' | 'reopen',
  asked: Input<'accept'>,
): Promise<ExceptionView> {
  return decide(tx, actor, action, asked, async (exception) => {
    await writeDecision(tx, exception.exception_id, {
      ...asked.body,
      ...{ action: PAST[action], settles: action === 'accept', user_id: actor.user_id },
    });
    await tellAgain(tx, [subjectOf(exception)]);
  });
}

/** Settles an exception by what makes up for it. @throws as `begin`; 422 `unknown_reference` */
export async function correct(tx: Tx, actor: Actor, asked: Input<'correct'>): Promise<ExceptionView> {
  const { by, ...body } = asked.body;
  return decide(tx, actor, 'correct', { ...asked, body }, async (exception) => {
    const correction = await findCorrection(tx, actor, by, exception.op_id);
    await writeDecision(tx, exception.exception_id, {
      ...{ ...body, ...correction },
      ...{ action: 'corrected', settles: true, user_id: actor.user_id },
    });
    await tellAgain(tx, [subjectOf(exception)]);
  });
}

/** Applies an operation again, with what waits because of it. @throws as `begin` */
export const replay = (tx: Tx, actor: Actor, asked: Input<'replay'>): Promise<ExceptionView> =>
  decide(tx, actor, 'replay', asked, (exception) =>
    replayException(tx, exception.exception_id, { ...asked.body, user_id: actor.user_id }),
  );

/**
 * Decides about an exception, once: the same decision asked again is answered as it was the first time.
 * @throws 404; 409 `exception_settled` where somebody was first, `not_possible`, `id_reused`; 412, 428
 */
async function decide(
  tx: Tx,
  actor: Actor,
  action: DeskAction,
  { params, headers, body }: Input<'accept'>,
  write: (exception: OfficeException) => Promise<void>,
): Promise<ExceptionView> {
  const version = namedVersion(headers);
  const { exception, decisions } = await lockException(tx, actor, params.exception_id);
  const before = decisions.find(({ decision_id }) => decision_id === body.decision_id);
  if (before) {
    if (before.action !== PAST[action] || before.note !== body.note) throw reused();
    return viewException(tx, actor, exception.exception_id);
  }
  if (action !== 'reopen' && exception.state === 'settled') throw settled(exception.decision);
  if (exception.version !== version) throw stale();
  if (!exception.actions.includes(action)) throw notPossible();
  await write(exception);
  const after = await viewException(tx, actor, exception.exception_id);
  await audit(tx, actor, {
    action: `exception.${PAST[action]}`,
    entity: 'exception',
    key: String(exception.exception_id),
    before: entryOf(exception),
    after: { ...entryOf(after), note: body.note, corrected_by: after.decision?.corrected_by ?? null },
  });
  return after;
}

/** What the audit log keeps of an exception. */
const entryOf = ({ code, op_id, state, version }: OfficeException) => ({ code, op_id, state, version });

/** Decisions about one terminal's operations are taken one by one, like its pushes. */
async function lockException(
  tx: Tx,
  actor: Actor,
  exceptionId: number,
): Promise<{ exception: OfficeException; decisions: Decision[] }> {
  const seen = await readException(tx, actor, exceptionId);
  if (!seen) throw notFound();
  await rows(tx, 'select from terminal where company_id = $1 and terminal_id = $2 for update', [
    tx.company_id,
    seen.exception.terminal.terminal_id,
  ]);
  const now = await readException(tx, actor, exceptionId);
  if (!now) throw notFound();
  return now;
}

const subjectOf = ({ terminal, epoch, seq }: OfficeException) => ({
  ...{ terminal_id: terminal.terminal_id, epoch, seq },
});

function settled(decision: Decision | null): Refusal {
  const who = decision?.user?.name ?? (decision?.user ? 'Somebody' : 'A command on the server');
  const when = decision ? ` on ${momentText(new Date(decision.decided_at))}` : '';
  const what = decision?.action ?? 'settled';
  return new Refusal(409, 'exception_settled', `${who} ${what} this${when}. Nothing was changed.`);
}

const reused = () =>
  new Refusal(409, 'id_reused', 'This id was used before for another decision.', {
    errors: [{ path: 'decision_id', message: 'was used before' }],
  });

const notPossible = () =>
  new Refusal(409, 'not_possible', 'This cannot be done about it: `actions` says what can.');

/** Applies again what is open at the locations that the actor sees, and says how much came of it. */
export async function replayAll(
  tx: Tx,
  actor: Actor,
  note: string,
): Promise<{ applied: number; left: number }> {
  const by = { decision_id: decisionIdSchema.parse(uuid()), user_id: actor.user_id, note };
  const outcome = await replayQuarantine(tx, by, placesOf(actor, 'e.location_id'));
  const after = { ...outcome, note };
  await audit(tx, actor, { action: 'exception.replayed', entity: 'exception', key: 'all', after });
  return outcome;
}
