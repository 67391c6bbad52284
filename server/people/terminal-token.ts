import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { errors as joseErrors, jwtVerify, SignJWT } from 'jose';
import { type CompanyId, companyIdSchema, type TerminalId, terminalIdSchema } from '#shared/ids.ts';
import { challengeText } from '#shared/people/challenge.ts';
import { atTheGate, type Db } from '../db.ts';
import { Refusal } from '../problem.ts';
import { snapshotKey } from '../sync/snapshot-key.ts';

/** Who a request comes from: an enrolled terminal of a company, and the epoch whose key it has. */
export type TerminalIdentity = {
  readonly company_id: CompanyId;
  readonly terminal_id: TerminalId;
  readonly epoch: number;
};

type TerminalToken = {
  access_token: string;
  token_type: 'bearer';
  expires_in: number;
  snapshot_key: string;
};

const CHALLENGE_SECONDS = 120;
/** Access tokens live fifteen minutes by the server's own clock: a terminal's clock never gates anything. */
const TOKEN_SECONDS = 15 * 60;

const refused = () => new Refusal(401, 'unauthorised', 'The terminal could not be recognised.');

/** It delivers what happened on it, and is told nothing any more. */
export const terminalRevoked = () => new Refusal(403, 'terminal_revoked', 'This terminal gets nothing new.');

/** A text for the terminal to sign. Given for unknown terminals too: nobody learns which exist. */
export async function makeChallenge(secret: Uint8Array, terminalId: TerminalId): Promise<string> {
  return new SignJWT({ nonce: randomBytes(16).toString('base64url') })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(terminalId)
    .setAudience('challenge')
    .setExpirationTime(Math.floor(Date.now() / 1000) + CHALLENGE_SECONDS)
    .sign(secret);
}

/** Checks the Ed25519 signature over a challenge and issues the access token. */
export async function exchangeChallenge(
  db: Db,
  secret: Uint8Array,
  challenge: string,
  signature: string,
): Promise<TerminalToken> {
  const claims = await verified(secret, challenge, 'challenge');
  const terminalId = terminalIdSchema.parse(claims.sub);
  const keys = await atTheGate(db, async (client) => {
    const found = await client.query<{ company_id: string; epoch: number; public_key: Buffer }>(
      `select company_id, epoch, public_key from terminal where terminal_id = $1
       union all select company_id, epoch, public_key from ended_epoch where terminal_id = $1`,
      [terminalId],
    );
    return found.rows;
  });
  // Who has the key of an epoch that has ended is let in to be told so, and to hand in what only it knows.
  const known = keys.find((key) => signatureHolds(key.public_key, challenge, signature));
  if (!known) throw refused();
  const token = await new SignJWT({ company_id: known.company_id, epoch: known.epoch })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(terminalId)
    .setAudience('terminal')
    .setExpirationTime(Math.floor(Date.now() / 1000) + TOKEN_SECONDS)
    .sign(secret);
  const snapshot_key = snapshotKey(secret);
  return { access_token: token, token_type: 'bearer', expires_in: TOKEN_SECONDS, snapshot_key };
}

/** The terminal behind an `Authorization: Bearer …` header. */
export async function recogniseTerminal(
  secret: Uint8Array,
  header: string | undefined,
): Promise<TerminalIdentity> {
  const token = /^Bearer ([\w.-]+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw refused();
  const claims = await verified(secret, token, 'terminal');
  const company = companyIdSchema.safeParse(claims.company_id);
  const terminal = terminalIdSchema.safeParse(claims.sub);
  const { epoch } = claims;
  if (!company.success || !terminal.success || typeof epoch !== 'number') throw refused();
  return { company_id: company.data, terminal_id: terminal.data, epoch };
}

async function verified(secret: Uint8Array, token: string, audience: string) {
  try {
    const options = { algorithms: ['HS256'], audience, requiredClaims: ['sub', 'exp'] };
    return (await jwtVerify(token, secret, options)).payload;
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) throw refused();
    throw error;
  }
}

function signatureHolds(rawKey: Buffer, challenge: string, signature: string): boolean {
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: rawKey.toString('base64url') },
    format: 'jwk',
  });
  return verify(null, Buffer.from(challengeText(challenge)), key, Buffer.from(signature, 'base64url'));
}
