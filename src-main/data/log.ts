import pino, { type Logger } from 'pino';
import { z } from 'zod';

const LEVELS = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);

/**
 * The log of the data process: one JSON object a line on standard error, written at once.
 * @param level from `TILLDOCK_LOG`; `warn` where it is absent
 */
export const openLog = (level: string | undefined): Logger =>
  pino(
    {
      level: LEVELS.parse(level ?? 'warn'),
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.pin', '*.session', '*.token', '*.authorization', '*.input', '*.data.input'],
    },
    pino.destination({ dest: 2, sync: true }),
  );
