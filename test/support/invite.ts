import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { z } from 'zod';
import type { acceptInvitationSchema, resetPasswordSchema } from '#shared/contract/office/auth.ts';
import type { Mailbox } from './mailbox.ts';
import { ask, newPlace, type Office } from './office.ts';
import type { Answer } from './wire-terminal.ts';

/** An address that nobody has yet. */
export const newAddress = (domain = 'shop.example'): string => `${randomBytes(8).toString('hex')}@${domain}`;

/** What the office sends to invite somebody: a cashier unless `changes` says otherwise. */
export const invitation = (changes: Record<string, unknown> = {}) => ({
  invitation_id: uuid(),
  user_id: uuid(),
  email: newAddress(),
  name: 'Noor Haddad',
  roles: ['CASHIER'],
  scope: { kind: 'company' },
  ...changes,
});

/** Somebody whom the office invited, with the code from their mail. */
export async function invited(office: Office, box: Mailbox, changes: Record<string, unknown> = {}) {
  const given = invitation(changes);
  const made = await office.post('/api/v1/invitations', given);
  if (made.status !== 201) throw new Error(`${made.status} ${JSON.stringify(made.body)}`);
  const { code } = await box.mailTo(given.email);
  return { ...given, code };
}

/** What somebody says who has a code from a mail; from a place of their own. */
export const accept = (url: string, body: z.input<typeof acceptInvitationSchema>): Promise<Answer> =>
  anonymous(`${url}/api/v1/auth/accept-invitation`, body);

/** The same for a new password, from a place of its own unless one is given. */
export const resetPassword = (
  url: string,
  body: z.input<typeof resetPasswordSchema>,
  from?: string,
): Promise<Answer> => anonymous(`${url}/api/v1/auth/reset-password`, body, from);

const anonymous = (address: string, body: unknown, from = newPlace()): Promise<Answer> =>
  ask(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
    body: JSON.stringify(body),
  });
