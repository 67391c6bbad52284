import { hash as digest } from 'node:crypto';
import { z } from 'zod';
import { central } from '#shared/contract/central.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { FEED_ENTITIES, FEED_SCHEMA } from '#shared/sync/feed.ts';
import type { KindVersions } from '#shared/sync/kind-versions.ts';
import { OPERATION_KINDS, wireOperationSchema } from '#shared/sync/operation.ts';
import { PROTOCOL } from '#shared/sync/push.ts';
import { snapshotFileSchema } from '#shared/sync/snapshot.ts';

/** What travels between terminals and servers: names with their versions, and the hash of what each schema says. */
export type Protocol = Readonly<Record<string, string>>;

const { enrol, challenge, token } = central.terminals;
/** The calls of terminals, which stay as they are for as long as the protocol has its number. */
const CALLS = { ...central.sync, enrol, challenge, token, day: central.sales.day };

type Named = readonly [name: string, schema: z.ZodType];

/** The protocol as this program speaks it. What a schema checks by code of its own is not seen. */
export function protocolNow(): Protocol {
  const all: Named[] = [
    ...Object.entries(OPERATION_KINDS).flatMap(([kind, versions]) => kindVersions(kind, versions)),
    ...Object.entries(FEED_ENTITIES).map(([entity, row]): Named => [`row ${entity} ${FEED_SCHEMA}`, row]),
    ...Object.entries(CALLS).flatMap(([name, call]) => callSchemas(name, call['~orpc'])),
    [`operation around every body ${PROTOCOL}`, wireOperationSchema],
    [`signed of a snapshot ${PROTOCOL}`, snapshotFileSchema],
  ];
  const hashes = all.map(([name, schema]): [string, string] => [name, hashOf(schema)]);
  return Object.fromEntries(hashes.sort(([left], [right]) => (left < right ? -1 : 1)));
}

const kindVersions = (kind: string, { version, body, earlier }: KindVersions): Named[] => [
  ...earlier.map((before, index): Named => [`operation ${kind} ${index + 1}`, before.body]),
  [`operation ${kind} ${version}`, body],
];

function callSchemas(name: string, call: { inputSchema?: unknown; outputSchema?: unknown }): Named[] {
  const schemas: [string, unknown][] = [
    [`asked ${name} ${PROTOCOL}`, call.inputSchema],
    [`answered ${name} ${PROTOCOL}`, call.outputSchema],
  ];
  return schemas.filter((part): part is [string, z.ZodType] => part[1] instanceof z.ZodType);
}

const hashOf = (schema: z.ZodType): string =>
  digest('sha256', canonicalJson(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })), 'hex');

/**
 * What a change of the program does to those that speak the protocol as it was noted: a sentence for each thing that
 * they would misread, with what to do.
 */
export function protocolFaults(noted: Protocol, now: Protocol): string[] {
  const changed = Object.keys(now).filter((name) => noted[name] !== undefined && noted[name] !== now[name]);
  const fresh = Object.keys(now).filter((name) => noted[name] === undefined);
  const lost = Object.keys(noted).filter((name) => name.startsWith('operation ') && now[name] === undefined);
  return [
    ...changed.map((name) => `The schema of "${name}" changed: ${remedyFor(name)} ${REWRITE(name)}`),
    ...fresh.map((name) => `"${name}" is not noted yet: note it by npm run protocol.`),
    ...lost.map(
      (name) => `"${name}" is gone: a server takes every version that was ever shipped. ${REWRITE(name)}`,
    ),
  ];
}

/** What keeps terminals of before right. */
function remedyFor(name: string): string {
  const [what, ...rest] = name.split(' ');
  const version = Number(rest.at(-1));
  switch (what) {
    case 'operation':
      return `leave it, and add version ${version + 1} with an upcaster (nextVersion in shared/sync/kind-versions.ts).`;
    case 'row':
      return `raise FEED_SCHEMA in shared/sync/feed.ts to ${version + 1}.`;
    case 'answered':
      return `raise PROTOCOL in shared/sync/push.ts to ${version + 1}, unless terminals of before read the new answers as well.`;
    default:
      return `raise PROTOCOL in shared/sync/push.ts to ${version + 1}, unless what terminals of before send is taken as well.`;
  }
}

const REWRITE = (name: string): string =>
  `If that, or nothing yet, was shipped: npm run protocol -- --rewrite '${name}'`;
