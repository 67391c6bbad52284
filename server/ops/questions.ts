import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { z } from 'zod';
import { newPasswordSchema } from '#shared/people/user.ts';
import { textSchema } from '#shared/text.ts';
import { UsageError } from './command.ts';

/** One answer that is asked for. */
type Question<Schema extends z.ZodType> = {
  /** What it is called where it is wrong. */
  readonly field: string;
  readonly text: string;
  readonly schema: Schema;
  /** Taken for an empty answer. */
  readonly otherwise?: string;
  /** Not shown while it is typed. */
  readonly unseen?: true;
};

/** Asks at a terminal, again where an answer will not do; or reads piped lines, of which each must do. */
export type Questions = {
  readonly ask: <Schema extends z.ZodType>(question: Question<Schema>) => Promise<z.output<Schema>>;
  /** Says why answers will not do, before they are asked for again; a pipe is not asked again. @throws UsageError */
  readonly refuse: (message: string) => void;
  readonly close: () => void;
};

export function openQuestions(
  input: NodeJS.ReadableStream & { isTTY?: boolean } = process.stdin,
  output: NodeJS.WritableStream = process.stdout,
): Questions {
  const terminal = input.isTTY === true;
  let unseen = false;
  // What is typed is shown by readline through this, so here it can be held back.
  const shown = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!unseen) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: terminal ? shown : output, terminal });
  const answers = lines[Symbol.asyncIterator]();

  async function answer(question: Question<z.ZodType>): Promise<string> {
    const hint = question.otherwise === undefined ? '' : ` [${question.otherwise}]`;
    const prompt = `${question.text}${hint}: `;
    if (terminal) {
      // Known to readline, which writes it anew where somebody corrects what they type.
      lines.setPrompt(prompt);
      lines.prompt();
    } else output.write(prompt);
    unseen = question.unseen === true;
    const { value, done } = await answers.next();
    unseen = false;
    if (!terminal || question.unseen) output.write('\n');
    if (done) throw new UsageError(`${question.field}: the answers ended here.`);
    // A password may begin or end with a space.
    const given = question.unseen ? value : value.trim();
    return given === '' ? (question.otherwise ?? '') : given;
  }

  function refuse(message: string): void {
    if (!terminal) throw new UsageError(message);
    output.write(`${message}\n`);
  }

  return {
    ask: async (question) => {
      for (;;) {
        const read = question.schema.safeParse(await answer(question));
        if (read.success) return read.data;
        refuse(`${question.field}: ${read.error.issues[0]?.message ?? 'cannot be taken'}.`);
      }
    },
    refuse,
    close: () => lines.close(),
  };
}

/** A new password, typed twice and shown never. */
export async function askForPassword(questions: Questions): Promise<string> {
  const asked = { field: 'password', unseen: true } as const;
  for (;;) {
    const password = await questions.ask({ ...asked, text: 'Password', schema: newPasswordSchema });
    const again = await questions.ask({ ...asked, text: 'Password again', schema: textSchema(1000) });
    if (again === password) return password;
    questions.refuse('password: the two are not the same.');
  }
}
