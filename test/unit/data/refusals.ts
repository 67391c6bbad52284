import { ORPCError } from '@orpc/client';
import { refusalSchema } from '#shared/contract/till.ts';

/** The code of the refusal that `command` ends with; a command that is not refused fails the test. */
export async function refusalOf(command: () => unknown): Promise<string> {
  try {
    await command();
  } catch (error) {
    if (error instanceof ORPCError && error.code === 'REFUSED') return refusalSchema.parse(error.data).code;
    throw error;
  }
  throw new Error('the command was not refused');
}
