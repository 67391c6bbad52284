import { z } from 'zod';

/**
 * The terminal's own door: a till screen in a browser, over HTTP and one WebSocket on loopback.
 *
 * 1. Whoever starts the door is given an address with a one-time token in its fragment (`#token=…`), which a
 *    browser sends to nobody. The page takes it out of the address.
 * 2. The first frame on the socket is a `DoorKnock`, as JSON text: the token, or the secret of an earlier visit.
 * 3. The door answers with a `DoorWelcome`: the secret to come back with. It replaces the one used as soon as the
 *    page sends anything more; keep it in the tab, never in a place other pages or people can read.
 * 4. From then on every frame is the contract's (oRPC), in both directions.
 *
 * A knock that is not welcome is answered by closing the socket with one of `doorCloses`.
 */
export const doorPath = '/till';

const secretSchema = z.string().regex(/^[\w-]{43}$/);

export const doorKnockSchema = z.union([
  z.strictObject({ token: secretSchema }),
  z.strictObject({ resume: secretSchema }),
]);
export type DoorKnock = z.infer<typeof doorKnockSchema>;

export const doorWelcomeSchema = z.strictObject({ resume: secretSchema });

/** Codes with which the door closes a socket. */
export const doorCloses = {
  /** Wrong, used or missing token or secret: ask for a new address at the terminal. Coming back is no use. */
  refused: 4401,
  /** The same visit came back on another socket. */
  replaced: 4409,
  /** Too many or too large frames. */
  flood: 4429,
  /** The page does not read what it is sent. */
  slow: 4408,
} as const;
