import { createHash, randomInt } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { z } from 'zod';
import type { EnrolReply, enrolRequestSchema } from '#shared/contract/central.ts';
import { companyIdSchema, type LocationId, type TerminalId, terminalIdSchema } from '#shared/ids.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import { atTheGate, type Db, inCompany, rows, type Tx } from '../db.ts';
import { audit } from '../ops/audit.ts';
import { invalidField, Refusal } from '../problem.ts';
import { readSeries } from '../sales/ticket-series.ts';
import { freshNonces, type Nonces, newNonce, writeNonce } from '../sync/nonce.ts';
import { readLocation } from './locations.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 12;

/**
 * Makes a one-time code: 60 bits, valid ten minutes, kept as a hash only.
 * @param terminalId the terminal as which the device goes on that uses it; a new one where there is none
 */
export async function makeEnrolment(
  tx: Tx,
  locationId: LocationId,
  terminalId: TerminalId | null = null,
): Promise<{ readonly code: string; readonly expires_at: Date }> {
  const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  const [made] = await rows<{ expires_at: Date }>(
    tx,
    `insert into enrolment (company_id, code_hash, location_id, terminal_id, expires_at)
     values ($1, $2, $3, $4, now() + interval '10 minutes') returning expires_at`,
    [tx.company_id, hashed(code), locationId, terminalId],
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
    const [enrolment] = await rows<{
      location_id: LocationId;
      terminal_id: TerminalId | null;
      used_by: TerminalId | null;
      expired: boolean;
    }>(
      tx,
      `select location_id, terminal_id, used_by, expires_at < now() as expired
       from enrolment where company_id = $1 and code_hash = $2 for update`,
      [tx.company_id, codeHash],
    );
    if (!enrolment) throw unusable();
    if (enrolment.used_by !== null) return enrolledBefore(tx, enrolment.used_by, publicKey);
    if (enrolment.expired) throw unusable();
    const { name, after_seq } = request;
    const device = { name, publicKey, afterSeq: after_seq };
    const terminalId =
      enrolment.terminal_id === null
        ? await createTerminal(tx, enrolment.location_id, device)
        : await goOnAs(tx, enrolment.terminal_id, device);
    await rows(tx, 'update enrolment set used_by = $3 where company_id = $1 and code_hash = $2', [
      tx.company_id,
      codeHash,
      terminalId,
    ]);
    return (await readEnrolment(tx, terminalId)).reply;
  });
}

/** What a device tells of itself when it is enrolled. */
type Device = { readonly name: string; readonly publicKey: Buffer; readonly afterSeq: number };

async function createTerminal(tx: Tx, locationId: LocationId, device: Device): Promise<TerminalId> {
  const code = await nextCode(tx);
  const terminalId = terminalIdSchema.parse(uuid());
  const { name, publicKey, afterSeq } = device;
  await rows(
    tx,
    `insert into terminal (company_id, terminal_id, location_id, code, name, public_key, after_seq, last_seq,
       last_hash, nonce)
     values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)`,
    [tx.company_id, terminalId, locationId, code, name, publicKey, afterSeq, GENESIS, newNonce()],
  );
  const after = { code, name, location_id: locationId };
  await audit(tx, null, { action: 'terminal.enrolled', entity: 'terminal', key: terminalId, after });
  return terminalId;
}

/**
 * Lets a device go on as a terminal, under the next epoch and with a key of its own. Whoever has the key of before
 * is out: one of several copies, or the disk of a machine that is gone.
 */
async function goOnAs(tx: Tx, terminalId: TerminalId, { publicKey, afterSeq }: Device): Promise<TerminalId> {
  const [before] = await rows<Nonces & { epoch: number; public_key: Buffer; frozen_because: string | null }>(
    tx,
    `select epoch, public_key, nonce_number, nonce, nonce_before, frozen_because from terminal
     where company_id = $1 and terminal_id = $2 and revoked_at is null for update`,
    [tx.company_id, terminalId],
  );
  if (!before) throw unusable();
  if (before.public_key.equals(publicKey)) throw invalidField('public_key', 'must be a new key');
  await rows(
    tx,
    `insert into ended_epoch (company_id, terminal_id, epoch, public_key, last_seq, last_hash)
     select company_id, terminal_id, epoch, public_key, last_seq, last_hash from terminal
     where company_id = $1 and terminal_id = $2`,
    [tx.company_id, terminalId],
  );
  const { nonce_number, nonce } = freshNonces(before);
  await rows(
    tx,
    `update terminal set epoch = epoch + 1, public_key = $3, after_seq = $4, last_seq = $4, last_hash = $5,
       nonce_number = $6, nonce = $7, nonce_before = null, resumed_with = null, safe_seq = 0, marked_on = null,
       frozen_at = null, frozen_because = null
     where company_id = $1 and terminal_id = $2`,
    [tx.company_id, terminalId, publicKey, afterSeq, GENESIS, nonce_number, nonce],
  );
  await audit(tx, null, {
    action: 'terminal.re_enrolled',
    entity: 'terminal',
    key: terminalId,
    before: { epoch: before.epoch, frozen_because: before.frozen_because },
    after: { epoch: before.epoch + 1, frozen_because: null },
  });
  return terminalId;
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

/** The same answer again, until the terminal has told something: from then on the code is spent for everybody. */
async function enrolledBefore(tx: Tx, terminalId: TerminalId, publicKey: Buffer): Promise<EnrolReply> {
  const { reply, terminal } = await readEnrolment(tx, terminalId);
  const isFresh = terminal.last_seq === terminal.after_seq && terminal.revoked_at === null;
  if (!isFresh || !terminal.public_key.equals(publicKey)) throw unusable();
  return reply;
}

type EnrolledRow = Nonces & {
  readonly code: string;
  readonly epoch: number;
  readonly after_seq: number;
  readonly last_seq: number;
  readonly location_id: LocationId;
  readonly public_key: Buffer;
  readonly revoked_at: Date | null;
};

async function readEnrolment(
  tx: Tx,
  terminalId: TerminalId,
): Promise<{ terminal: EnrolledRow; reply: EnrolReply }> {
  const [terminal] = await rows<EnrolledRow>(
    tx,
    `select code, epoch, after_seq, last_seq, nonce_number, nonce, nonce_before, location_id, public_key, revoked_at
     from terminal where company_id = $1 and terminal_id = $2`,
    [tx.company_id, terminalId],
  );
  if (!terminal) throw unusable();
  const reply = {
    terminal_id: terminalId,
    terminal_code: terminal.code,
    epoch: terminal.epoch,
    after_seq: terminal.after_seq,
    nonce: writeNonce(terminal),
    series: await readSeries(tx, terminalId),
    location: await readLocation(tx, terminal.location_id),
  };
  return { terminal, reply };
}

const hashed = (code: string): Buffer => createHash('sha256').update(code.replaceAll('-', '')).digest();

const unusable = () =>
  new Refusal(403, 'enrolment_refused', 'This enrolment code is wrong, used or expired. Ask for a new one.');
