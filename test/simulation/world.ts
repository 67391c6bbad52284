import type { Random } from '../../demo/random.ts';
import type { Cashier } from './cashier.ts';
import type { Find } from './invariants/names.ts';
import type { Network } from './network.ts';
import type { Plan } from './plan.ts';
import type { StatementFault } from './pool.ts';
import type { Schedule } from './schedule.ts';
import type { Shop } from './shop.ts';
import type { Stage } from './stage.ts';
import type { Stranger } from './stranger.ts';

/** Everything that takes part in a history. */
export type World = {
  readonly plan: Plan;
  readonly stage: Stage;
  readonly schedule: Schedule;
  readonly network: Network;
  readonly shops: Shop[];
  /** Everybody at a till, in the order of the plan; clones come behind them. */
  readonly cashiers: Cashier[];
  /** What befalls the statements that come, counted down with each. */
  readonly statements: { fault: StatementFault; nth: number }[];
  readonly strangers: Map<Shop, Stranger>;
  /** Lets something happen in a while that the evening waits for. */
  readonly later: (ms: number, run: () => unknown) => void;
  /** What `later` has not let happen yet. */
  pending: number;
  /** How often the centre was put back to an earlier moment. */
  restores: number;
  /** Earlier moments that it is going to be put back to. */
  saved: number;
  /** Changes that the office has under way. */
  changes: number;
  /** Adds a line to what happened. */
  readonly tell: (what: string) => void;
  /** Counts something that went wrong, as it was meant to. */
  readonly met: (kind: string) => void;
  readonly find: Find;
  readonly chance: (matter: string) => Random;
  /** Where a till has its files. */
  readonly folder: string;
};
