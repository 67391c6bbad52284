import type { Tx } from '../db.ts';
import type { Condition } from '../page.ts';
import type { Actor } from '../people/actor.ts';

/**
 * A kind of master data: where its rows are, and what holds them together. All texts are our own and go into
 * statements as they stand; what people send is always a parameter.
 */
export type Kind<Row extends object, KeyName extends keyof Row & string> = {
  /** The table; the audit log calls the rows by it too. */
  readonly table: string;
  /** A row in a sentence: `department`. */
  readonly one: string;
  /** The columns of the names that the contract uses. */
  readonly key: Readonly<Record<KeyName, string>>;
  readonly fields: Readonly<Record<Exclude<keyof Row & string, KeyName>, string>>;
  /** The fields that are kept as JSON. */
  readonly json?: readonly string[];
  /** The columns in which a list looks for a text. */
  readonly searched: readonly string[];
  /** What a list can be sorted by, in SQL. */
  readonly sorts: Readonly<Record<string, string>>;
  /** The names that a list can be narrowed by. */
  readonly filters?: readonly (keyof Row & string)[];
  /** The caller mints the key, so that sending the same again gives the same answer. */
  readonly minted?: true;
  /** Unique constraints beside the key, and foreign keys, each with the field that breaks it. */
  readonly unique?: Readonly<Record<string, keyof Row & string>>;
  readonly references?: Readonly<Record<string, keyof Row & string>>;
  /** What names these rows, with a foreign key or without. The kinds that are named have a key of one column. */
  readonly namedBy: readonly {
    readonly table: string;
    readonly column: string;
    /** In a sentence: `sales categories`. */
    readonly what: string;
  }[];
  /** Which rows somebody sees; all, where it is absent or gives null. */
  readonly visible?: (actor: Actor) => Condition | null;
  /** What else must hold before a row is written; `before` is null for a new one. @throws Refusal */
  readonly allow?: (tx: Tx, before: Row | null, after: Row) => Promise<void>;
};

/** A row with the version that `If-Match` names. */
export type Versioned<Row> = Row & { readonly version: number };

/** A row as people decided it. */
export function unversioned<Row extends object>({ version: _, ...row }: Versioned<Row>): Row {
  return row as unknown as Row;
}

/** Names with their columns, key first. */
export const columnsOf = <Row extends object, KeyName extends keyof Row & string>(
  kind: Kind<Row, KeyName>,
): [name: string, column: string][] => Object.entries({ ...kind.key, ...kind.fields });

/** What is selected: each column under its name in the contract. */
export const selected = <Row extends object, KeyName extends keyof Row & string>(
  kind: Kind<Row, KeyName>,
): string => [...columnsOf(kind).map(([name, column]) => `${column} as ${name}`), 'version'].join(', ');
