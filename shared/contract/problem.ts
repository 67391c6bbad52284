import { z } from 'zod';

/** The one error envelope of the HTTP API: RFC 9457 problem details, with our extensions. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** Stable, for programs. */
  code: z.string(),
  /** One plain sentence, for people. */
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  request_id: z.string().optional(),
  /** With `push_gap`: the sequence number that the server wants next. */
  expected_seq: z.int().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** A zod issue's path as people read it: `operations[3].body.ticket`. */
export const issuePath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );

/** The issues of a zod error as `{path, message}`, unknown keys named. */
export const issuesOf = (error: z.ZodError): { path: string; message: string }[] =>
  error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: issuePath([...issue.path, key]), message: 'is not a known field' }))
      : [{ path: issuePath(issue.path), message: issue.message }],
  );
