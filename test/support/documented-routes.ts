import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { openApiDocument } from '../../server/ops/openapi.ts';

/** JSON Schema, as far as the contract's schemas need it. */
export type Schema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
};

type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
};

/** A route as the OpenAPI document tells of it: all that somebody who attacks it would know. */
export type DocumentedRoute = {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly parameters: readonly Parameter[];
  readonly body?: Schema;
  readonly takesForm: boolean;
};

export async function documentedRoutes(): Promise<DocumentedRoute[]> {
  const { paths } = (await openApiDocument()) as {
    paths: Record<
      string,
      Record<
        string,
        {
          tags?: string[];
          parameters?: Parameter[];
          requestBody?: { content: Record<string, { schema: Schema }> };
        }
      >
    >;
  };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { tags = [], parameters = [], requestBody }]) => {
      const body = requestBody?.content['application/json']?.schema;
      return {
        method: method.toUpperCase(),
        path,
        tag: tags[0] ?? '',
        parameters,
        takesForm: requestBody?.content['application/x-www-form-urlencoded'] !== undefined,
        ...(body ? { body } : {}),
      };
    }),
  );
}

/** Values that mean something: by the name of the field that they are for, or by its pattern. */
export type Known = (name: string, schema: Schema) => fc.Arbitrary<unknown> | undefined;

/** What a schema takes: known values where there are any, and otherwise whatever it allows. */
export function fitting(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  const meant = known(name, schema);
  if (meant) return meant;
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => fitting(choice, known, name)));
  if (schema.properties) {
    const fields = Object.entries(schema.properties).map(
      ([field, inner]) => [field, fitting(inner, known, field)] as const,
    );
    return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] });
  }
  switch (schema.type) {
    case 'object':
      return fc.constant({});
    case 'array':
      return fc.array(fitting(schema.items ?? {}, known, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.max(schema.minimum ?? 0, -1_000_000),
        max: Math.min(schema.maximum ?? 1000, 1_000_000),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fittingText(schema);
  }
}

const YEARS = { min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true };

function fittingText({ pattern, format, minLength = 1, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'date') return fc.date(YEARS).map((date) => date.toISOString().slice(0, 10));
  if (format === 'date-time') return fc.date(YEARS).map((date) => date.toISOString());
  if (format === 'email') return fc.constant('somebody@elsewhere.example');
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { size: 'small' });
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) });
}

/** What a company has, for requests that mean something. */
export type Words = {
  readonly ids: readonly string[];
  readonly codes: readonly string[];
  readonly addresses: readonly string[];
  readonly dates: readonly string[];
  readonly texts: readonly string[];
};

/** The fields of the contract that only few values fit: ids and codes of a company, zones, PINs. */
export function knownFields(words: Words): Known {
  const byName: readonly (readonly [RegExp, fc.Arbitrary<unknown>])[] = [
    [/^(code|department|category|role)$/, fc.constantFrom(...words.codes)],
    [/currency$/, fc.constantFrom('GBP', 'JPY', 'EUR')],
    [/^roles$/, fc.subarray(['CASHIER', 'MANAGER'], { minLength: 1 })],
    [/^(email|username)$/, fc.constantFrom(...words.addresses)],
    [/^zone$/, fc.constantFrom('Europe/London', 'Asia/Tokyo')],
    // Numbered over all companies: the first ones are those of the test, whoever asks.
    [/^exception_id$/, fc.integer({ min: 1, max: 30 })],
    [/^pin$/, fc.constantFrom('2580', '1470')],
    [/^valid_from$/, fc.constantFrom(...words.dates)],
    [/^text$/, fc.constantFrom(...words.texts)],
    // Nobody waits for what does not come.
    [/^wait_s$/, fc.constant(0)],
  ];
  const ids = fc.constantFrom(...words.ids, uuid());
  return (name, { pattern, type }) => {
    if (pattern?.startsWith('^[0-9a-f]{8}-')) return ids;
    return type === 'object' ? undefined : byName.find(([named]) => named.test(name))?.[1];
  };
}

/** A path with its parameters filled in, and its query. */
export function addressOf(
  route: DocumentedRoute,
  values: Readonly<Record<string, unknown>>,
  encode: (value: unknown) => string = (value) => encodeURIComponent(String(value)),
): string {
  const query = route.parameters
    .filter((parameter) => parameter.in === 'query' && values[parameter.name] !== undefined)
    .map(({ name }) => `${encodeURIComponent(name)}=${encode(values[name])}`);
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(values[name]));
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}
