import type { Checked } from '../part/check.ts';
import type { Choice } from '../part/choice-list.tsx';
import type { Column } from '../part/data-table.tsx';
import type { IconName } from '../part/icon.tsx';
import type { Form } from '../part/use-form.ts';
import type { Wanted } from './list-store.ts';
import type { FieldWords } from './stale-notice.tsx';

/** What the rows of every kind of master data have besides their own fields. */
export type Versioned = { readonly version: number };

/** How most kinds of master data can be sorted. */
export type CodeSort = 'code' | 'name';

/** Everything that differs between departments, tax classes, locations and the other kinds of master data. */
export type RecordKind<Value extends object, Draft extends object, Sort extends string = CodeSort> = {
  readonly title: string;
  /** What these rows are for, in a sentence. */
  readonly detail: string;
  /** One of them, as in “Add a department”. */
  readonly one: string;
  readonly searchLabel: string;
  readonly empty: { readonly icon: IconName; readonly title: string; readonly detail: string };
  readonly columns: readonly Column<Value & Versioned, Sort>[];
  readonly sort: Sort;
  readonly order?: 'asc' | 'desc';
  /** What the list can be narrowed to, beside the search. */
  readonly filter?: {
    readonly name: string;
    readonly label: string;
    readonly useChoices: () => readonly Choice[];
  };
  readonly keyOf: (value: Value) => string;
  readonly nameOf: (value: Value) => string;
  /** The fields that name a row; they are given once and never changed. */
  readonly keys: readonly (keyof Value & string)[];
  readonly blank: () => Draft;
  readonly draftOf: (value: Value) => Draft;
  readonly check: (draft: Draft) => Checked<Value>;
  readonly words: FieldWords<Draft>;
  readonly Fields: (props: { form: Form<Draft>; isNew: boolean }) => React.ReactNode;
  readonly size?: 'm' | 'l';
  /** What removing one means, before it is done. */
  readonly removal: string;
  readonly calls: RecordCalls<Value, Sort>;
  /** Whoever shows such rows elsewhere must read them anew. */
  readonly onChanged?: () => void;
};

/** What a list is narrowed to, by the name of the filter; empty where it is not. */
type Filter = Readonly<Record<string, string>>;

/** The five routes of a kind. */
export type RecordCalls<Value extends object, Sort extends string = CodeSort> = {
  readonly list: (
    wanted: Wanted<Sort>,
    filter: Filter,
  ) => Promise<{ items: readonly (Value & Versioned)[]; total_count: number }>;
  readonly get: (value: Value) => Promise<Value & Versioned>;
  readonly create: (value: Value) => Promise<Value & Versioned>;
  /** Sends only the fields that differ. */
  readonly change: (row: Value & Versioned, part: Partial<Value>) => Promise<Value & Versioned>;
  readonly remove: (row: Value & Versioned) => Promise<unknown>;
};
