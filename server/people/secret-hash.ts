import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/**
 * argon2id for PINs and passwords alike: 19 MiB, two passes (OWASP's first choice); about 25 ms. A PIN is checked on
 * a till, which sets the bound.
 */
const COST = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** A password or PIN as it is kept: argon2id in PHC form. */
export const hashSecret = (secret: string): Promise<string> => hash(secret, COST);

/** Whether this is the secret behind a hash. Costs the same for every hash of ours. */
export const secretHolds = (kept: string, given: string): Promise<boolean> => verify(kept, given);

const phc = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');

/** Compared against where there is no hash, so that it takes as long: has the form and the cost of one, and no secret. */
export const DECOY_HASH = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${phc(16)}$${phc(32)}`;
