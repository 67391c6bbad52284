import type { Invariant } from './invariants/names.ts';

/** The program, broken on purpose in one place, as a mistake might break it. */
export type Mutation = {
  readonly name: string;
  /** The invariant that must be seen broken. */
  readonly breaks: Invariant;
  /** The first history in which it was, when this was written: the search begins there. */
  readonly from: number;
  /** In these files of the program, this text (which stands there once) by that one. */
  readonly changes?: readonly { readonly file: string; readonly find: string; readonly put: string }[];
  /** In the database. */
  readonly sql?: string;
};

/** Each is noticed by the simulation; test/simulation/mutations.test.ts holds it to that. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'what comes again is applied again',
    breaks: 2,
    from: 6,
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
    breaks: 12,
    from: 1,
    changes: [
      {
        file: 'server/sync/claims.ts',
        find: 'on conflict do nothing returning op_id`,\n    [tx.company_id, claimant',
        put: 'on conflict (company_id, op_id) do update set op_id = excluded.op_id returning op_id`,\n    [tx.company_id, claimant',
      },
    ],
  },
  {
    name: 'of a push only the first operations take effect',
    breaks: 1,
    from: 3,
    changes: [
      {
        file: 'server/sync/push.ts',
        find: 'else if (claimed.has(seq)) operations.push(read.operation);',
        put: 'else if (claimed.has(seq)) { if (operations.length < 2) operations.push(read.operation); }',
      },
    ],
  },
  {
    name: 'the chain of operations does not go on from the last one',
    breaks: 2,
    from: 1,
    changes: [
      {
        file: 'src-main/data/sync/record.ts',
        find: '? GENESIS : head.hash;',
        put: '? GENESIS : GENESIS;',
      },
    ],
  },
  {
    name: 'what goes wrong with the commit itself is not looked at',
    breaks: 3,
    from: 12,
    changes: [
      {
        file: 'src-main/data/till.ts',
        find: 'const outcome = immediately(till.ledger)(work) as Outcome;',
        put: `let outcome;
  try {
    immediately(till.ledger)(() => { outcome = work(); });
  } catch (error) {
    if (outcome === undefined) throw error;
  }`,
      },
    ],
  },
  {
    name: 'carts are thrown away when the till starts',
    breaks: 3,
    from: 7,
    changes: [
      {
        file: 'src-main/data/open.ts',
        find: 'return db as Ledger;',
        put: "db.exec('DELETE FROM cart_line; DELETE FROM cart');\n    return db as Ledger;",
      },
    ],
  },
  {
    name: 'what is safe does not wait for the archive',
    breaks: 4,
    from: 24,
    changes: [
      {
        file: 'server/sync/safe.ts',
        find: 'or marked_lsn <= safe_lsn($3)',
        put: 'or safe_lsn($3) is not null',
      },
    ],
  },
  {
    name: 'new departments are not written to the feed',
    breaks: 5,
    from: 1,
    sql: 'drop trigger feed_insert on department',
  },
  {
    name: 'the cursor is saved before its page',
    breaks: 6,
    from: 16,
    changes: [
      {
        file: 'src-main/data/sync/apply-page.ts',
        find: '  return catalog\n    .transaction(() => {\n      const before = pullState(catalog);\n      if (before.cursor !== after) return false;',
        put: `  if (pullState(catalog).cursor !== after) return false;
  savePullState(catalog, { ...pullState(catalog), cursor: page.cursor });
  return catalog
    .transaction(() => {
      const before = pullState(catalog);`,
      },
    ],
  },
  {
    name: 'the stock of the centre follows the first moves of a push alone',
    breaks: 7,
    from: 1,
    changes: [
      {
        file: 'server/sync/apply.ts',
        find: 'carryLevels(tx, moves.flat())',
        put: 'carryLevels(tx, moves.flat().slice(0, 1))',
      },
    ],
  },
  {
    name: "the till's stock is what moved last",
    breaks: 7,
    from: 1,
    changes: [
      {
        file: 'src-main/data/stock/moves.ts',
        find: 'SET quantity_milli = quantity_milli + excluded.quantity_milli',
        put: 'SET quantity_milli = excluded.quantity_milli',
      },
    ],
  },
  {
    name: 'the grand total stands still',
    breaks: 8,
    from: 1,
    changes: [
      {
        file: 'src-main/data/sales/make-ticket.ts',
        find: 'minor(perpetual + totals.total_minor)',
        put: 'minor(perpetual)',
      },
    ],
  },
  {
    name: 'a receipt number is lost at each refund',
    breaks: 9,
    from: 10,
    changes: [
      {
        file: 'src-main/data/sales/make-ticket.ts',
        find: 'const number = last.number + 1;',
        put: "const number = last.number + (cart.head.kind === 'refund' ? 2 : 1);",
      },
    ],
  },
  {
    name: 'a page of the feed forgets whose it is, and nothing stands behind it',
    breaks: 11,
    from: 3,
    changes: [
      {
        file: 'server/sync/feed-rows.ts',
        find: 'from feed where company_id = $1 and feed_seq > $2',
        put: 'from feed where feed_seq > $2',
      },
      {
        file: 'server/sync/feed-rows.ts',
        find: 'where v.company_id = $1 and v.variant_id',
        put: 'where v.variant_id',
      },
    ],
    sql: 'alter table feed disable row level security; alter table variant disable row level security',
  },
  {
    name: 'neither nonces nor hashes tell copies apart',
    breaks: 14,
    from: 10,
    changes: [
      {
        file: 'server/sync/push.ts',
        find: 'if (difference) {',
        put: 'if (difference === undefined) {',
      },
      {
        file: 'server/sync/push.ts',
        find: 'const shown = judgeNonce(batch.nonce, terminal);',
        put: "const shown = 'newest';",
      },
    ],
  },
  {
    name: 'prices are rounded up to ten pence when a ticket is paid',
    breaks: 'prices',
    from: 1,
    changes: [
      {
        file: 'src-main/data/sales/complete-ticket.ts',
        find: '    checkOpen(cart);\n',
        put: `    checkOpen(cart);
    for (const line of cart.lines) line.unit_price_micro = Math.ceil(line.unit_price_micro / 10_000_000) * 10_000_000;
`,
      },
    ],
  },
  {
    name: 'a command is not one commit',
    breaks: 'refusals',
    from: 11,
    changes: [
      {
        file: 'src-main/data/till.ts',
        find: 'immediately(till.ledger)(work)',
        put: 'work()',
      },
    ],
  },
  {
    name: 'the centre forgets where a series of tickets stands',
    breaks: 'flags',
    from: 1,
    changes: [
      {
        file: 'server/sales/chains.ts',
        find: 'do update set last_number = excluded.last_number, last_hash = excluded.last_hash`',
        put: 'do nothing`',
      },
    ],
  },
  {
    name: 'a server that cannot be reached is no failure that anybody thought of',
    breaks: 'unforeseen',
    from: 3,
    changes: [
      {
        file: 'src-main/data/sync/central-call.ts',
        find: 'signal: options.signal,\n    });\n  } catch (cause) {\n    throw unreachable(options.server_url, cause);',
        put: 'signal: options.signal,\n    });\n  } catch (cause) {\n    throw cause;',
      },
    ],
  },
];

/** What no mistake here breaks, and why. */
export const UNBROKEN = {} as const satisfies Partial<Record<Invariant, string>>;
