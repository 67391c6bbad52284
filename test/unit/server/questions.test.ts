import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { currencySchema } from '#shared/sales/money.ts';
import { askForCompany, denominationsOf } from '../../../server/ops/new-company.ts';
import { askForPassword, openQuestions, type Questions } from '../../../server/ops/questions.ts';

/** Somebody who types each answer when it is asked for, or a pipe that has them all; and all that is seen. */
function dialogue(answers: readonly string[], at: 'a terminal' | 'a pipe') {
  const typed = at === 'a terminal';
  const input = Object.assign(new PassThrough(), typed ? { isTTY: true, setRawMode: () => {} } : {});
  const output = new PassThrough();
  const left = [...answers];
  let seen = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
    // What readline writes after a prompt: where the cursor goes.
    if (typed && /: .\[\d+G$/.test(seen)) setImmediate(() => input.write(`${left.shift()}\n`));
  });
  const questions = openQuestions(input, output);
  if (!typed) input.end(answers.map((answer) => `${answer}\n`).join(''));
  return { questions, seen: () => seen };
}

const name = { field: 'name', text: 'Name', schema: z.string().min(2, { error: 'is too short' }) } as const;

describe('at a terminal', () => {
  test('a question is asked again until its answer will do', async () => {
    const { questions, seen } = dialogue(['', 'x', 'Ada'], 'a terminal');
    expect(await questions.ask(name)).toBe('Ada');
    expect(seen().match(/name: is too short\./g)).toHaveLength(2);
  });

  test('a password that was mistyped is asked for once more', async () => {
    const { questions, seen } = dialogue(
      ['a long password', 'a long pasword', 'another password', 'another password'],
      'a terminal',
    );
    expect(await askForPassword(questions)).toBe('another password');
    expect(seen()).toContain('password: the two are not the same.');
  });

  test('what is typed is seen, but for a password', async () => {
    const { questions, seen } = dialogue(
      ['Ada', ' a long password ', ' a long password ', 'Bo'],
      'a terminal',
    );
    await questions.ask(name);
    expect(await askForPassword(questions)).toBe(' a long password ');
    await questions.ask(name);
    expect(seen()).toContain('Ada');
    expect(seen()).toContain('Bo');
    expect(seen()).not.toContain('a long');
    expect(seen()).toMatch(/Password again: .\[\d+G\n/);
  });
});

describe('from a pipe', () => {
  test('each answer must do, and there must be one for every question', async () => {
    const { questions } = dialogue(['x'], 'a pipe');
    await expect(questions.ask(name)).rejects.toThrow('name: is too short.');
    await expect(questions.ask(name)).rejects.toThrow('name: the answers ended here.');
  });

  test('an empty line takes what is offered', async () => {
    const { questions, seen } = dialogue([''], 'a pipe');
    expect(await questions.ask({ ...name, otherwise: 'MAIN' })).toBe('MAIN');
    expect(seen()).toContain('Name [MAIN]: ');
  });
});

describe('a new company', () => {
  const right = ['High Street', 'HIGH', 'store', 'GBP', 'Europe/London', 'no', '7.25'];
  const ask = (answers: readonly string[]) => askForCompany(asked(answers), 'Shop Ltd');
  const asked = (answers: readonly string[]): Questions => dialogue(answers, 'a pipe').questions;

  test('is made of few answers', async () => {
    expect(await ask(right)).toMatchObject({
      name: 'Shop Ltd',
      location: { code: 'HIGH', zone: 'Europe/London', prices_include_tax: false, cash_step_minor: 1 },
      currencies: [{ code: 'GBP', name: 'British Pound' }],
      tax_classes: [{ rates: [{ rate_ppm: 72_500 }] }],
    });
  });

  test('is not made of a wrong one, which is named', async () => {
    for (const [place, answer, refusal] of [
      [0, ' ', 'location: must not be empty.'],
      [1, 'high street', 'code: must be 1 to 12 capital letters or digits.'],
      [2, 'barn', 'kind: must be store or warehouse.'],
      [3, 'pounds', 'currency: '],
      [3, 'gbp', 'currency: '],
      [4, 'Europe/Atlantis', 'zone: is not a known IANA time zone.'],
      [4, '+02:00', 'zone: is not a known IANA time zone.'],
      [4, '', 'zone: is not a known IANA time zone.'],
      [5, 'perhaps', 'tax included: must be yes or no.'],
      [6, 'a fifth', 'tax rate: must be a percentage'],
      [6, '-1', 'tax rate: must be a percentage'],
      [6, '1.23456', 'tax rate: must be a percentage'],
    ] as const) {
      await expect(ask(right.with(place, answer)), refusal).rejects.toThrow(refusal);
    }
  });

  test('counts money in 1, 2 and 5 of every power of ten, whatever the places of its currency', () => {
    const of = (code: string) => denominationsOf(currencySchema.parse(code));
    expect(of('GBP')).toEqual([10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]);
    expect(of('JPY').at(0)).toBe(10000);
    expect(of('KWD').at(0)).toBe(100_000);
    for (const code of ['JPY', 'GBP', 'KWD', 'CLF']) expect(of(code).length).toBeLessThanOrEqual(30);
  });
});
