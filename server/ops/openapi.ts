import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { z } from 'zod';
import { central } from '#shared/contract/central.ts';
import { problemSchema } from '#shared/contract/problem.ts';
import { OPERATION_KINDS, wireOperationSchema } from '#shared/sync/operation.ts';

const VERSION = '0.1.0';

/** The OpenAPI document of the HTTP API, made from the contract; `docs/openapi.json` is a checked-in copy. */
export async function openApiDocument(): Promise<object> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(central, {
    info: {
      title: 'Tilldock',
      version: VERSION,
      description: 'The central server that tills and warehouse terminals sync with. docs/sync.md tells how.',
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: { terminal: { type: 'http', scheme: 'bearer', description: 'from /terminals/token' } },
    },
  });
  const schemas: Record<string, object> = {
    Problem: jsonSchema(problemSchema),
    Operation: jsonSchema(wireOperationSchema),
  };
  for (const [kind, { version, body }] of Object.entries(OPERATION_KINDS)) {
    schemas[`${kind}.v${version}`] = jsonSchema(body);
  }
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => {
    const operations = Object.entries(item ?? {}).map(([method, operation]) => [
      method,
      {
        ...(operation as object),
        ...(path.startsWith('/api/v1/terminals/') ? {} : { security: [{ terminal: [] }] }),
        responses: {
          ...(operation as { responses?: object }).responses,
          default: { description: 'Refused, with the reason', content: problem },
        },
      },
    ]);
    return [path, Object.fromEntries(operations)];
  });
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, schemas: { ...document.components?.schemas, ...schemas } },
  };
}

const jsonSchema = (schema: z.ZodType): object =>
  z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
