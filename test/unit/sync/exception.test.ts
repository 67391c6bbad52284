import { describe, expect, test } from 'vitest';
import { CAUSES, isRepairable, kindOfTrouble, troubleCodeSchema } from '#shared/sync/exception.ts';
import { exceptionCodeSchema, quarantineCodeSchema } from '#shared/sync/push.ts';

const codes = troubleCodeSchema.options;

describe('a trouble in plain words', () => {
  test('is there for every code that the server gives, and for no other', () => {
    expect(Object.keys(CAUSES).sort()).toEqual([...codes].sort());
    expect(new Set(codes).size).toBe(
      exceptionCodeSchema.options.length + quarantineCodeSchema.options.length,
    );
  });

  test('is one sentence that says what happened, unlike that of any other', () => {
    for (const code of codes) {
      expect(CAUSES[code].sentence).toMatch(/^[A-Z][^_]*\.$/);
      expect(CAUSES[code].advice).toMatch(/^[A-Z][^_]*\.$/);
    }
    expect(new Set(codes.map((code) => CAUSES[code].sentence)).size).toBe(codes.length);
  });
});

describe('what can be done about a trouble', () => {
  test('is always to accept it: nothing stays on the desk for ever', () => {
    for (const code of codes) expect(CAUSES[code].actions).toContain('accept');
  });

  test('is to apply it again only where it was set aside and a repair can make it true', () => {
    const repairable = codes.filter(isRepairable);
    expect(repairable).toEqual(['malformed', 'unknown_kind', 'depends_on_quarantined', 'not_applicable']);
    for (const code of repairable) expect(kindOfTrouble(code)).toBe('quarantined');
    expect(kindOfTrouble('z_differs')).toBe('flagged');
  });
});
