import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { addressOf, type DocumentedRoute, fitting, type Known } from './documented-routes.ts';

/** A request as an attacker writes it, down to its bytes. */
export type Attack = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer | undefined;
  /** Which of the credentials goes with it. */
  readonly bearer: Bearer;
  /** What was done to a request that the contract would take. */
  readonly spoilt: readonly string[];
};

/** The right token, somebody's who may do less, one of the other kind, none at all, or one of the forged ones. */
type Bearer = 'right' | 'lesser' | 'other' | 'none' | 'forged';

const hostileText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    "'; drop table company; --",
    "' or '1'='1",
    '1; select pg_sleep(10) --',
    '") returning (select secret) --',
    '$1',
    '%',
    '_%\\',
    '../../etc/passwd',
    '..',
    '%00',
    '\0',
    'a\0b',
    '\ud800',
    'x\udfff',
    '\r\nX-Evil: 1',
    '{{7*7}}',
    '<script>alert(1)</script>',
    '__proto__',
    'constructor',
    'null',
    'NaN',
    '٣',
    '1e309',
    '-0',
    '0x1f',
    '9007199254740993',
    '2026-02-30',
    '9999999-01-01T00:00:00Z',
    '\u202etxt.exe',
    'ﷺ'.repeat(40),
    'İ',
    '"3"',
    '*',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(151, 2000, 20_000).map((length) => 'A'.repeat(length)),
  fc.constant(uuid()),
);

/** JSON text that no object of ours could become: written by hand. */
const HOSTILE_JSON = [
  '1e400',
  '-1e400',
  '123456789012345678901234567890',
  '0.1',
  '-1',
  '2147483648',
  '9007199254740993',
  'null',
  'true',
  '[]',
  '[[]]',
  '{}',
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"toString":1,"length":9}',
  '"\\ud800"',
  '"\\u0000"',
  `[${'"x",'.repeat(2000)}"x"]`,
  `${'['.repeat(500)}${']'.repeat(500)}`,
  `${'{"a":'.repeat(300)}1${'}'.repeat(300)}`,
] as const;
const HOLE = '\u{10ffff}hole';

const hostileValue = fc.oneof(
  { weight: 3, arbitrary: hostileText.map((text) => JSON.stringify(text)) },
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_JSON) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)) },
);

type Draft = {
  method: string;
  values: Record<string, unknown>;
  url?: string;
  headers: Record<string, string>;
  /** The body's JSON text; null where there is none. */
  json: string | null;
  body?: Buffer;
};
type Spoil = (draft: Draft, luck: Luck) => void;
/** Random choices of one spoiling, made beforehand so that they can be shrunk. */
type Luck = { readonly text: string; readonly json: string; readonly at: number };

/** Puts JSON text in the place of one value, wherever that is in a body. */
function replaceOne(json: string, put: string, at: number): string {
  const root: unknown = JSON.parse(json);
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const walk = (holder: Record<string, unknown>) => {
    for (const [key, value] of Object.entries(holder)) {
      places.push({ holder, key });
      if (value !== null && typeof value === 'object') walk(value as Record<string, unknown>);
    }
  };
  if (root !== null && typeof root === 'object') walk(root as Record<string, unknown>);
  const place = places[at % (places.length + 1)];
  if (!place) return put;
  place.holder[place.key] = HOLE;
  return JSON.stringify(root).replace(JSON.stringify(HOLE), () => put);
}

const pick = <Item>(items: readonly [Item, ...Item[]], at: number): Item =>
  items[at % items.length] ?? items[0];

/** What can be done to a request; each leaves the rest of it as it was. */
const SPOILS: Readonly<Record<string, Spoil>> = {
  'another value in the body': (draft, { json, at }) => {
    if (draft.json !== null) draft.json = replaceOne(draft.json, json, at);
  },
  'another text in the body': (draft, { text, at }) => {
    if (draft.json !== null) draft.json = replaceOne(draft.json, JSON.stringify(text), at);
  },
  'a field too many': (draft, { text, json }) => {
    if (draft.json?.startsWith('{')) {
      const comma = draft.json === '{}' ? '' : ',';
      draft.json = `${draft.json.slice(0, -1)}${comma}${JSON.stringify(text)}:${json}}`;
    }
  },
  'a field twice': (draft, { json }) => {
    const [, first] = /^\{("(?:[^"\\]|\\.)*"):/.exec(draft.json ?? '') ?? [];
    if (first !== undefined) draft.json = `{${first}:${json},${draft.json?.slice(1)}`;
  },
  'a field too few': (draft, { at }) => {
    const fields: unknown = JSON.parse(draft.json ?? 'null');
    if (fields === null || typeof fields !== 'object') return;
    const keys = Object.keys(fields);
    delete (fields as Record<string, unknown>)[keys[at % Math.max(keys.length, 1)] ?? ''];
    draft.json = JSON.stringify(fields);
  },
  'another parameter': (draft, { text, at }) => {
    const names = Object.keys(draft.values);
    const name = names[at % Math.max(names.length, 1)];
    if (name !== undefined && name !== 'wait_s') draft.values[name] = text;
  },
  'a strange query': (draft, { text, at }) => {
    draft.url = `${draft.url}${draft.url?.includes('?') ? '&' : '?'}${pick(
      [
        'limit=5&limit=6',
        'text[]=a',
        'text[a]=b',
        '__proto__[x]=1',
        'skip=%',
        'a=%ff%fe',
        '&&&=',
        'sort=name;drop',
      ],
      at,
    )}&${encodeURIComponent(text.toWellFormed())}=1`;
  },
  'a strange path': (draft, { at }) => {
    const url = draft.url ?? '/';
    draft.url = pick(
      [
        `${url}/`,
        url.replace('/api/', '/api//'),
        url.replace('/v1/', '/v1/../v1/'),
        url.replace('/v1/', '/v1/%2e%2e/v1/'),
        url.replace('/v1', '/V1'),
        `${url}%00`,
        `${url}%`,
        `${url}%zz`,
        `${url}%ff%fe`,
        `${url}/%2e%2e%2f%2e%2e%2fetc%2fpasswd`,
        `${url};a=b`,
        `${url}\\..\\x`,
        `${url}${'/a'.repeat(400)}`,
        `/api/v1/${'%41'.repeat(900)}`,
      ],
      at,
    );
  },
  'another method': (draft, { at }) => {
    draft.method = pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'], at);
  },
  'a strange header': (draft, { text, at }) => {
    const printable = text.replace(/[^\x20-\x7e]/g, '?').slice(0, 4000);
    const [name, value] = pick(
      [
        ['if-match', pick(['*', '"0"', 'W/"1"', '"1", "2"', '1', '"99999999999999999999"'], at >> 4)],
        ['if-match', printable],
        ['x-request-id', printable],
        ['x-forwarded-for', pick(["10.0.0.1' or '1", '::1', 'unknown', '1.2.3.4, 5.6.7.8'], at >> 4)],
        ['x-http-method-override', 'DELETE'],
        ['cookie', `session=${printable}`],
        ['accept', pick(['text/html', 'x', '*/*;q=9'], at >> 4)],
        ['accept-encoding', pick(['zstd', 'br;q=1, zstd;q=0', 'x'], at >> 4)],
        ['origin', 'https://evil.example'],
        ['host', 'evil.example'],
        ['range', 'bytes=0-1,5-,-9999999999999'],
        ['user-agent', printable],
        ['expect', '100-continue'],
      ],
      at,
    );
    draft.headers[name] = value;
  },
  'another type': (draft, { at }) => {
    draft.headers['content-type'] = pick(
      [
        'text/plain',
        'application/json; charset=utf-16',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/xml',
        'application/json, text/plain',
        'x',
        '',
      ],
      at,
    );
  },
  'a lie about its coding': (draft, { at }) => {
    const coding = pick(['gzip', 'zstd', 'br', 'deflate', 'identity, gzip', 'x'], at);
    draft.headers['content-encoding'] = coding;
    if (at % 2 === 0) draft.body = gzipSync(draft.json ?? '');
  },
  'bytes that are no text': (draft, { at }) => {
    const bytes = Buffer.from(draft.json ?? '""');
    const place = at % (bytes.length + 1);
    draft.body = Buffer.concat([
      bytes.subarray(0, place),
      pick(
        [Buffer.from([0xff]), Buffer.from([0xc0, 0x80]), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from([0])],
        at,
      ),
      bytes.subarray(place),
    ]);
  },
  'a body that is none': (draft, { at, text }) => {
    draft.body = pick(
      [
        Buffer.from(''),
        Buffer.from((draft.json ?? '{').slice(0, -1)),
        Buffer.from('['.repeat(30_000)),
        Buffer.from(`\uFEFF${draft.json ?? '{}'}`),
        Buffer.from(`${draft.json ?? '{}'}{}`),
        Buffer.from('A'.repeat(70_000)),
        Buffer.from('grant_type=password&username=a&username=b&password=%00&%ff=1'),
        Buffer.from(text.toWellFormed()),
      ],
      at,
    );
  },
};
const SPOIL_NAMES = Object.keys(SPOILS);

/** Requests to a route, from right to wrong in up to three ways, by whoever. */
export function attacksOn(route: DocumentedRoute, known: Known): fc.Arbitrary<Attack> {
  const parameters = route.parameters.filter((parameter) => parameter.in !== 'header');
  const values = fc.record(
    Object.fromEntries(parameters.map(({ name, schema }) => [name, fitting(schema, known, name)])),
    { requiredKeys: parameters.filter(({ required }) => required).map(({ name }) => name) },
  );
  const body = route.body ? fitting(route.body, known) : fc.constant(undefined);
  const spoilt = fc.array(
    fc.record({
      name: fc.constantFrom(...SPOIL_NAMES),
      luck: fc.record({ text: hostileText, json: hostileValue, at: fc.nat(10_000) }),
    }),
    { maxLength: 3 },
  );
  const bearer = fc.oneof(
    { weight: 14, arbitrary: fc.constant<Bearer>('right') },
    { weight: 3, arbitrary: fc.constantFrom<Bearer>('lesser', 'other', 'none', 'forged') },
  );
  const version = fc.integer({ min: 1, max: 3 });
  return fc.tuple(values, body, spoilt, bearer, version).map(([values, body, spoilt, bearer, version]) => {
    const draft: Draft = {
      method: route.method,
      values: { ...values },
      headers: {
        ...(route.parameters.some((parameter) => parameter.in === 'header')
          ? { 'if-match': `"${version}"` }
          : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      json: body === undefined ? null : JSON.stringify(body),
    };
    const address = () =>
      addressOf(route, draft.values, (value) => encodeURIComponent(String(value).toWellFormed()));
    for (const { name, luck } of spoilt) {
      if (name.startsWith('a strange ') && name !== 'a strange header') draft.url ??= address();
      SPOILS[name]?.(draft, luck);
    }
    const bodiless = draft.method === 'GET' || draft.method === 'HEAD' || draft.method === 'TRACE';
    const payload = draft.body ?? (draft.json === null ? undefined : Buffer.from(draft.json));
    return {
      method: draft.method,
      url: draft.url ?? address(),
      headers: draft.headers,
      payload: bodiless ? undefined : payload,
      bearer,
      spoilt: spoilt.map(({ name }) => name),
    };
  });
}
