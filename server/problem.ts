import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { ORPCError } from '@orpc/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { issuesOf, type Problem } from '#shared/contract/problem.ts';
import { sqlState } from './db.ts';

type RefusalExtra = Pick<Problem, 'errors' | 'expected_seq'> & { readonly retry_after_s?: number };

/** A refusal that the client is told about: becomes a problem document, never a stack trace. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: Pick<Problem, 'errors' | 'expected_seq'>;
  /** For the header `Retry-After`, in seconds. */
  readonly retry_after_s: number | undefined;
  constructor(status: number, code: string, detail: string, { retry_after_s, ...extra }: RefusalExtra = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.extra = extra;
    this.retry_after_s = retry_after_s;
  }
}

/** The input broke its schema: 422 with every field. */
export const invalid = (error: z.ZodError): Refusal =>
  new Refusal(422, 'invalid_input', 'The request has fields that cannot be accepted.', {
    errors: issuesOf(error),
  });

/** A field that its schema let pass and the company's own data does not. */
export const invalidField = (path: string, message: string): Refusal =>
  new Refusal(422, 'invalid_input', 'The request has fields that cannot be accepted.', {
    errors: [{ path, message }],
  });

/** There is nothing of that name, or nothing that the one who asks may see. */
export const notFound = (): Refusal => new Refusal(404, 'not_found', 'There is no such thing here.');

/** Titles for statuses, as RFC 9110 names them. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  422: 'Unprocessable Content',
  426: 'Upgrade Required',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

const MALFORMED_VALUE = [400, 'malformed_value', 'A value has the wrong form.'] as const;
const BUSY = [503, 'busy', 'The database is busy; try again.'] as const;
const UNAVAILABLE = [
  503,
  'database_unavailable',
  'The database cannot be reached at the moment; try again.',
] as const;

/** What PostgreSQL still found in the input, and what it cannot do now, by SQLSTATE or its class. */
const DATABASE_REFUSALS: Readonly<Record<string, readonly [number, string, string]>> = {
  '23505': [409, 'conflict', 'Something with the same key exists already.'],
  '23503': [400, 'unknown_reference', 'The request names something that does not exist.'],
  '23502': [400, 'missing_value', 'A required value is missing.'],
  '57014': [503, 'timeout', 'The database took too long; try again.'],
  // A transaction that idled too long, a lock not to be had, a server that became a replica.
  '25P03': BUSY,
  '55P03': BUSY,
  '25006': UNAVAILABLE,
  '22': MALFORMED_VALUE,
  '23': [400, 'check_failed', 'A value is outside what is allowed.'],
  // Connection, serialization, resources, operator intervention, I/O.
  '08': UNAVAILABLE,
  '40': BUSY,
  '53': BUSY,
  '57': UNAVAILABLE,
  '58': UNAVAILABLE,
};

const databaseRefusal = (state: string) => DATABASE_REFUSALS[state] ?? DATABASE_REFUSALS[state.slice(0, 2)];

/** Every failure as the problem document that the client gets. */
function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) {
    return document(error.status, error.code, error.message, error.extra);
  }
  if (error instanceof z.ZodError) return problemOf(invalid(error));
  if (error instanceof ORPCError) return problemOfContract(error);
  const database = databaseRefusal(sqlState(error) ?? '');
  if (database) return document(...database);
  if (cannotConnect(error)) return document(...UNAVAILABLE);
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return document(status, (TITLES[status] ?? 'refused').toLowerCase().replaceAll(' ', '_'), plain(error));
  }
  return document(500, 'internal', 'The server failed; the failure was recorded under the request id.');
}

/** Sends a problem document, and logs it: the server's own faults with their cause, the others briefly. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = { ...problemOf(error), request_id: request.id };
  if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
  else request.log.info({ code: problem.code, errors: problem.errors }, 'request refused');
  const wait = retryAfter(error, problem.status);
  if (wait !== undefined) reply.header('retry-after', String(wait));
  // RFC 9110 wants it with every 401.
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .status(problem.status)
    .header('x-request-id', request.id)
    .type('application/problem+json')
    .send(problem);
}

/** In seconds, where it is worth asking again. */
function retryAfter(error: unknown, status: number): number | undefined {
  const said = error instanceof Refusal ? error.retry_after_s : undefined;
  return said ?? (status === 503 || status === 429 ? 2 : undefined);
}

/** Installs the one error envelope for everything that the server answers. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(new Refusal(404, 'not_found', 'There is nothing at this address.'), request, reply),
  );
}

/**
 * Refuses requests that name no host, as RFC 9112 wants it, in the one envelope; and takes no notice of an expectation
 * that nobody here can meet. Node would answer both by itself, without a body.
 */
export function refuseWithoutHost(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw }) => {
    if (raw.headers.host === undefined && raw.httpVersion === '1.1') throw NOT_HTTP;
  });
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
}

/** Answers what is no HTTP request at all: noise, headers without end, a request that does not come whole. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const request_id = randomUUID();
  const problem = problemOf(BROKEN_REQUESTS[error.code ?? ''] ?? NOT_HTTP);
  const body = JSON.stringify({ ...problem, request_id });
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${request_id}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const NOT_HTTP = new Refusal(400, 'bad_request', 'This is not a request that can be read.');
const BROKEN_REQUESTS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: new Refusal(431, 'headers_too_large', 'The headers of the request are too large.'),
  ERR_HTTP_REQUEST_TIMEOUT: new Refusal(408, 'request_timeout', 'The request did not come whole in time.'),
};

function problemOfContract(error: ORPCError<string, unknown>): Problem {
  if (error.cause instanceof Refusal) return problemOf(error.cause);
  const issues = issuesOfInput(error);
  if (issues) return problemOf(invalid(new z.ZodError(issues)));
  if (error.status >= 500) return problemOf(error.cause ?? new Error('contract'));
  return document(error.status, error.code.toLowerCase(), error.message);
}

/** What the contract found in an input, or undefined where the error is another. */
export function issuesOfInput(error: unknown): z.core.$ZodIssue[] | undefined {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return undefined;
  return (error.data as { issues?: z.core.$ZodIssue[] } | undefined)?.issues;
}

const document = (
  status: number,
  code: string,
  detail: string,
  extra: Pick<Problem, 'errors' | 'expected_seq'> = {},
): Problem => ({ type: 'about:blank', title: TITLES[status] ?? 'Error', status, code, detail, ...extra });

const plain = (error: unknown): string =>
  error instanceof Error ? error.message : 'The request was refused.';

const CONNECTION_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EPIPE',
  'EAI_AGAIN',
]);
/** What pg says when a connection was lost, could not be had in time or says nothing, or the server is ending. */
const LOST =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|not queryable|after calling end/;

function cannotConnect(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && CONNECTION_ERRORS.has(code)) return true;
  return error instanceof Error && LOST.test(error.message);
}
