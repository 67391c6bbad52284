import type { ClientLink, ClientOptions } from '@orpc/client';

/** Calls carry nothing besides their input; the session travels in a header. */
export type CallContext = Record<never, never>;

/** The line died before the call was answered, and again when it was repeated. Nobody knows whether it was done. */
export class LineLost extends Error {
  constructor() {
    super('the connection to the data process was lost');
    this.name = 'LineLost';
  }
}

type Line = { link: ClientLink<CallContext>; isLost: boolean; lost: Promise<void>; lose: () => void };

/** A link that outlives the lines below it. */
export type ReplaceableLink = ClientLink<CallContext> & {
  /** Puts a line in the place of the one before. The answer declares this line dead. */
  connect: (link: ClientLink<CallContext>) => () => void;
};

/**
 * A link to a data process that may die and come back. Calls wait while there is no line. A call that was in
 * flight when its line died is made once more, with the same input, on the next line: every command bears ids
 * minted by the caller, so one that had been carried out is answered as if it were the first.
 */
export function replaceableLink(): ReplaceableLink {
  let current: Line | null = null;
  let waiting: ((line: Line) => void)[] = [];

  const nextLine = (): Promise<Line> =>
    current ? Promise.resolve(current) : new Promise((resolve) => waiting.push(resolve));

  const callOn = async (line: Line, path: readonly string[], input: unknown, options: Options) => {
    try {
      const answer = line.link.call(path, input, options).then((value) => ({ value }));
      return await Promise.race([answer, line.lost.then(() => null)]);
    } catch (error) {
      if (line.isLost) return null;
      throw error;
    }
  };

  return {
    async call(path, input, options) {
      for (let attempt = 1; attempt <= 2; attempt += 1) {
        const answer = await callOn(await nextLine(), path, input, options);
        if (answer) return answer.value;
      }
      throw new LineLost();
    },
    connect(link) {
      current?.lose();
      const line = newLine(link, () => {
        if (current === line) current = null;
      });
      current = line;
      const resolvers = waiting;
      waiting = [];
      for (const resolve of resolvers) resolve(line);
      return line.lose;
    },
  };
}

type Options = ClientOptions<CallContext>;

function newLine(link: ClientLink<CallContext>, onLost: () => void): Line {
  let resolveLost = () => {};
  const lost = new Promise<void>((resolve) => {
    resolveLost = resolve;
  });
  const line: Line = {
    link,
    isLost: false,
    lost,
    lose: () => {
      line.isLost = true;
      onLost();
      resolveLost();
    },
  };
  return line;
}
