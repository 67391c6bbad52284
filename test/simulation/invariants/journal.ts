import { zstdDecompressSync } from 'node:zlib';
import { canonicalJson, NotCanonical } from '#shared/sync/canonical.ts';
import { GENESIS, linkHash } from '#shared/sync/chain.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { sha256 } from '../../../server/sync/received.ts';
import type { CentreView, JournalRow } from './centre-view.ts';
import type { Find } from './names.ts';

/** An operation as the journal kept it: its row, and its content in canonical form where it has one. */
type Arrived = JournalRow & { readonly content: string | null };

/** What the journal has of a terminal in one of its epochs. */
export type Epoch = {
  readonly terminal_id: string;
  readonly epoch: number;
  readonly arrived: readonly Arrived[];
};

/** The journal, by terminals and epochs, with the words that travelled. */
export function readJournal({ journal, batches }: CentreView): Epoch[] {
  const contents = new Map<string, string | null>();
  for (const { terminal_id, epoch, first_seq, skipped, body } of batches) {
    const text = zstdDecompressSync(Buffer.from(body, 'base64')).toString();
    const { operations } = JSON.parse(text) as { operations: unknown[] };
    for (const [index, sent] of operations.slice(skipped).entries()) {
      contents.set(`${terminal_id} ${epoch} ${first_seq + index}`, contentOf(sent));
    }
  }
  const epochs = Map.groupBy(journal, ({ terminal_id, epoch }) => `${terminal_id} ${epoch}`);
  return [...epochs].flatMap(([key, rows]) => {
    const [first] = rows;
    if (!first) return [];
    const arrived = rows.map((row) => ({ ...row, content: contents.get(`${key} ${row.seq}`) ?? null }));
    return { terminal_id: first.terminal_id, epoch: first.epoch, arrived };
  });
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

/** Each epoch of a terminal is dense, and what was taken is linked to what came before it. */
export function checkJournal(epochs: readonly Epoch[], nameOf: (id: string) => string, find: Find): void {
  for (const { terminal_id, epoch, arrived } of epochs) {
    const name = `${nameOf(terminal_id)}, epoch ${epoch}`;
    let last = GENESIS;
    let next = arrived[0]?.seq;
    for (const { seq, hash, verdict, content } of arrived) {
      if (seq !== next) find(2, `${name}: the centre has ${seq} instead of ${next}`);
      if (verdict !== 'quarantined' && linkHash(last, content ?? '', sha256) !== hash) {
        find(14, `${name}: the chain of the centre breaks at ${seq}`);
      }
      last = hash;
      next = seq + 1;
    }
  }
}

/** What counts at the centre, whoever told it. */
export const countedIn = (epochs: readonly Epoch[]): Operation[] =>
  epochs.flatMap(({ arrived }) =>
    arrived
      .filter(({ verdict }) => verdict === 'applied' || verdict === 'applied_flagged')
      .map(({ content }) => JSON.parse(content ?? 'null') as Operation),
  );
