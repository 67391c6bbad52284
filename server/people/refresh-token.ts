import { createHash, randomBytes } from 'node:crypto';
import { type CompanyId, companyIdSchema, type OfficeSessionId, officeSessionIdSchema } from '#shared/ids.ts';
import { uuidBytes, uuidOfBytes } from '../uuid-bytes.ts';

/** What a refresh token says: whose session it continues. Its secret is in `hash` only. */
export type RefreshToken = {
  readonly company_id: CompanyId;
  readonly session_id: OfficeSessionId;
  /** SHA-256 of the whole token, as it is kept. */
  readonly hash: Buffer;
};

const SECRET_BYTES = 32;
const FORM = /^[\w-]{86}$/;

/** A new token for a session: company, session and 256 random bits, in base64url. */
export function makeRefreshToken(
  companyId: CompanyId,
  sessionId: OfficeSessionId,
): RefreshToken & { readonly text: string } {
  const bytes = Buffer.concat([uuidBytes(companyId), uuidBytes(sessionId), randomBytes(SECRET_BYTES)]);
  return {
    company_id: companyId,
    session_id: sessionId,
    hash: digest(bytes),
    text: bytes.toString('base64url'),
  };
}

/** What a token says that somebody sent, or undefined where it is none. */
export function readRefreshToken(text: string): RefreshToken | undefined {
  if (!FORM.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return {
    company_id: companyIdSchema.parse(uuidOfBytes(bytes.subarray(0, 16))),
    session_id: officeSessionIdSchema.parse(uuidOfBytes(bytes.subarray(16, 32))),
    hash: digest(bytes),
  };
}

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
