import { canonicalJson } from '#shared/sync/canonical.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { unnest } from '../columns.ts';
import { rows, type Tx } from '../db.ts';
import type { Flag } from './applying.ts';
import { type JournalReader, journalReader } from './journal.ts';
import type { Quarantined, Received } from './received.ts';

/** An operation that was recorded elsewhere first and is sent again under another epoch or identity. */
type SentAgain = Operation & { readonly origin: NonNullable<Operation['origin']> };

const isSentAgain = (operation: Operation): operation is SentAgain => operation.origin !== undefined;

type Known = {
  op_id: string;
  terminal_id: Operation['terminal_id'];
  epoch: number;
  seq: number;
  verdict: string;
};

/**
 * Of operations whose ids were claimed before, those that are sent again: by their numbers here, either that they
 * were taken, or why they are set aside although they are known.
 */
export async function readTakenBefore(
  tx: Tx,
  repeated: readonly Received[],
): Promise<Map<number, 'taken' | Quarantined>> {
  const outcome = new Map<number, 'taken' | Quarantined>();
  const again = repeated
    .map(({ read }) => ('operation' in read ? read.operation : undefined))
    .filter((operation) => operation !== undefined)
    .filter(isSentAgain);
  if (again.length === 0) return outcome;
  const found = await rows<Known>(
    tx,
    `select s.op_id, s.terminal_id, s.epoch, s.seq, j.verdict
     from operation_seen s join journal j using (company_id, terminal_id, epoch, seq)
     where s.company_id = $1 and s.op_id = any($2::uuid[])`,
    [tx.company_id, again.map(({ op_id }) => op_id)],
  );
  const known = new Map(found.map((row) => [row.op_id, row]));
  const fromJournal = journalReader(tx);
  for (const operation of again) {
    const first = known.get(operation.op_id);
    if (first) outcome.set(operation.seq, await judge(fromJournal, operation, first));
  }
  return outcome;
}

async function judge(
  fromJournal: JournalReader,
  operation: SentAgain,
  first: Known,
): Promise<'taken' | Quarantined> {
  const { told, ...asNow } = operation;
  if (factOf(await fromJournal(first, first.seq)) !== factOf({ ...asNow, ...told })) {
    return {
      code: 'duplicate_op_id',
      detail: `${operation.op_id} was reported before as something else, by operation ${first.seq}`,
    };
  }
  if (first.verdict !== 'quarantined') return 'taken';
  return { code: 'duplicate_op_id', detail: `it waits in quarantine as operation ${first.seq}` };
}

/** What an operation says, wherever it stands in whose chain. */
function factOf(raw: unknown): string {
  const { terminal_id, epoch, seq, origin, prev_hash, hash, ...fact } = raw as Record<string, unknown>;
  return canonicalJson(fact);
}

/** Flags what only a copy had told: it counts, and a manager sees from which history it came. */
export async function flagCopies(tx: Tx, operations: readonly Operation[]): Promise<Flag[]> {
  const again = operations.filter(isSentAgain);
  if (again.length === 0) return [];
  const given = unnest(
    again,
    {
      at: { type: 'bigint', of: (operation) => operation.seq },
      terminal_id: { type: 'uuid', of: (operation) => operation.origin.terminal_id },
      epoch: { type: 'integer', of: (operation) => operation.origin.epoch },
      seq: { type: 'bigint', of: (operation) => operation.origin.seq },
    },
    2,
  );
  const places = await rows<{ at: number; code: string | null; op_id: string | null; kind: string | null }>(
    tx,
    `select given.at, t.code, j.op_id, j.kind from ${given.clause}
     left join terminal t on t.company_id = $1 and t.terminal_id = given.terminal_id
     left join journal j on j.company_id = $1 and j.terminal_id = given.terminal_id and j.epoch = given.epoch
       and j.seq = given.seq`,
    [tx.company_id, ...given.values],
  );
  const found = new Map(places.map((place) => [place.at, place]));
  return again.map(({ seq, op_id, origin }) => {
    const there = found.get(seq);
    const other =
      there?.op_id && there.op_id !== op_id ? `the server has ${there.kind} ${there.op_id}` : null;
    const from = `a copy of ${there?.code ?? origin.terminal_id} recorded ${op_id} as operation ${origin.seq}`;
    return {
      seq,
      code: 'told_by_copy',
      detail: `${from} of epoch ${origin.epoch}, where ${other ?? 'the server has nothing'}`,
    };
  });
}
