import { z } from 'zod';
import { userIdSchema } from '../ids.ts';
import { nameSchema } from '../text.ts';
import { permissionSchema } from './permission.ts';

/** Four to ten digits that unlock an enrolled terminal; never sent over the network. */
export const pinSchema = z.string().regex(/^\d{4,10}$/, { error: 'must be 4 to 10 digits' });

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
