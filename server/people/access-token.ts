import { errors as joseErrors, jwtVerify, SignJWT } from 'jose';
import {
  type CompanyId,
  companyIdSchema,
  type OfficeSessionId,
  officeSessionIdSchema,
  type UserId,
  userIdSchema,
} from '#shared/ids.ts';
import { ACCESS_SECONDS } from '#shared/people/session.ts';
import { keysFor } from '../derived-key.ts';
import { Refusal } from '../problem.ts';

/** What an access token says; whether its session still holds is asked of the database, every time. */
export type AccessClaims = {
  readonly company_id: CompanyId;
  readonly user_id: UserId;
  readonly session_id: OfficeSessionId;
};

const AUDIENCE = 'office';

/** Refused with one sentence, whatever was wrong with the token or its session. */
export const notSignedIn = () =>
  new Refusal(401, 'unauthorised', 'Please sign in: there is no valid access token.');

/** A signed access token (EdDSA), good for fifteen minutes by the server's clock. */
export async function issueAccessToken(secret: Uint8Array, claims: AccessClaims): Promise<string> {
  return new SignJWT({ company_id: claims.company_id, session_id: claims.session_id })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(claims.user_id)
    .setAudience(AUDIENCE)
    .setExpirationTime(Math.floor(Date.now() / 1000) + ACCESS_SECONDS)
    .sign(keysFor(secret, 'access token').sign);
}

/** The claims of an `Authorization: Bearer …` header. @throws 401 `unauthorised` */
export async function readAccessToken(secret: Uint8Array, header: string | undefined): Promise<AccessClaims> {
  const token = /^Bearer ([\w.-]+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw notSignedIn();
  const payload = await verified(secret, token);
  const company = companyIdSchema.safeParse(payload.company_id);
  const user = userIdSchema.safeParse(payload.sub);
  const session = officeSessionIdSchema.safeParse(payload.session_id);
  if (!company.success || !user.success || !session.success) throw notSignedIn();
  return { company_id: company.data, user_id: user.data, session_id: session.data };
}

async function verified(secret: Uint8Array, token: string) {
  try {
    const options = { algorithms: ['EdDSA'], audience: AUDIENCE, requiredClaims: ['sub', 'exp'] };
    return (await jwtVerify(token, keysFor(secret, 'access token').verify, options)).payload;
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) throw notSignedIn();
    throw error;
  }
}
