import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestCentral } from './central.ts';

/** What a command said, and how it ended. */
export type CommandRun = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs a command of the server as npm does, on a test's database, with answers piped in. */
export async function runCommand(
  file: string,
  { serverUrl, ownerUrl }: Pick<TestCentral, 'serverUrl' | 'ownerUrl'>,
  args: readonly string[] = [],
  answers: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<CommandRun> {
  const program = fileURLToPath(new URL(`../../server/${file}`, import.meta.url));
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, DATABASE_URL: serverUrl, DATABASE_OWNER_URL: ownerUrl, ...environment },
    stdio: 'pipe',
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  // A command that refuses at once does not read its answers.
  child.stdin.on('error', () => {});
  child.stdin.end(answers.map((answer) => `${answer}\n`).join(''));
  const code = await new Promise<number | null>((settle) => child.once('close', settle));
  return { code, out, err };
}
