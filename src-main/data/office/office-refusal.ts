import { ORPCError } from '@orpc/server';
import { z } from 'zod';
import { issuesOf, type Problem } from '#shared/contract/problem.ts';
import type { Refusal } from '#shared/contract/till.ts';
import { refused } from '../refusal.ts';
import { ServerFault } from '../sync/central-call.ts';

/** A failed call as the screen is told of it: the server's own reason, or that it could not be asked. */
export function officeRefusal(error: unknown, server_url: string): unknown {
  if (!(error instanceof ServerFault)) return error;
  if (error.problem) {
    const { code, errors } = error.problem;
    return refusedBecause(sentenceOf(error, error.problem), {
      code,
      ...(errors ? { errors: errors.map(atField) } : {}),
    });
  }
  return refused(
    'server_unreachable',
    error.kind === 'unreachable'
      ? `The server at ${new URL(server_url).host} cannot be reached, and the office works with it alone. Try again when there is a connection.`
      : error.message,
  );
}

/** The server speaks to programs too; what it says of a sign-in is said here to the person at the keys. */
function sentenceOf({ retry_after_ms }: ServerFault, { code, detail, status }: Problem): string {
  if (code === 'sign_in_refused') return 'The address or the password is wrong.';
  if (status !== 429 || retry_after_ms === 0) return detail;
  return `${detail} Try again in ${Math.ceil(retry_after_ms / 1000)} seconds.`;
}

/** What the contract's own check found in an input, in the words of the server's. Null for other errors. */
export function inputRefusal(error: unknown): unknown {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return null;
  const found = z.object({ issues: z.array(z.custom<z.core.$ZodIssue>()) }).safeParse(error.data);
  if (!found.success) return null;
  const errors = issuesOf(new z.ZodError(found.data.issues)).map(atField);
  return refusedBecause('Some fields cannot be accepted.', { code: 'invalid_input', errors });
}

export const officeSignedOut = () =>
  refused('office_signed_out', 'The office session has ended. Sign in again to go on.');

const refusedBecause = (message: string, data: Refusal): ORPCError<'REFUSED', Refusal> =>
  new ORPCError('REFUSED', { status: 422, message, data });

/** A form knows its fields by their own names, not by the part of the request that they travel in. */
const atField = ({ path, message }: { path: string; message: string }) => ({
  path: path.replace(/^(?:body|params|query|headers)\./, ''),
  message,
});
