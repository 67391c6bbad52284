import type { Invariant } from './invariants/names.ts';

/** The program, broken on purpose in one place, as a mistake might break it. */
export type Mutation = {
  readonly name: string;
  /** The invariants of which at least one must be seen broken. */
  readonly breaks: readonly Invariant[];
  /** In these files of the program, this text (which stands there once) by that one. */
  readonly changes?: readonly { readonly file: string; readonly find: string; readonly put: string }[];
  /** In the database. */
  readonly sql?: string;
};

/** Each is noticed by the simulation; test/simulation/mutations.test.ts holds it to that. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'what comes again is applied again',
    breaks: [1, 2],
    changes: [
      {
        file: 'server/sync/push.ts',
        find: 'const fresh = received.slice(known.verdicts.length);',
        put: 'const fresh = received;',
      },
    ],
  },
  {
    name: 'the ids of operations are not claimed',
    breaks: [1, 12],
    changes: [
      {
        file: 'server/sync/claims.ts',
        find: 'on conflict do nothing returning op_id`,\n    [tx.company_id, claimant',
        put: 'on conflict (company_id, op_id) do update set op_id = excluded.op_id returning op_id`,\n    [tx.company_id, claimant',
      },
    ],
  },
];
