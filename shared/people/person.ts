import { z } from 'zod';
import { userIdSchema } from '../ids.ts';

/** Somebody as lists name them. `name` is null where the id is all that is known. */
export const personSchema = z.strictObject({ user_id: userIdSchema, name: z.string().nullable() });
export type Person = z.infer<typeof personSchema>;
