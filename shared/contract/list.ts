import { z } from 'zod';
import { textSchema } from '../text.ts';

/** What every list takes: a search text, a column to sort by (the first is the default), and the page. */
export const listQuery = <const Sort extends string>(sorts: readonly [Sort, ...Sort[]]) =>
  z.strictObject({
    /** Part of a name or a code, in any case. */
    text: textSchema(200).optional(),
    sort: z.enum(sorts).default(sorts[0] as never),
    order: z.enum(['asc', 'desc']).default('asc'),
    skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  });

/** A page of a list, and how many there are in all. */
export const listOf = <Row extends z.ZodType>(row: Row) =>
  z.strictObject({ items: z.array(row), total_count: z.int().min(0) });

/**
 * The version of a row that a change was made from, as an entity tag: `If-Match: "3"`. Absent: 428; no longer the
 * row's: 412, and nothing is changed.
 */
export const ifMatchSchema = z.object({
  'if-match': z
    .string()
    .regex(/^"[1-9]\d{0,8}"$/, { error: 'must be the version in quotes, such as "3"' })
    .optional(),
});

/** The value of `If-Match` for a version. */
export const ifMatch = (version: number) => ({ 'if-match': `"${version}"` });
