import { member } from '../../access.ts';
import { acceptOrReopen, correct, replay, replayAll } from './decide.ts';
import { listExceptions } from './read-exceptions.ts';
import { viewException } from './view-exception.ts';

/** The repair desk of the office. */
export const exceptionRoutes = {
  list: member.exceptions.list.handler(({ input, context: { tx, actor } }) =>
    listExceptions(tx, actor, input),
  ),
  get: member.exceptions.get.handler(({ input, context: { tx, actor } }) =>
    viewException(tx, actor, input.exception_id),
  ),
  accept: member.exceptions.accept.handler(({ input, context: { tx, actor } }) =>
    acceptOrReopen(tx, actor, 'accept', input),
  ),
  correct: member.exceptions.correct.handler(({ input, context: { tx, actor } }) =>
    correct(tx, actor, input),
  ),
  replay: member.exceptions.replay.handler(({ input, context: { tx, actor } }) => replay(tx, actor, input)),
  reopen: member.exceptions.reopen.handler(({ input, context: { tx, actor } }) =>
    acceptOrReopen(tx, actor, 'reopen', input),
  ),
  replayAll: member.exceptions.replayAll.handler(({ input, context: { tx, actor } }) =>
    replayAll(tx, actor, input.note),
  ),
};
