import { createHash, randomBytes } from 'node:crypto';
import { type CompanyId, companyIdSchema } from '#shared/ids.ts';
import { uuidBytes, uuidOfBytes } from '../uuid-bytes.ts';

/** What the code of a mail says: whose company it is for. Its secret is in `hash` only. */
export type MailedToken = {
  readonly company_id: CompanyId;
  /** SHA-256 of the whole code, as it is kept. */
  readonly hash: Buffer;
};

const SECRET_BYTES = 32;
/** 16 bytes of the company and those of the secret, in base64url. */
const FORM = /^[\w-]{64}$/;

/** A new code for a mail: company and 256 random bits. It exists in the mail and nowhere else. */
export function makeMailedToken(companyId: CompanyId): MailedToken & { readonly text: string } {
  const bytes = Buffer.concat([uuidBytes(companyId), randomBytes(SECRET_BYTES)]);
  return { company_id: companyId, hash: digest(bytes), text: bytes.toString('base64url') };
}

/** What a code says that somebody typed in, or undefined where it is none. */
export function readMailedToken(text: string): MailedToken | undefined {
  if (!FORM.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return { company_id: companyIdSchema.parse(uuidOfBytes(bytes.subarray(0, 16))), hash: digest(bytes) };
}

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
