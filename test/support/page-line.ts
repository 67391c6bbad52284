import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright';

/** Runs in the page; a second time it does nothing. */
const script = `
  if (!globalThis.line) {
    globalThis.line = { ports: [], frames: [], states: [] };
    addEventListener('message', ({ data, ports }) => {
      if (data?.type !== 'tilldock:port') return;
      line.ports.push(ports[0]);
      ports[0].addEventListener('message', (frame) => line.frames.push(frame.data));
    });
    tilldock.onDataState(({ state }) => line.states.push(state));
  }
  tilldock.connect();
`;

/**
 * Lays a line of the test's own from the page to the data process, beside the screens' own: it asks for a port,
 * takes each one that the shell gives (the screens start it), and remembers what came back.
 */
export async function layLine(page: Page): Promise<void> {
  await page.waitForSelector('#root > *');
  await page.evaluate(script);
  // Not `waitForFunction`: the page's policy forbids what that would compile.
  while ((await lineOf(page)).ports === 0) await wait(20);
}

/** How many ports the page was given, and the states of the data process that it was told of. */
export const lineOf = (page: Page): Promise<{ ports: number; states: string[] }> =>
  page.evaluate('({ ports: line.ports.length, states: line.states })');

/** Sends a frame through the newest port, `times` over. */
export const sendFrames = (page: Page, frame: unknown, times = 1): Promise<void> =>
  page.evaluate(
    `for (let sent = 0; sent < ${times}; sent += 1) line.ports.at(-1).postMessage(${JSON.stringify(frame)})`,
  );

let lastCall = 0;

/** Asks the data process for the terminal's state through the newest port; the answer's HTTP-like status. */
export async function callState(page: Page): Promise<number> {
  lastCall += 1;
  const id = `test-${lastCall}`;
  await sendFrames(page, JSON.stringify({ i: id, p: { u: '/terminal/state' } }));
  const find = `line.frames.map((frame) => JSON.parse(frame)).find((frame) => frame.i === '${id}')`;
  for (;;) {
    const answer = await page.evaluate<{ p: { s?: number } } | undefined>(find);
    if (answer !== undefined) return answer.p.s ?? 200;
    await wait(20);
  }
}
