import type { AnyContractProcedure } from '@orpc/contract';
import type { CallOptions } from '../sync/central-call.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * How the input of a call goes over HTTP, by the route of its procedure: what the path names, the query of a GET,
 * the body of everything else. A route of structure `detailed` has its parts apart already.
 */
export function requestOf(
  procedure: AnyContractProcedure,
  input: unknown,
): Pick<CallOptions, 'params' | 'query' | 'headers' | 'body'> {
  const { inputStructure = 'compact' } = procedure['~orpc'].route;
  const parts = inputStructure === 'detailed' ? fieldsOf(input) : partsOf(procedure, fieldsOf(input));
  return {
    params: textsOf(parts.params),
    query: textsOf(parts.query),
    headers: textsOf(parts.headers),
    ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
  };
}

/** Sorts the fields of a `compact` input: those that the path names, and the rest. */
function partsOf(procedure: AnyContractProcedure, fields: Fields): Fields {
  const { method = 'POST', path = '' } = procedure['~orpc'].route;
  const inPath = (name: string) => path.includes(`{${name}}`);
  const entries = Object.entries(fields);
  const params = Object.fromEntries(entries.filter(([name]) => inPath(name)));
  const rest = Object.fromEntries(entries.filter(([name]) => !inPath(name)));
  if (method === 'GET') return { params, query: rest };
  return Object.keys(rest).length === 0 ? { params } : { params, body: rest };
}

const textsOf = (fields: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fieldsOf(fields)).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );

const fieldsOf = (input: unknown): Fields =>
  typeof input === 'object' && input !== null ? { ...input } : {};
