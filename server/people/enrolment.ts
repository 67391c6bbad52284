import { createHash, randomInt } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { z } from 'zod';
import type { EnrolReply, enrolRequestSchema } from '#shared/contract/central.ts';
import { companyIdSchema, type LocationId, locationIdSchema, terminalIdSchema } from '#shared/ids.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import { atTheGate, type Db, inCompany, rows, type Tx } from '../db.ts';
import { audit } from '../ops/audit.ts';
import { Refusal } from '../problem.ts';
import { readLocation } from './locations.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 12;

/** Makes a one-time code for a new terminal at a location: 60 bits, valid ten minutes, kept as a hash only. */
export async function makeEnrolment(
  tx: Tx,
  locationId: LocationId,
): Promise<{ readonly code: string; readonly expires_at: Date }> {
  const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  const [made] = await rows<{ expires_at: Date }>(
    tx,
    `insert into enrolment (company_id, code_hash, location_id, expires_at)
     values ($1, $2, $3, now() + interval '10 minutes') returning expires_at`,
    [tx.company_id, hashed(code), locationId],
  );
  if (!made) throw new Error('no row was made');
  return { code: code.replace(/(.{4})(?=.)/g, '$1-'), expires_at: made.expires_at };
}

/** The code alone, for commands. */
export const makeEnrolmentCode = async (tx: Tx, locationId: LocationId): Promise<string> =>
  (await makeEnrolment(tx, locationId)).code;

/**
 * Enrols a device. The same code with the same key gives the same terminal again, so that a device whose
 * answer was lost can ask once more; with another key the code is spent.
 */
export async function enrol(db: Db, request: z.output<typeof enrolRequestSchema>): Promise<EnrolReply> {
  const codeHash = hashed(request.code);
  const publicKey = Buffer.from(request.public_key, 'base64url');
  const company = await atTheGate(db, async (client) => {
    const found = await client.query<{ company_id: string }>(
      'select company_id from enrolment where code_hash = $1',
      [codeHash],
    );
    return found.rows[0]?.company_id;
  });
  if (company === undefined) throw unusable();
  return inCompany(db, companyIdSchema.parse(company), async (tx) => {
    const [enrolment] = await rows<{ location_id: string; used_by: string | null; expired: boolean }>(
      tx,
      `select location_id, used_by, expires_at < now() as expired
       from enrolment where company_id = $1 and code_hash = $2 for update`,
      [tx.company_id, codeHash],
    );
    if (!enrolment) throw unusable();
    if (enrolment.used_by !== null) return enrolledBefore(tx, enrolment.used_by, publicKey);
    if (enrolment.expired) throw unusable();
    const locationId = locationIdSchema.parse(enrolment.location_id);
    return createTerminal(tx, { codeHash, locationId, publicKey, name: request.name });
  });
}

async function createTerminal(
  tx: Tx,
  given: { codeHash: Buffer; locationId: LocationId; publicKey: Buffer; name: string },
): Promise<EnrolReply> {
  const location = await readLocation(tx, given.locationId);
  const code = await nextCode(tx);
  const terminalId = terminalIdSchema.parse(uuid());
  await rows(
    tx,
    `insert into terminal (company_id, terminal_id, location_id, code, name, public_key, last_hash)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tx.company_id, terminalId, given.locationId, code, given.name, given.publicKey, GENESIS],
  );
  await rows(tx, 'update enrolment set used_by = $3 where company_id = $1 and code_hash = $2', [
    tx.company_id,
    given.codeHash,
    terminalId,
  ]);
  await audit(tx, null, {
    action: 'terminal.enrolled',
    entity: 'terminal',
    key: terminalId,
    after: { code, name: given.name, location_id: given.locationId },
  });
  return { terminal_id: terminalId, terminal_code: code, epoch: 1, location };
}

/**
 * The next free code in the company: `T3`. Terminals are never removed and keep their codes when they are moved, so
 * that no two receipts ever bear the same number, wherever they were printed and however locations are renamed.
 */
async function nextCode(tx: Tx): Promise<string> {
  // Two enrolments at once must not take the same code.
  await rows(tx, 'select from company where company_id = $1 for no key update', [tx.company_id]);
  const [taken] = await rows<{ last: number }>(
    tx,
    `select coalesce(max(substring(code from '^T([0-9]+)$')::integer), 0) as last
     from terminal where company_id = $1`,
    [tx.company_id],
  );
  return `T${(taken?.last ?? 0) + 1}`;
}

async function enrolledBefore(tx: Tx, terminalId: string, publicKey: Buffer): Promise<EnrolReply> {
  const [terminal] = await rows<{ code: string; epoch: number; location_id: string; public_key: Buffer }>(
    tx,
    `select code, epoch, location_id, public_key from terminal
     where company_id = $1 and terminal_id = $2 and revoked_at is null`,
    [tx.company_id, terminalId],
  );
  if (!terminal?.public_key.equals(publicKey)) throw unusable();
  return {
    terminal_id: terminalIdSchema.parse(terminalId),
    terminal_code: terminal.code,
    epoch: terminal.epoch,
    location: await readLocation(tx, locationIdSchema.parse(terminal.location_id)),
  };
}

const hashed = (code: string): Buffer => createHash('sha256').update(code.replaceAll('-', '')).digest();

const unusable = () =>
  new Refusal(403, 'enrolment_refused', 'This enrolment code is wrong, used or expired. Ask for a new one.');
