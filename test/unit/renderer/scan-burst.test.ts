import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Burst,
  isAtScannerPace,
  SCAN_RULES,
  stepBurst,
} from '../../../src-renderer/catalogue/scan-burst.ts';

/** Presses keys, each so many ms after the one before, and tells which scans and typed texts came out. */
function pressAll(keys: readonly (readonly [key: string, gap: number])[]) {
  let burst: Burst | null = null as Burst | null;
  let at = 1000;
  const scans: string[] = [];
  let typed = '';
  for (const [key, gap] of keys) {
    at += gap;
    const step = stepBurst(burst, key, at, SCAN_RULES);
    if (step.kind === 'scan') scans.push(step.code);
    if (step.kind === 'began' || step.kind === 'ended') typed += burst?.text ?? '';
    burst = step.kind === 'began' || step.kind === 'grew' ? step.burst : null;
  }
  return { scans, typed: typed + (burst?.text ?? '') };
}

const keysOf = (text: string, gap: () => number, suffix = 'Enter'): [string, number][] =>
  [...[...text], suffix].map((key) => [key, gap()]);

const code = fc.stringMatching(/^[!-~]{6,30}$/);

describe('telling a scanner from a typist', () => {
  test('a scanner at up to 40 ms a key is recognised, whatever the code', () => {
    fc.assert(
      fc.property(code, fc.infiniteStream(fc.integer({ min: 0, max: 40 })), (text, gaps) => {
        const { scans } = pressAll(keysOf(text, () => gaps.next().value ?? 0));
        expect(scans).toEqual([text]);
      }),
    );
  });

  test('keys that are still on their way tell by their pace whether a scanner sends them; one key does not', () => {
    const keys = (text: string, last_at: number): Burst => ({ text, first_at: 0, last_at });
    expect(isAtScannerPace(keys('4006', 90), SCAN_RULES)).toBe(true);
    expect(isAtScannerPace(keys('25', 95), SCAN_RULES)).toBe(false);
    expect(isAtScannerPace(keys('5', 0), SCAN_RULES)).toBe(false);
  });

  test('a typist is never taken for a scanner, even at 250 words a minute', () => {
    fc.assert(
      fc.property(code, fc.infiniteStream(fc.integer({ min: 48, max: 400 })), (text, gaps) => {
        const { scans, typed } = pressAll(keysOf(text, () => gaps.next().value ?? 48));
        expect(scans).toEqual([]);
        expect(typed).toBe(text);
      }),
    );
  });

  test('nothing typed is lost, and nothing scanned is typed', () => {
    const key = fc.tuple(
      fc.oneof(fc.constantFrom('Enter', 'Tab', 'Backspace', 'ArrowDown'), fc.stringMatching(/^[!-~]$/)),
      fc.integer({ min: 0, max: 160 }),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 60 }), (keys) => {
        const { scans, typed } = pressAll(keys);
        const written = keys.map(([name]) => name).filter((name) => name.length === 1);
        expect(scans.join('').length + typed.length).toBe(written.length);
      }),
    );
  });

  test('a scan right after a typed word leaves the word alone', () => {
    const word = keysOf('mil', () => 130).slice(0, 3);
    const scan = keysOf('5012345678900', () => 8);
    const [first, ...others] = scan;
    expect(pressAll([...word, [first?.[0] ?? '', 400], ...others])).toEqual({
      scans: ['5012345678900'],
      typed: 'mil',
    });
  });

  test('two codes one after another are two scans', () => {
    const both = [...keysOf('5012345678900', () => 5), ...keysOf('4006381333931', () => 5)];
    expect(pressAll(both).scans).toEqual(['5012345678900', '4006381333931']);
  });

  test('Tab ends a code as Enter does', () => {
    expect(pressAll(keysOf('85123A', () => 10, 'Tab')).scans).toEqual(['85123A']);
  });

  test('a rattle of fewer than six keys and Enter is typing', () => {
    expect(pressAll(keysOf('12345', () => 4))).toEqual({ scans: [], typed: '12345' });
  });

  test('a code that takes longer than a second and a half is typing', () => {
    const slow = 'X'.repeat(45);
    expect(pressAll(keysOf(slow, () => 40)).scans).toEqual([]);
  });
});
