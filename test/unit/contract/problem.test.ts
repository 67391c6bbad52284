import { expect, test } from 'vitest';
import { z } from 'zod';
import { enrolmentCodeSchema, pullQuerySchema } from '#shared/contract/central.ts';
import { issuePath, issuesOf } from '#shared/contract/problem.ts';

test('a fault is named by the path that people would write', () => {
  expect(issuePath(['operations', 3, 'body', 'ticket'])).toBe('operations[3].body.ticket');
  expect(issuePath([])).toBe('');
  expect(issuePath([0, 'name'])).toBe('[0].name');
});

test('every unknown field is named, and every wrong one with what was expected', () => {
  const schema = z.strictObject({ name: z.string(), lines: z.array(z.strictObject({ n: z.int() })) });
  const read = schema.safeParse({ name: 1, lines: [{ n: 1, a: 1, b: 2 }] });
  expect(issuesOf(read.error ?? new z.ZodError([])).map((issue) => issue.path)).toEqual([
    'name',
    'lines[0].a',
    'lines[0].b',
  ]);
});

test('an enrolment code may be typed in lower case, with spaces or dashes, but not with letters it never has', () => {
  expect(enrolmentCodeSchema.parse(' abcd-ef12 3456 ')).toBe('ABCDEF123456');
  for (const code of ['ABCD-EF12-345', 'ABCD-EF12-345I', 'ABCD-EF12-345О', '']) {
    expect(enrolmentCodeSchema.safeParse(code).success).toBe(false);
  }
});

test('a pull says how much it wants within limits, also where it comes as text of a query', () => {
  expect(pullQuerySchema.parse({})).toEqual({ limit: 2000, wait_s: 0 });
  expect(pullQuerySchema.parse({ limit: '50', wait_s: '25' })).toEqual({ limit: 50, wait_s: 25 });
  for (const query of [{ limit: 0 }, { limit: 10_001 }, { wait_s: 26 }, { wait_s: 'soon' }, { page: 1 }]) {
    expect(pullQuerySchema.safeParse(query).success).toBe(false);
  }
});
