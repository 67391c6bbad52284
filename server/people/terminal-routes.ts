import { anyone, member } from '../access.ts';
import { enrol } from './enrolment.ts';
import { exchangeChallenge, makeChallenge } from './terminal-token.ts';
import { changeTerminal, listTerminals, makeCode, makeReEnrolCode, revokeTerminal } from './terminals.ts';

export const terminalRoutes = {
  list: member.terminals.list.handler(({ input, context: { tx, actor } }) => listTerminals(tx, actor, input)),
  change: member.terminals.change.handler(({ input, context: { tx, actor } }) =>
    changeTerminal(tx, actor, input),
  ),
  revoke: member.terminals.revoke.handler(({ input, context: { tx, actor } }) =>
    revokeTerminal(tx, actor, input.terminal_id),
  ),
  makeCode: member.terminals.makeCode.handler(({ input, context: { tx, actor } }) =>
    makeCode(tx, actor, input.location_id),
  ),
  makeReEnrolCode: member.terminals.makeReEnrolCode.handler(({ input, context: { tx, actor } }) =>
    makeReEnrolCode(tx, actor, input.terminal_id),
  ),
  enrol: anyone.terminals.enrol.handler(({ input, context }) => enrol(context.db, input)),
  challenge: anyone.terminals.challenge.handler(async ({ input, context }) => ({
    challenge: await makeChallenge(context.secret, input.terminal_id),
  })),
  token: anyone.terminals.token.handler(({ input, context }) =>
    exchangeChallenge(context.db, context.secret, input.challenge, input.signature),
  ),
};
