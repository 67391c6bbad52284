import { describe, expect, test } from 'vitest';
import { LineLost, replaceableLink } from '../../../src-renderer/link.ts';

/** A line that remembers what it was asked, and answers when it is told to. */
function slowLine() {
  const asked: unknown[] = [];
  const answers: ((value: unknown) => void)[] = [];
  return {
    asked,
    answer: (value: unknown) => answers.shift()?.(value),
    link: {
      call: (_path: readonly string[], input: unknown) => {
        asked.push(input);
        return new Promise<unknown>((resolve) => answers.push(resolve));
      },
    },
  };
}

const options = { context: {} };
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('the link that outlives its lines', () => {
  test('a call made before there is a line waits for one', async () => {
    const link = replaceableLink();
    const call = link.call(['sales', 'cart'], 1, options);
    link.connect({ call: async (_path, input) => `answer to ${input}` });
    expect(await call).toBe('answer to 1');
  });

  test('a call in flight when its line is replaced is made once more, with the same input', async () => {
    const link = replaceableLink();
    const first = slowLine();
    const second = slowLine();
    link.connect(first.link);
    const input = { line_id: 'the same' };
    const call = link.call(['sales', 'addLine'], input, options);
    await turn();
    link.connect(second.link);
    await turn();
    second.answer('done');
    expect(await call).toBe('done');
    expect([...first.asked, ...second.asked]).toEqual([input, input]);
  });

  test('a late answer of the dead line is not taken for the call’s', async () => {
    const link = replaceableLink();
    const first = slowLine();
    const second = slowLine();
    const lose = link.connect(first.link);
    const call = link.call(['sales', 'cart'], 1, options);
    await turn();
    lose();
    await turn();
    first.answer('late');
    link.connect(second.link);
    await turn();
    second.answer('in time');
    expect(await call).toBe('in time');
  });

  test('a call whose line dies twice is given up: nobody knows whether it was done', async () => {
    const link = replaceableLink();
    const call = link.call(['sales', 'cart'], 1, options);
    link.connect(slowLine().link)();
    await turn();
    link.connect(slowLine().link);
    await turn();
    link.connect(slowLine().link);
    await expect(call).rejects.toThrow(LineLost);
  });

  test('an error that the data process answered with is passed on, and not repeated', async () => {
    const link = replaceableLink();
    let calls = 0;
    link.connect({
      call: async () => {
        calls += 1;
        throw new Error('refused');
      },
    });
    await expect(link.call(['sales', 'cart'], 1, options)).rejects.toThrow('refused');
    expect(calls).toBe(1);
  });
});
