import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** Everything the server is told by its environment. `.env.example` explains each name. */
const environmentSchema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  TILLDOCK_HOST: z.string().min(1).default('127.0.0.1'),
  /** 0 picks a free port. */
  TILLDOCK_PORT: port.default(8484),
  /** The server's login. Without it a PostgreSQL of our own runs in TILLDOCK_DATA. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional(),
  /** The owner's login, for migrations only; DATABASE_URL's where absent. */
  DATABASE_OWNER_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' })
    .optional(),
  TILLDOCK_DATA: z.string().min(1).default('data'),
  /** Signs challenges and access tokens: at least 32 characters. Made and kept in TILLDOCK_DATA when absent. */
  TILLDOCK_SECRET: z.string().min(32, { error: 'must have at least 32 characters' }).optional(),
  TILLDOCK_LOG: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TILLDOCK_POOL: z.coerce.number().int().min(2).max(200).default(10),
});

export type Config = z.infer<typeof environmentSchema>;

/** The environment is wrong: one line for every mistake. */
export class ConfigError extends Error {}

/** Reads the configuration, once, at start. Lists every mistake at the same time, and never a value. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const known = Object.fromEntries(
    Object.keys(environmentSchema.shape)
      .map((name) => [name, environment[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const read = environmentSchema.safeParse(known);
  const mistakes = read.success
    ? productionMistakes(read.data)
    : read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'));
  if (!read.success) throw new ConfigError('the configuration cannot be read');
  return read.data;
}

function productionMistakes(config: Config): string[] {
  if (config.NODE_ENV !== 'production') return [];
  const mistakes: string[] = [];
  if (!config.DATABASE_URL) mistakes.push('DATABASE_URL: must be set in production');
  if (!config.TILLDOCK_SECRET) mistakes.push('TILLDOCK_SECRET: must be set in production');
  return mistakes;
}
