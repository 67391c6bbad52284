import type { Operation } from '#shared/sync/operation.ts';
import type { Tx } from '../db.ts';
import type { ApplyingTerminal, Flag } from './applying.ts';
import type { Subject } from './desk/decisions.ts';
import { takeDecisions } from './desk/told-decisions.ts';
import { raiseExceptions, type Shown } from './exceptions.ts';
import type { Quarantined } from './received.ts';

/**
 * Raises what was found about operations, then takes in what people decided: in this order, since a decision may come
 * in the same push as what it is about.
 * @param counted the operations that take effect
 * @returns all flags, and the operations of which the terminals must hear again once the journal has them
 */
export async function raiseAndDecide(
  tx: Tx,
  terminal: ApplyingTerminal,
  found: { readonly flags: readonly Flag[]; readonly quarantined: ReadonlyMap<number, Quarantined> },
  counted: readonly Operation[],
  operations: readonly Shown[],
): Promise<{ flags: Flag[]; subjects: Subject[] }> {
  const setAside = [...found.quarantined].map(([seq, reason]) => ({ seq, ...reason }));
  await raiseExceptions(tx, terminal, [...found.flags, ...setAside], operations);
  const decided = await takeDecisions(tx, terminal, counted);
  await raiseExceptions(tx, terminal, decided.flags, operations);
  return { flags: [...found.flags, ...decided.flags], subjects: decided.subjects };
}
