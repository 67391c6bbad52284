import { z } from 'zod';
import { clientIdSchema } from '../ids.ts';
import { nameSchema, textSchema } from '../text.ts';
import { placeCodeSchema } from './location.ts';

/** A customer whose goods are stored: what a user of the CLIENT role is bound to. */
export const clientSchema = z.strictObject({
  client_id: clientIdSchema,
  code: placeCodeSchema,
  name: nameSchema(150),
  billing_address: textSchema(500),
});
