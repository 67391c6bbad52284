import { z } from 'zod';

/** What a data process says to whoever started it. `data` frames are the contract's own and pass unread. */
export const hostMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), state: z.enum(['ok', 'recovery']) }),
  z.object({ type: z.literal('data'), channel: z.int(), data: z.unknown() }),
  z.object({ type: z.literal('disconnect'), channel: z.int() }),
]);
