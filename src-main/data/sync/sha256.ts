import { hash } from 'node:crypto';
import type { Sha256 } from '#shared/sync/chain.ts';

/** SHA-256 of a text's UTF-8 bytes in lower-case hexadecimal, by the platform. */
export const sha256: Sha256 = (text) => hash('sha256', text, 'hex');
