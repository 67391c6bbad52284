import { z } from 'zod';
import type { Permission } from '../../people/permission.ts';
import { route } from '../access.ts';
import { ifMatchSchema, listOf, listQuery } from '../list.ts';

/** Every row of master data carries the version that `If-Match` names. */
const version = { version: z.int().min(1) };

/**
 * The five routes of a kind of master data: reads for everybody who is signed in, writes for one permission.
 * Removing what something else refers to answers 409 `in_use`; making what exists 409 `conflict`.
 */
export function masterData<
  Key extends Record<string, z.ZodType>,
  Fields extends Record<string, z.ZodType>,
  Change extends z.ZodObject,
  const Sort extends string,
  Filters extends Record<string, z.ZodType> = Record<never, never>,
>(kind: {
  readonly path: string;
  /** With its article, for summaries: `a department`. */
  readonly one: string;
  readonly write: Permission;
  /** What names a row in its path, and is given when it is made. */
  readonly key: Key;
  /** The key of a new row, where not every name that is read may be given. */
  readonly newKey?: Key;
  readonly fields: Fields;
  readonly change: Change;
  /** What a list can be sorted by; the first is the default. */
  readonly sorts: readonly [Sort, ...Sort[]];
  /** What a list can be narrowed to, all optional. */
  readonly filters?: Filters;
}) {
  const { path, one, write, key, newKey = key, fields, change, sorts, filters } = kind;
  const tags = [path];
  const place = `/api/v1/${path}/{${Object.keys(key).join('}/{')}}` as const;
  const row = z.strictObject({ ...key, ...fields, ...version });
  return {
    list: route
      .route({ method: 'GET', path: `/api/v1/${path}`, tags, summary: `List ${path.replaceAll('-', ' ')}` })
      .input(listQuery(sorts).extend(filters ?? ({} as Filters)))
      .output(listOf(row)),
    get: route
      .route({ method: 'GET', path: place, tags, summary: `Read ${one}` })
      .input(z.strictObject(key))
      .output(row),
    create: route
      .route({ method: 'POST', path: `/api/v1/${path}`, tags, summary: `Add ${one}`, successStatus: 201 })
      .meta({ needs: write })
      .input(z.strictObject({ ...newKey, ...fields }))
      .output(row),
    change: route
      .route({
        method: 'PATCH',
        path: place,
        tags,
        summary: `Change ${one}`,
        inputStructure: 'detailed',
      })
      .meta({ needs: write })
      .input(z.object({ params: z.strictObject(key), headers: ifMatchSchema, body: change }))
      .output(row),
    remove: route
      .route({
        method: 'DELETE',
        path: place,
        tags,
        summary: `Remove ${one}`,
        inputStructure: 'detailed',
      })
      .meta({ needs: write })
      .input(z.object({ params: z.strictObject(key), headers: ifMatchSchema }))
      .output(z.strictObject({ removed: z.literal(true) })),
  };
}
