import type { AnyContractProcedure, AnySchema, ContractProcedure, InferSchemaOutput } from '@orpc/contract';
import ky from 'ky';
import { type Problem, problemSchema } from '#shared/contract/problem.ts';
import { readAnswer } from './read-answer.ts';

/**
 * Why the server gave no answer that can be used. `message` is a plain sentence for the person at the till.
 *
 * `unreachable`: nothing came in time. `not_understood`: something answered that is not our server, or half of
 * it (a captive portal's page, a cut connection). `refused`: our server said no; `problem` tells why.
 */
export class ServerFault extends Error {
  readonly kind: 'unreachable' | 'not_understood' | 'refused';
  readonly status: number | null;
  readonly problem: Problem | null;
  /** How long the server wants to be left alone, in ms; 0 where it did not say. */
  readonly retry_after_ms: number;

  constructor(
    kind: ServerFault['kind'],
    message: string,
    more: {
      status?: number;
      problem?: Problem;
      retry_after_ms?: number;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.kind = kind;
    this.status = more.status ?? null;
    this.problem = more.problem ?? null;
    this.retry_after_ms = more.retry_after_ms ?? 0;
  }
}

/** Where a call goes and how long it may take altogether, its answer's last byte included. */
export type CallOptions = {
  server_url: string;
  deadline_ms: number;
  signal: AbortSignal;
  headers?: Record<string, string>;
  /** What stands for each `{name}` of the path. */
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** Sent as it is. */
  body?: string | Uint8Array<ArrayBuffer>;
};

/** A procedure of the server's contract that answers with `Output`. */
export type Procedure<Output extends AnySchema> = ContractProcedure<
  AnySchema,
  Output,
  Record<never, never>,
  Record<never, never>
>;

/**
 * One call of the central contract: method, path and the schema of the answer come from the contract. Nothing is
 * tried again here; the loop decides that.
 * @param schema reads the answer instead of the contract's own
 * @throws ServerFault
 */
export async function callCentral<Output extends AnySchema, Read extends AnySchema = Output>(
  procedure: Procedure<Output>,
  options: CallOptions,
  schema?: Read,
): Promise<InferSchemaOutput<Read>> {
  const { status, ok, text, retryAfter } = await exchange(procedure, options);
  const json = parseJson(text);
  if (!ok) throw refusalFrom(status, json, retryAfter);
  const reader = schema ?? procedure['~orpc'].outputSchema;
  const read = reader && (await readAnswer(reader, json));
  if (!read || read.issues) {
    throw new ServerFault(
      'not_understood',
      json === undefined
        ? 'Something else than the server answered, for instance a login page of the network, or only a part of the answer came.'
        : 'The server gave an answer that this version does not understand.',
      { status, cause: read?.issues },
    );
  }
  return read.value as InferSchemaOutput<Read>;
}

type Answer = { status: number; ok: boolean; text: string; retryAfter: string | null };

async function exchange(procedure: AnyContractProcedure, options: CallOptions): Promise<Answer> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.deadline_ms)]);
  const response = await request(procedure, { ...options, signal });
  try {
    return {
      status: response.status,
      ok: response.ok,
      text: await response.text(),
      retryAfter: response.headers.get('retry-after'),
    };
  } catch (cause) {
    throw unreachable(options.server_url, cause);
  }
}

/**
 * A call whose answer is no JSON: gives the response when its head has come, the body unread.
 * @throws ServerFault, also for an answer that is not one of `statuses`
 */
export async function openCentral(
  procedure: AnyContractProcedure,
  options: Omit<CallOptions, 'deadline_ms'>,
  statuses: readonly number[],
): Promise<Response> {
  const response = await request(procedure, options);
  if (statuses.includes(response.status)) return response;
  const text = await response.text().catch((cause: unknown) => {
    throw unreachable(options.server_url, cause);
  });
  throw refusalFrom(response.status, parseJson(text), response.headers.get('retry-after'));
}

async function request(
  procedure: AnyContractProcedure,
  options: Omit<CallOptions, 'deadline_ms'>,
): Promise<Response> {
  const { method = 'POST', path = '' } = procedure['~orpc'].route;
  const url = new URL(options.server_url);
  url.pathname = url.pathname.replace(/\/$/, '') + filled(path, options.params ?? {});
  for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
  try {
    return await ky(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: options.body }),
      retry: 0,
      timeout: false,
      throwHttpErrors: false,
      redirect: 'manual',
      signal: options.signal,
    });
  } catch (cause) {
    throw unreachable(options.server_url, cause);
  }
}

/** Nothing came, or not in time, or the connection was cut. */
export const unreachable = (serverUrl: string, cause: unknown): ServerFault =>
  new ServerFault(
    'unreachable',
    `The server at ${new URL(serverUrl).host} cannot be reached. Selling goes on; what was done is sent later.`,
    { cause },
  );

/** A path with its `{name}`s filled in. */
const filled = (path: string, params: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${path} was called without ${name}`);
    return encodeURIComponent(value);
  });

function refusalFrom(status: number, json: unknown, retryAfter: string | null): ServerFault {
  const problem = problemSchema.safeParse(json);
  const retry_after_ms = retryAfterMs(retryAfter);
  if (problem.success) {
    return new ServerFault('refused', problem.data.detail, { status, problem: problem.data, retry_after_ms });
  }
  return new ServerFault('not_understood', `The server answered with status ${status} and no reason.`, {
    status,
    retry_after_ms,
  });
}

/** `Retry-After` in ms: it is a number of seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(value: string | null): number {
  if (value === null) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : 0;
}

/** The value, or undefined where the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
