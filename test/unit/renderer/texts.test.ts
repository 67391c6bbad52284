import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const screens = fileURLToPath(new URL('../../../src-renderer', import.meta.url));
const code = globSync('**/*.{ts,tsx}', { cwd: screens })
  .filter((file) => !/(^|\/)text\.ts$/.test(file))
  .map((file) => readFileSync(join(screens, file), 'utf8'))
  .join('\n');

describe('the words of the screens', () => {
  test.each(globSync('**/text.ts', { cwd: screens }).sort())(
    '%s holds no words that no screen says',
    (file) => {
      const text = readFileSync(join(screens, file), 'utf8');
      const [, name = ''] = /export const (\w+) = \{/.exec(text) ?? [];
      const keys = [...text.matchAll(/^ {2}(\w+):/gm)].map(([, key]) => key);
      expect(keys.length).toBeGreaterThan(0);
      expect(keys.filter((key) => !new RegExp(`\\b${name}\\.${key}\\b`).test(code))).toEqual([]);
    },
  );

  test('no component has English of its own between its tags', () => {
    const found = globSync('**/*.tsx', { cwd: screens }).flatMap((file) =>
      [...readFileSync(join(screens, file), 'utf8').matchAll(/>\s*([A-Z][a-z]+(?: [a-z]+)+)\s*</g)].map(
        ([, words]) => `${file}: ${words}`,
      ),
    );
    expect(found).toEqual([]);
  });
});
