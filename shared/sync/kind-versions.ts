import { z } from 'zod';

/**
 * A kind of operation through its versions: the schema that its body has now, and how a body of each earlier version
 * becomes one of the next. What a terminal told under an earlier version is read for ever.
 */
export type KindVersions<Schema extends z.ZodType = z.ZodType> = {
  readonly version: number;
  readonly body: Schema;
  /** The first is version 1. */
  readonly earlier: readonly EarlierVersion[];
};

type EarlierVersion = {
  readonly body: z.ZodType;
  /** Only ever given what `body` has taken. */
  readonly upcast: (body: never) => unknown;
};

/** A kind that has had one shape only. */
export const firstVersion = <Schema extends z.ZodType>(body: Schema): KindVersions<Schema> => ({
  version: 1,
  body,
  earlier: [],
});

/**
 * A kind with a shape more. `upcast` makes a body of the version before into one of this, of nothing but what stands
 * in it: it is done again whenever the operation is read.
 */
export const nextVersion = <Before extends z.ZodType, Schema extends z.ZodType>(
  before: KindVersions<Before>,
  body: Schema,
  upcast: (told: z.output<Before>) => z.input<Schema>,
): KindVersions<Schema> => ({
  version: before.version + 1,
  body,
  earlier: [...before.earlier, { body: before.body, upcast }],
});

/** A body as the newest version has it; or what is wrong with it, or that nobody here knows its version. */
export type ReadBody<Body> =
  | { readonly is: 'body'; readonly body: Body }
  | { readonly is: 'malformed'; readonly error: z.ZodError }
  | { readonly is: 'unknown version' };

/**
 * Reads a body of any version that was ever shipped. One of the newest comes back as it is, since schemas transform
 * nothing: its keys keep the order that makes hashing it cheap.
 */
export function readBody<Schema extends z.ZodType>(
  kind: KindVersions<Schema>,
  version: number,
  told: unknown,
): ReadBody<z.output<Schema>> {
  const steps = kind.earlier.slice(version - 1);
  const as = version === kind.version ? kind : steps[0];
  if (!as) return { is: 'unknown version' };
  const read = as.body.safeParse(told);
  if (!read.success) return { is: 'malformed', error: read.error };
  if (steps.length === 0) return { is: 'body', body: told as z.output<Schema> };
  return upcast(kind, steps, told);
}

function upcast<Schema extends z.ZodType>(
  kind: KindVersions<Schema>,
  steps: readonly EarlierVersion[],
  told: unknown,
): ReadBody<z.output<Schema>> {
  let body = told;
  try {
    for (const step of steps) body = step.upcast(body as never);
  } catch (error) {
    // A mistake of ours in one operation must not hold up those behind it: it is set aside, and replayed when mended.
    const message = `could not be brought to version ${kind.version}: ${String(error)}`;
    return {
      is: 'malformed',
      error: new z.ZodError([{ code: 'custom', path: [], message, input: undefined }]),
    };
  }
  const now = kind.body.safeParse(body);
  return now.success ? { is: 'body', body: now.data } : { is: 'malformed', error: now.error };
}
