import { z } from 'zod';
import { locationIdSchema, terminalIdSchema } from '../ids.ts';
import { nameSchema } from '../text.ts';
import { placeCodeSchema } from './location.ts';

/** A terminal as those at its location are told: what the office calls it now. */
export const tillTerminalSchema = z.strictObject({
  terminal_id: terminalIdSchema,
  code: placeCodeSchema,
  name: nameSchema(60),
});

/** An enrolled terminal as the office knows it. */
export const terminalSchema = z.strictObject({
  terminal_id: terminalIdSchema,
  code: placeCodeSchema,
  name: nameSchema(60),
  location_id: locationIdSchema,
  location_name: z.string(),
  /** `frozen`: it told two histories and must be enrolled anew. `revoked`: it delivers, and gets nothing new. */
  state: z.enum(['active', 'frozen', 'revoked']),
  enrolled_at: z.iso.datetime(),
  last_seen_at: z.iso.datetime().nullable(),
  /** Its clock minus the server's when it was last seen, in ms. */
  clock_offset_ms: z.int().nullable(),
  last_seq: z.int().min(0),
  version: z.int().min(1),
});
export type OfficeTerminal = z.infer<typeof terminalSchema>;
