import { ORPCError } from '@orpc/client';
import { type Refusal, refusalSchema } from '#shared/contract/till.ts';

/** The refusal that `command` ends with; a command that is not refused fails the test. */
export async function refusal(command: () => unknown): Promise<{ message: string; data: Refusal }> {
  try {
    await command();
  } catch (error) {
    if (error instanceof ORPCError && error.code === 'REFUSED') {
      return { message: error.message, data: refusalSchema.parse(error.data) };
    }
    throw error;
  }
  throw new Error('the command was not refused');
}

/** The code of the refusal that `command` ends with. */
export const refusalOf = async (command: () => unknown): Promise<string> =>
  (await refusal(command)).data.code;
