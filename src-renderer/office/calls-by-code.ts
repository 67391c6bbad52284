import { ifMatch } from '#shared/contract/list.ts';
import type { Wanted } from './list-store.ts';
import type { CodeSort, RecordCalls, Versioned } from './record-kind.ts';

type Page<Row> = { items: Row[]; total_count: number };
type Named = { params: { code: string }; headers: ReturnType<typeof ifMatch> };

/** The routes of a kind whose rows are named by a code. */
type CodeClient<Value> = {
  list(wanted: Wanted<CodeSort>): Promise<Page<Value & Versioned>>;
  get(key: { code: string }): Promise<Value & Versioned>;
  create(value: Value): Promise<Value & Versioned>;
  change(asked: Named & { body: Partial<Omit<Value, 'code'>> }): Promise<Value & Versioned>;
  remove(asked: Named): Promise<unknown>;
};

/** How the office calls the routes of a kind whose rows are named by a code. */
export const callsByCode = <Value extends { code: string }>(
  client: CodeClient<Value>,
): RecordCalls<Value> => ({
  list: (wanted, filter) => client.list(Object.assign({}, wanted, filter)),
  get: ({ code }) => client.get({ code }),
  create: (value) => client.create(value),
  change: ({ code, version }, body) => client.change({ params: { code }, headers: ifMatch(version), body }),
  remove: ({ code, version }) => client.remove({ params: { code }, headers: ifMatch(version) }),
});
