import formbody from '@fastify/formbody';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context } from './access.ts';
import { invalid, issuesOfInput, Refusal } from './problem.ts';
import { router } from './router.ts';

/**
 * All routes of the contract but push and pull. A failure leaves the contract as it is, for the one error handler.
 * What they answer is for who asked and never kept on the way.
 */
export async function addContract(
  app: FastifyInstance,
  services: Pick<Context, 'db' | 'secret' | 'turns' | 'config'>,
): Promise<void> {
  const serve = serveContract(services);
  const config = { rateLimit: RATE_LIMIT };
  app.all('/api/v1/*', { config }, serve);
  // Only here forms are read: RFC 6749 wants one.
  await app.register(async (scope) => {
    await scope.register(formbody);
    scope.all('/token', { config }, serve);
  });
}

/** Calls a minute from one address. Whoever guesses is slowed down; tills of one shop, behind one address, never notice. */
const CALLS: Readonly<Record<string, number>> = {
  '/token': 100,
  '/api/v1/auth/accept-invitation': 60,
  '/api/v1/auth/reset-password': 60,
  '/api/v1/terminals/enrol': 100,
};
const OTHER_CALLS = 6000;

/** As the contract matches it: without its query, with or without a slash at its end. */
const pathOf = (request: FastifyRequest): string => (request.url.split('?', 1)[0] ?? '').replace(/\/$/, '');

const RATE_LIMIT = {
  timeWindow: 60_000,
  max: (request: FastifyRequest) => CALLS[pathOf(request)] ?? OTHER_CALLS,
  keyGenerator: (request: FastifyRequest) => {
    const path = pathOf(request);
    return `${request.ip} ${path in CALLS ? path : ''}`;
  },
};

function serveContract(services: Pick<Context, 'db' | 'secret' | 'turns' | 'config'>) {
  const handler = new OpenAPIHandler(router, {
    interceptors: [
      async ({ next, context }) => {
        try {
          return await next();
        } catch (error) {
          context.failure = { error };
          throw error;
        }
      },
    ],
    rootInterceptors: [
      async ({ next, context }) => {
        const result = await next();
        if (context.failure) throw context.failure.error;
        if (result.matched && context.version !== undefined)
          result.response.headers.etag = `"${context.version}"`;
        return result;
      },
    ],
    clientInterceptors: [
      async ({ next, context, procedure }) => {
        try {
          const output = await next();
          context.version = versionOf(output);
          return output;
        } catch (error) {
          throw procedure['~orpc'].route.inputStructure === 'detailed' ? byField(error) : error;
        }
      },
    ],
  });
  return async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store');
    const { authorization } = request.headers;
    const context: Context = {
      ...services,
      origin: {
        ip: request.ip,
        user_agent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_LENGTH),
        request_id: request.id,
      },
      ...(authorization === undefined ? {} : { authorization }),
    };
    const { matched } = await handler.handle(request, reply, { context });
    if (!matched) throw new Refusal(404, 'not_found', 'There is nothing at this address.');
    return reply;
  };
}

const USER_AGENT_LENGTH = 300;

/** Names fields by their own names, not by the part of the request that they travel in. */
function byField(error: unknown): unknown {
  const issues = issuesOfInput(error);
  if (!issues) return error;
  return invalid(new z.ZodError(issues.map((issue) => ({ ...issue, path: issue.path.slice(1) }))));
}

/** The version of an answer that is one row. */
function versionOf(output: unknown): number | undefined {
  const version = (output as { version?: unknown } | null | undefined)?.version;
  return typeof version === 'number' ? version : undefined;
}
