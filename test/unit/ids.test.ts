import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineIdSchema } from '#shared/ids.ts';

test('every UUID in lower case is an id', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(lineIdSchema.parse(id)).toBe(id);
    }),
  );
});

test('capitals, braces, missing dashes, spaces and other texts are not ids', () => {
  const id = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6a7b';
  const wrong = [
    id.toUpperCase(),
    `{${id}}`,
    id.replaceAll('-', ''),
    ` ${id}`,
    `${id}\n`,
    id.slice(1),
    '',
    7,
    null,
  ];
  for (const value of wrong) expect(lineIdSchema.safeParse(value).success).toBe(false);
});
