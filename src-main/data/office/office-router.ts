import { type AnyContractProcedure, type AnyContractRouter, isContractProcedure } from '@orpc/contract';
import { implement, os, type Router } from '@orpc/server';
import { officeContract } from '#shared/contract/office.ts';
import { tillContract } from '#shared/contract/till.ts';
import type { Office } from './office.ts';
import { inputRefusal } from './office-refusal.ts';

/** What a call is given: the office, and the screen's handle on its session there. */
export type OfficeContext = { office: Office; office_session: string | null };

/** An input that the contract does not take is refused in the words in which the server would refuse it. */
const saysWhichField = os.$context<OfficeContext>().middleware(async ({ next }) => {
  try {
    return await next();
  } catch (error) {
    throw inputRefusal(error) ?? error;
  }
});

const office = implement(tillContract.office).$context<OfficeContext>().use(saysWhichField);

const { signIn: _signIn, signOut: _signOut, auth, ...areas } = tillContract.office;
const { acceptInvitation: _accept, resetPassword: _reset, ...signedInAuth } = auth;

/**
 * The office's part of the till contract. All but a few of its calls are passed on to the server as they are: a
 * route that is added to the office's contract is served here without another line.
 */
export const officeRouter: Router<typeof tillContract.office, OfficeContext> = office.router({
  ...forwardAll(areas),
  auth: {
    ...forwardAll(signedInAuth),
    acceptInvitation: office.auth.acceptInvitation.handler(({ context, input: { server_url, ...input } }) =>
      context.office.callAsStranger(officeContract.auth.acceptInvitation, input, server_url),
    ),
    resetPassword: office.auth.resetPassword.handler(({ context, input: { server_url, ...input } }) =>
      context.office.callAsStranger(officeContract.auth.resetPassword, input, server_url),
    ),
  },
  signIn: office.signIn.handler(({ context, input }) => context.office.signIn(input)),
  signOut: office.signOut.handler(({ context }) => {
    context.office.signOut(context.office_session);
    return { signed_out: true };
  }),
});

function forwardAll<Contract extends AnyContractRouter>(contract: Contract): Router<Contract, OfficeContext> {
  const forwarded = isContractProcedure(contract)
    ? forward(contract)
    : Object.fromEntries(Object.entries(contract).map(([name, part]) => [name, forwardAll(part)]));
  return forwarded as Router<Contract, OfficeContext>;
}

/** The contract checks the input before it is sent, and the answer when it comes. */
function forward(procedure: AnyContractProcedure) {
  return implement(procedure)
    .$context<OfficeContext>()
    .handler(({ context, input }) => context.office.call(context.office_session, procedure, input));
}
