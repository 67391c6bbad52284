import { parseArgs } from 'node:util';
import { z } from 'zod';

const argumentsSchema = z.strictObject({
  /** Where the two files and the key are kept. */
  folder: z.string().min(1),
  /** Whether operations are sent and changes fetched in the background. */
  autosync: z
    .enum(['true', 'false'])
    .default('true')
    .transform((value) => value === 'true'),
});
export type DataArguments = z.infer<typeof argumentsSchema>;

/** Reads `--folder=PATH [--autosync=false]`. Anything else is an error. */
export function readArguments(args: readonly string[]): DataArguments {
  const { values } = parseArgs({
    args: [...args],
    options: { folder: { type: 'string' }, autosync: { type: 'string' } },
    strict: true,
  });
  return argumentsSchema.parse({ ...values });
}
