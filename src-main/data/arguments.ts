import { parseArgs } from 'node:util';
import { z } from 'zod';

const argumentsSchema = z.strictObject({
  /** Where the two files and the key are kept. */
  folder: z.string().min(1),
  /** Where copies of the ledger are kept; a folder beside the files where absent. */
  backups: z.string().min(1).optional(),
  /** Whether operations are sent and changes fetched in the background. */
  autosync: z
    .enum(['true', 'false'])
    .default('true')
    .transform((value) => value === 'true'),
  /** The loopback port of the door for browser screens (0: any that is free); closed where absent. */
  door: z.coerce.number().int().min(0).max(65_535).optional(),
  /** The folder of the built screens that the door serves. */
  'door-files': z.string().min(1).optional(),
});
export type DataArguments = z.infer<typeof argumentsSchema>;

/** Reads `--folder=PATH [--backups=PATH] [--autosync=false] [--door=PORT --door-files=PATH]`. Anything else is an error. */
export function readArguments(args: readonly string[]): DataArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      folder: { type: 'string' },
      backups: { type: 'string' },
      autosync: { type: 'string' },
      door: { type: 'string' },
      'door-files': { type: 'string' },
    },
    strict: true,
  });
  return argumentsSchema.parse({ ...values });
}
