import { copyFileSync, rmSync } from 'node:fs';
import type { Logger } from 'pino';
import { terminalIdSchema } from '#shared/ids.ts';
import { locationSchema, placeCodeSchema } from '#shared/people/location.ts';
import { type Clock, nowOf } from '../clock.ts';
import { type Catalog, openLedgerFile } from '../open.ts';
import { insertTerminal, markRevoked, terminalOf } from '../people/terminal.ts';
import {
  type SalvageFile,
  salvagedOperations,
  salvagedPosition,
  salvagedTerminal,
} from '../salvage/salvage-file.ts';
import { sql } from '../statement.ts';
import { lastSeq, operationAt } from '../sync/operation-store.ts';
import { joinSalvaged, keepSalvaged, salvagedCount } from '../sync/salvaged.ts';
import { setStandstill } from '../sync/standstill.ts';
import { saveSyncPosition } from '../sync/sync-state.ts';
import { readTold, takeOne } from '../sync/take-back.ts';
import type { Till } from '../till.ts';
import { BESIDE } from './set-aside.ts';

/** What a new ledger is made of. */
export type Source =
  /** A copy of the ledger that was found whole, and what can be added to it. */
  | { readonly base: 'backup'; readonly backup: string; readonly salvage: SalvageFile | null }
  /** Everything that was recorded, from the first operation on. */
  | { readonly base: 'salvage'; readonly salvage: SalvageFile }
  /** Nothing: a new machine, which brings what was salvaged along. */
  | { readonly base: 'none'; readonly salvage: SalvageFile | null };

/** How a new ledger begins. */
export type BuiltLedger = {
  readonly last_seq: number;
  /** Operations that are in the ledger and not in the copy that it was made of. */
  readonly added: number;
  /** Operations that wait until the server has said where it stands. */
  readonly waiting: number;
};

/** What a ledger is built with: another one's catalogue, the time, and who to tell. */
export type BuildTools = { readonly catalog: Catalog; readonly clock: Clock; readonly log: Logger };

const END_SESSIONS = sql('DELETE FROM session');

/**
 * Builds a ledger that can take the place of a damaged one. It records nothing before the server has said what it
 * knows: between the copy and now more may have been sold than could be read.
 * @param draft the file that is made; what is there goes
 */
export function buildLedger(draft: string, source: Source, tools: BuildTools): BuiltLedger {
  for (const part of ['', ...BESIDE]) rmSync(draft + part, { force: true });
  if (source.base === 'backup') copyFileSync(source.backup, draft);
  const ledger = openLedgerFile(draft, nowOf(tools.clock));
  try {
    const till: Till = { ...tools, ledger, committed: () => {} };
    return ledger.transaction(() => fill(till, source)).immediate();
  } finally {
    ledger.close();
  }
}

function fill(till: Till, source: Source): BuiltLedger {
  const { ledger } = till;
  const before = lastSeq(ledger);
  if (source.base === 'salvage') replay(till, source.salvage);
  else if (source.salvage) carry(till, source.salvage);
  if (source.base === 'none') saveSyncPosition(ledger, { key_file: newKeyFile(till) });
  END_SESSIONS(ledger).run();
  const terminal = terminalOf(till);
  if (terminal) {
    joinSalvaged(till, terminal);
    setStandstill(ledger, { code: 'catching_up', since: nowOf(till.clock), last_seq: lastSeq(ledger) });
  }
  const last_seq = lastSeq(ledger);
  return { last_seq, added: last_seq - before, waiting: salvagedCount(ledger) };
}

/** Another enrolment of a machine wants another key; the one of before stays. */
const newKeyFile = (till: Till): string => `terminal-${nowOf(till.clock).replaceAll(/\D/g, '')}.key`;

/** Brings along what this ledger does not have, and the server may not have either. */
function carry({ ledger }: Till, salvage: SalvageFile): void {
  const pruned = salvagedPosition(salvage)?.pruned_seq ?? 0;
  for (const operation of salvagedOperations(salvage)) {
    const isKnown = operation.seq <= pruned || operationAt(ledger, operation.seq)?.hash === operation.hash;
    if (!isKnown) keepSalvaged(ledger, operation);
  }
}

/** Records everything once more, in its order. Whoever asks has seen that it is whole. */
function replay(till: Till, salvage: SalvageFile): void {
  const { ledger } = till;
  const terminal = salvagedTerminal(salvage);
  const position = salvagedPosition(salvage);
  if (!terminal || !position) throw new Error('what was salvaged does not say who the terminal is');
  insertTerminal(ledger, identityOf(terminal), terminal.enrolled_at);
  if (terminal.revoked_at !== null) markRevoked(ledger, terminal.revoked_at);
  for (const { content, prev_hash, hash } of salvagedOperations(salvage)) {
    const told = readTold({ ...JSON.parse(content), prev_hash, hash });
    if (!told) throw new Error('what was salvaged was recorded by a newer version of Tilldock');
    takeOne(till, told);
  }
  const { after_seq, nonce, key_file } = position;
  const acked_seq = Math.max(after_seq, Math.min(position.acked_seq, lastSeq(ledger)));
  saveSyncPosition(ledger, { after_seq, acked_seq, nonce, key_file });
}

const identityOf = (terminal: NonNullable<ReturnType<typeof salvagedTerminal>>) => ({
  ...terminal,
  terminal_id: terminalIdSchema.parse(terminal.terminal_id),
  terminal_code: placeCodeSchema.parse(terminal.terminal_code),
  location: locationSchema.parse(JSON.parse(terminal.location)),
});
