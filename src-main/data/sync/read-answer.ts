import type { AnySchema } from '@orpc/contract';

type Read = Awaited<ReturnType<AnySchema['~standard']['validate']>>;

/**
 * Reads an answer of the server by its schema. Fields that a later server has added are taken out of it first: they are no
 * new version of the protocol (docs/sync.md), and this version does without them.
 */
export async function readAnswer(schema: AnySchema, answer: unknown): Promise<Read> {
  const read = await schema['~standard'].validate(answer);
  const unknown = (read.issues ?? []).map((issue): object => issue).filter(isUnknownFields);
  if (unknown.length === 0) return read;
  for (const { path, keys } of unknown) {
    const holder = path.reduce((value, key) => value[key] as Fields, answer as Fields);
    for (const key of keys) delete holder[key];
  }
  return schema['~standard'].validate(answer);
}

type Fields = Record<PropertyKey, unknown>;

/** What zod says of fields that a schema does not have. */
type UnknownFields = {
  readonly code: 'unrecognized_keys';
  readonly keys: string[];
  readonly path: PropertyKey[];
};

const isUnknownFields = (issue: object): issue is UnknownFields =>
  'code' in issue && issue.code === 'unrecognized_keys';
