import { hash as digest } from 'node:crypto';
import type { z } from 'zod';
import { issuesOf } from '#shared/contract/problem.ts';
import type { TerminalId } from '#shared/ids.ts';
import { canonicalJson, NotCanonical } from '#shared/sync/canonical.ts';
import { hashSchema, linkHash, type Sha256 } from '#shared/sync/chain.ts';
import {
  type Envelope,
  type Operation,
  readOperationBody,
  wireOperationSchema,
} from '#shared/sync/operation.ts';
import type { Push, QuarantineCode } from '#shared/sync/push.ts';

export const sha256: Sha256 = (text) => digest('sha256', text, 'hex');

/** Why an operation is set aside instead of applied. */
export type Quarantined = { readonly code: QuarantineCode; readonly detail: string };

/** One operation of a push as the journal keeps it, read as far as it can be read. */
export type Received = {
  readonly seq: number;
  readonly op_id: string | null;
  readonly kind: string | null;
  /** Canonical JSON without the two hashes: what the hash is taken over. */
  readonly content: string;
  readonly hash: string;
  readonly read: { readonly operation: Operation } | { readonly quarantined: Quarantined };
};

/** So many operations are read before somebody else's turn: about 0.3 ms. */
const TURN = 4;

/**
 * Reads the operations of a push one by one. Whatever is wrong with one of them stays with that one: it is
 * kept as it came, under the sequence number of its place.
 *
 * In small turns: while a batch is read, the database works on the one before it and must be given its next statement
 * (a fifth more tickets a second), and no till waits for another's backlog.
 */
export async function readOperations(push: Push, terminalId: TerminalId): Promise<Received[]> {
  let prevHash = push.prev_hash;
  const all: Received[] = [];
  for (const [index, raw] of push.operations.entries()) {
    const place = { seq: push.from_seq + index, prevHash, terminalId, epoch: push.epoch };
    const received = readOperation(raw, place);
    prevHash = received.hash;
    all.push(received);
    if (index % TURN === TURN - 1) await new Promise(setImmediate);
  }
  return all;
}

/** Where an operation stands: its number and the hash before it. */
export type Place = { seq: number; prevHash: string; terminalId: TerminalId; epoch: number };

/** Reads one operation as far as it can be read. */
export function readOperation(raw: unknown, place: Place): Received {
  const fields =
    raw !== null && typeof raw === 'object' && !Array.isArray(raw) ? (raw as Record<string, unknown>) : {};
  const { prev_hash: _, hash: claimed, ...rest } = fields;
  const content = contentOf(fields === raw ? rest : raw);
  const computed = linkHash(place.prevHash, content.text, sha256);
  const read = content.canonical ? checkOperation(raw, place, computed) : { quarantined: content.fault };
  return {
    seq: place.seq,
    op_id: textOf(fields.op_id, 36),
    kind: textOf(fields.kind, 60),
    content: content.text,
    hash: hashSchema.safeParse(claimed).success ? String(claimed) : computed,
    read,
  };
}

type Content = { canonical: true; text: string } | { canonical: false; text: string; fault: Quarantined };

function contentOf(value: unknown): Content {
  try {
    return { canonical: true, text: canonicalJson(value) };
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error;
    return { canonical: false, text: plainText(value), fault: setAside('malformed', error.message) };
  }
}

/** What has no canonical form, as it would be written plainly; nothing where it is nested too deep even for that. */
function plainText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return '';
  }
}

function checkOperation(raw: unknown, place: Place, computed: string): Received['read'] {
  const envelope = wireOperationSchema.safeParse(raw);
  if (!envelope.success) return { quarantined: malformed(envelope.error) };
  // The body as it came, since its schemas transform nothing: its keys keep the canonical order that makes hashing the
  // ticket in it cheap.
  const { body } = raw as Pick<Envelope, 'body'>;
  const { prev_hash, hash, ...operation } = { ...envelope.data, body };
  if (operation.terminal_id !== place.terminalId || operation.epoch !== place.epoch) {
    return quarantined(
      'wrong_terminal',
      `made by terminal ${operation.terminal_id}, epoch ${operation.epoch}`,
    );
  }
  if (operation.seq !== place.seq) {
    return quarantined('wrong_seq', `says ${operation.seq}, stands at ${place.seq}`);
  }
  if (prev_hash !== place.prevHash) {
    return quarantined('chain_broken', `names ${prev_hash} as its predecessor`);
  }
  if (hash !== computed) return quarantined('hash_mismatch', `its content hashes to ${computed}`);
  const read = readOperationBody(operation);
  switch (read.is) {
    case 'operation':
      return { operation: read.operation };
    case 'unknown kind':
      return quarantined('unknown_kind', operation.kind);
    case 'unknown version':
      return quarantined('unknown_kind', `${operation.kind} version ${operation.kind_version}`);
    case 'malformed':
      return { quarantined: malformed(read.error, 'body.') };
  }
}

const quarantined = (code: QuarantineCode, detail: string): Received['read'] => ({
  quarantined: setAside(code, detail),
});

function malformed(error: z.ZodError, prefix = ''): Quarantined {
  const issues = issuesOf(error).map((issue) => `${prefix}${issue.path}: ${issue.message}`);
  return setAside('malformed', issues.slice(0, 5).join('; '));
}

const LONGEST_DETAIL = 500;

/** The detail may quote what was sent, of any length and with characters that PostgreSQL cannot store. */
const setAside = (code: QuarantineCode, detail: string): Quarantined => ({
  code,
  detail: detail.slice(0, LONGEST_DETAIL).toWellFormed().replaceAll('\0', '\uFFFD'),
});

/** The sales day that a content is about, as far as its text still tells. */
export const dayIn = (content: string): string | null =>
  /"day_id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"/.exec(content)?.[1] ?? null;

/** A field that the journal may show although the operation could not be read. */
const textOf = (value: unknown, max: number): string | null =>
  typeof value === 'string' && value.length <= max && !value.includes('\0') && value.isWellFormed()
    ? value
    : null;
