import { zstdDecompressSync } from 'node:zlib';
import { canonicalJson, NotCanonical } from '#shared/sync/canonical.ts';
import { GENESIS, linkHash } from '#shared/sync/chain.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { sha256 } from '../../../server/sync/received.ts';
import type { CentreView, JournalRow } from './centre-view.ts';
import type { Find } from './names.ts';

/** An operation as the journal kept it: its row, and its content in canonical form where it has one. */
export type Arrived = JournalRow & { readonly content: string | null };

/** The journal of a terminal, with the words that travelled. */
export function readJournal(terminalId: string, { journal, batches }: CentreView): Arrived[] {
  const contents = new Map<number, string | null>();
  for (const { first_seq, skipped, body } of batches.filter((batch) => batch.terminal_id === terminalId)) {
    const text = zstdDecompressSync(Buffer.from(body, 'base64')).toString();
    const { operations } = JSON.parse(text) as { operations: unknown[] };
    for (const [index, sent] of operations.slice(skipped).entries()) {
      contents.set(first_seq + index, contentOf(sent));
    }
  }
  return journal
    .filter((row) => row.terminal_id === terminalId)
    .map((row) => ({ ...row, content: contents.get(row.seq) ?? null }));
}

function contentOf(sent: unknown): string | null {
  try {
    if (sent === null || typeof sent !== 'object' || Array.isArray(sent)) return canonicalJson(sent);
    const { prev_hash: _prev, hash: _hash, ...content } = sent as Record<string, unknown>;
    return canonicalJson(content);
  } catch (error) {
    if (error instanceof NotCanonical) return null;
    throw error;
  }
}

/** The journal of a terminal is dense, and what was applied is linked to what came before it. */
export function checkJournal(arrived: readonly Arrived[], name: string, find: Find): void {
  let last = GENESIS;
  for (const [index, { seq, hash, verdict, content }] of arrived.entries()) {
    if (seq !== index + 1) find(2, `${name}: the centre has ${seq} at ${index + 1}`);
    if (verdict !== 'quarantined' && linkHash(last, content ?? '', sha256) !== hash) {
      find(2, `${name}: the chain of the centre breaks at ${seq}`);
    }
    last = hash;
  }
}

/** What of a journal was applied. */
export const appliedOf = (arrived: readonly Arrived[]): Operation[] =>
  arrived
    .filter(({ verdict }) => verdict !== 'quarantined')
    .map(({ content }) => JSON.parse(content ?? 'null') as Operation);
