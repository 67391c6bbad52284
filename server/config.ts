import { isIP } from 'node:net';
import { z } from 'zod';
import { emailSchema } from '#shared/people/user.ts';
import { isInvented } from './invented-secret.ts';

/** A whole number written in digits. */
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: 'must be a whole number' })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error: `must be from ${least} to ${most}` });

/** `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`. */
function isNetwork(text: string): boolean {
  const [address = '', bits] = text.trim().split('/', 2);
  const most = isIP(address) === 6 ? 128 : 32;
  return isIP(address) !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}

/** `smtps://mail.example`, `smtp://name:password@mail.example:587`; the latter may end in `?tls=on` or `?tls=off`. */
const smtpUrl = z.string().refine(isSmtpUrl, { error: 'must be an smtp:// or smtps:// address' });

function isSmtpUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.hostname === '' || !/^\/?$/.test(url.pathname)) return false;
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    return false;
  }
  return url.protocol === 'smtps:'
    ? url.search === ''
    : url.protocol === 'smtp:' && /^(\?tls=(on|off))?$/.test(url.search);
}

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' });

/** Everything the server is told by its environment. `.env.example` explains each name. */
const environmentSchema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  TILLDOCK_HOST: z.string().min(1).default('127.0.0.1'),
  /** 0 picks a free port. */
  TILLDOCK_PORT: whole(0, 65_535).default(8484),
  /** Addresses of the proxies whose `X-Forwarded-For` is believed, comma-separated; none where absent. */
  TILLDOCK_PROXIES: z
    .string()
    .refine((list) => list.split(',').every(isNetwork), { error: 'must be addresses or networks' })
    .optional(),
  /** The server's login. Without it a PostgreSQL of our own runs in TILLDOCK_DATA. */
  DATABASE_URL: postgresUrl.optional(),
  /** The owner's login, for migrations only; DATABASE_URL's where absent. */
  DATABASE_OWNER_URL: postgresUrl.optional(),
  TILLDOCK_DATA: z.string().min(1).default('data'),
  /** Signs challenges and access tokens: at least 32 characters. Made and kept in TILLDOCK_DATA when absent. */
  TILLDOCK_SECRET: z.string().min(32, { error: 'must have at least 32 characters' }).optional(),
  TILLDOCK_LOG: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TILLDOCK_POOL: whole(2, 200).default(10),
  /** Requests of one company that may wait here for their turn; one more is told to come again. */
  TILLDOCK_WAITING: whole(1, 100_000).default(1000),
  /** The mail server. Without it mails become files during development, and are refused in production. */
  TILLDOCK_SMTP_URL: smtpUrl.optional(),
  /** The address that mails come from. */
  TILLDOCK_MAIL_FROM: emailSchema.optional(),
  /** What makes an operation safe for terminals to let go of one day: see `server/sync/safe.ts`. */
  TILLDOCK_SAFE: z
    .string()
    .regex(/^(committed|archived|replicated(:[1-9]\d?)?)$/, {
      error: 'must be committed, archived, replicated, or replicated:2 for so many replicas',
    })
    .default('committed'),
  /** Whether `npm run server` works the queue of jobs itself; `off` where `npm run worker` does. */
  TILLDOCK_WORKER: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
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
    ? []
    : read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  mistakes.push(...missingInProduction(known), ...missingForMail(known));
  if (!read.success || mistakes.length > 0) throw new ConfigError(mistakes.join('\n'));
  return read.data;
}

/** In production nothing is made up: neither a database nor a secret. */
function missingInProduction(known: Readonly<Record<string, string | undefined>>): string[] {
  if (known.NODE_ENV !== 'production') return [];
  const missing = ['DATABASE_URL', 'TILLDOCK_SECRET'].filter((name) => known[name] === undefined);
  return [
    ...missing.map((name) => `${name}: must be set in production`),
    ...(known.TILLDOCK_SECRET !== undefined && isInvented(known.TILLDOCK_SECRET)
      ? ['TILLDOCK_SECRET: must be random; make one with the command in .env.example']
      : []),
  ];
}

/** Who sends must be said where there is a mail server: there is no address that all of them would take. */
const missingForMail = (known: Readonly<Record<string, string | undefined>>): string[] =>
  known.TILLDOCK_SMTP_URL !== undefined && known.TILLDOCK_MAIL_FROM === undefined
    ? ['TILLDOCK_MAIL_FROM: must be set with TILLDOCK_SMTP_URL']
    : [];
