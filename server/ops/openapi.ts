import { readFile } from 'node:fs/promises';
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { z } from 'zod';
import type { Access } from '#shared/contract/access.ts';
import { central } from '#shared/contract/central.ts';
import { problemSchema } from '#shared/contract/problem.ts';
import { OPERATION_KINDS, wireOperationSchema } from '#shared/sync/operation.ts';
import { contractOperations } from './contract-operations.ts';

const MANIFEST = new URL('../../package.json', import.meta.url);

const SECURITY_SCHEMES = {
  office: {
    type: 'oauth2',
    description: 'People, with the password of the back office.',
    flows: { password: { tokenUrl: '/token', refreshUrl: '/token', scopes: {} } },
  },
  terminal: {
    type: 'http',
    scheme: 'bearer',
    description: 'Enrolled terminals, with a token from /api/v1/terminals/token.',
  },
} as const;

/** The OpenAPI document of the HTTP API, made from the contract; `docs/openapi.json` is a checked-in copy. */
export async function openApiDocument(): Promise<object> {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(MANIFEST, 'utf8')));
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(central, {
    info: {
      title: 'Tilldock',
      version,
      description:
        'The central server: the back office of people, and the sync of tills and warehouse terminals. ' +
        'docs/sync.md tells of the second. `x-needs` says what a caller must hold: a permission, or to be signed in.',
    },
    servers: [{ url: '/' }],
    components: { securitySchemes: SECURITY_SCHEMES },
  });
  const paths = structuredClone(document.paths ?? {}) as Record<string, Record<string, Operation>>;
  for (const { method, path, needs } of contractOperations()) {
    const operation = paths[path]?.[method.toLowerCase()];
    if (!operation) throw new Error(`the document has no ${method} ${path}`);
    complete(operation, needs);
  }
  // OAuth clients send a form.
  const sent = paths['/token']?.post?.requestBody?.content;
  if (sent) sent['application/x-www-form-urlencoded'] = sent['application/json'];
  return {
    ...document,
    paths,
    components: {
      ...document.components,
      responses: { Problem: { description: 'Refused, with the reason', content: PROBLEM } },
      schemas: { ...document.components?.schemas, ...operationSchemas() },
    },
  };
}

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const REFUSED = { $ref: '#/components/responses/Problem' };

type Media = { schema?: { properties?: Record<string, unknown> } };
type Response = { content?: Record<string, Media>; headers?: Record<string, object> };
/** What is looked at and added to in an operation of the document. */
type Operation = {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, unknown> };
  responses?: Record<string, Response | typeof REFUSED>;
  security?: object[];
  'x-needs'?: Access['needs'];
};

/** Adds whom an operation serves, how it may be refused, and the entity tag of what has a version. */
function complete(operation: Operation, needs: Access['needs']): void {
  operation['x-needs'] = needs;
  operation.security = needs === 'nothing' ? [] : [{ [needs === 'terminal' ? 'terminal' : 'office']: [] }];
  const { parameters = [], responses = {} } = operation;
  for (const response of Object.values(responses)) {
    if ('content' in response && 'version' in propertiesOf(response)) {
      response.headers = { ETag: { description: 'The version, for If-Match', schema: { type: 'string' } } };
    }
  }
  const has = (place: string) => parameters.some((parameter) => parameter.in === place);
  const refusals = [
    ...(needs === 'nothing' ? [] : [401, 403]),
    ...(has('path') ? [404] : []),
    ...(has('header') ? [409, 412] : []),
    ...(operation.requestBody || parameters.length > 0 ? [422] : []),
    ...(has('header') ? [428] : []),
  ];
  operation.responses = {
    ...responses,
    ...Object.fromEntries(refusals.map((status) => [status, REFUSED])),
    default: REFUSED,
  };
}

const propertiesOf = ({ content }: Response): object =>
  content?.['application/json']?.schema?.properties ?? {};

/** What no route names: the envelope of an error, and the operations that a push takes as they come. */
function operationSchemas(): Record<string, object> {
  const kinds = Object.entries(OPERATION_KINDS).flatMap(([kind, { version, body, earlier }]) => [
    ...earlier.map((told, index) => [`${kind}.v${index + 1}`, jsonSchema(told.body)]),
    [`${kind}.v${version}`, jsonSchema(body)],
  ]);
  return {
    Problem: jsonSchema(problemSchema),
    Operation: jsonSchema(wireOperationSchema),
    ...Object.fromEntries(kinds),
  };
}

const jsonSchema = (schema: z.ZodType): object =>
  z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
