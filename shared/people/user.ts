import { z } from 'zod';
import { clientIdSchema, locationIdSchema, userIdSchema } from '../ids.ts';
import { codeSchema, nameSchema, textSchema } from '../text.ts';
import { permissionSchema } from './permission.ts';

/** Four to ten digits that unlock an enrolled terminal; it opens nothing over the network. */
export const pinSchema = z.string().regex(/^\d{4,10}$/, { error: 'must be 4 to 10 digits' });

/** A PIN that somebody chooses: not one digit repeated, not digits in a row up or down. */
export const newPinSchema = pinSchema.refine((pin) => !isObvious(pin), {
  error: 'is too easy to guess: not all the same digit, and not digits in a row',
});

/** A person as a terminal knows them: pulled with their permissions, so that it can decide offline. */
export const tillUserSchema = z.strictObject({
  user_id: userIdSchema,
  name: nameSchema(100),
  /** argon2id in PHC form; absent for people who may not unlock a till. */
  pin_hash: z.string().max(300).optional(),
  permissions: z.array(permissionSchema),
  active: z.boolean(),
});
export type TillUser = z.infer<typeof tillUserSchema>;

/** An address for signing in and for mail: compared in lower case. */
export const emailSchema = z
  .email({ error: 'must be an e-mail address' })
  .max(254)
  .transform((address) => address.toLowerCase());

/** A password somebody chooses. Length is what counts (NIST SP 800-63B); spaces and any characters are welcome. */
export const newPasswordSchema = textSchema(200).min(12, { error: 'must have at least 12 characters' });

/** `INVITED` until the invitation is accepted; `DISABLED` people are kept for ever, because facts name them. */
export const userStatusSchema = z.enum(['INVITED', 'ACTIVE', 'DISABLED']);
export type UserStatus = z.infer<typeof userStatusSchema>;

/** What a person sees: the whole company, some of its locations, or what belongs to one client. */
export const dataScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('company') }),
  z.strictObject({ kind: z.literal('locations'), location_ids: z.array(locationIdSchema).min(1).max(1000) }),
  z.strictObject({ kind: z.literal('client'), client_id: clientIdSchema }),
]);
export type DataScope = z.infer<typeof dataScopeSchema>;

/** Whether who sees `outer` sees all of `inner`. */
export function scopeCovers(outer: DataScope, inner: DataScope): boolean {
  switch (outer.kind) {
    case 'company':
      return true;
    case 'locations':
      return inner.kind === 'locations' && inner.location_ids.every((id) => outer.location_ids.includes(id));
    case 'client':
      return inner.kind === 'client' && inner.client_id === outer.client_id;
  }
}

/** What an administrator decides about a person. */
export const userFieldsSchema = z.strictObject({
  name: nameSchema(100),
  roles: z.array(codeSchema).min(1).max(20),
  scope: dataScopeSchema,
});

/** A person as the office knows them. Neither password nor PIN is ever given out, only whether there is one. */
export const userSchema = userFieldsSchema.extend({
  user_id: userIdSchema,
  /** Null for people who only ever unlock a till. */
  email: z.string().nullable(),
  status: userStatusSchema,
  has_pin: z.boolean(),
  has_password: z.boolean(),
  created_at: z.iso.datetime(),
  version: z.int().min(1),
});
export type User = z.infer<typeof userSchema>;

function isObvious(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, place) => Number(digit) - Number(pin[place])));
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0] ?? Number.NaN);
}
