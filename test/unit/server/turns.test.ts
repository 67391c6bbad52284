import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { type CompanyId, companyIdSchema } from '#shared/ids.ts';
import { newTurns } from '../../../server/turns.ts';

const company = (): CompanyId => companyIdSchema.parse(uuid());
const [noisy, quiet, other] = [company(), company(), company()];

/** Work that ends when it is told to, and the order in which it began. */
function workshop(limits: Parameters<typeof newTurns>[0]) {
  const turns = newTurns(limits);
  const begun: CompanyId[] = [];
  const underWay: { companyId: CompanyId; end: () => void }[] = [];
  const outcomes: Promise<string>[] = [];
  const ask = (companyId: CompanyId, gone?: AbortSignal) => {
    const work = () =>
      new Promise<void>((end) => {
        begun.push(companyId);
        underWay.push({ companyId, end });
      });
    const outcome = turns.take(companyId, work, gone).then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
    outcomes.push(outcome);
    return outcome;
  };
  /** Ends what began first, and lets the next begin. */
  const endOne = async () => {
    underWay.shift()?.end();
    await turnOfTheLoop();
  };
  return { ask, endOne, begun, underWay, outcomes };
}

const limits = { places: 10, waiting: 1000 };

describe('companies that share a server', () => {
  test('a company that is alone has all places but two, and all of its work is done', async () => {
    const { ask, endOne, begun, underWay, outcomes } = workshop(limits);
    for (let index = 0; index < 300; index += 1) ask(noisy);
    expect(underWay).toHaveLength(8);
    while (underWay.length > 0) {
      await endOne();
      expect(underWay).toHaveLength(Math.min(8, 300 - (begun.length - underWay.length)));
    }
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['done']));
    expect(begun).toHaveLength(300);
  });

  test('one that comes behind hundreds of requests of another begins at once', () => {
    const { ask, begun } = workshop(limits);
    for (let index = 0; index < 300; index += 1) ask(noisy);
    ask(quiet);
    ask(other);
    expect(begun.slice(8)).toEqual([quiet, other]);
  });

  test('those who wait begin in turns, however much of one of them waits', async () => {
    const { ask, endOne, begun } = workshop({ places: 2, waiting: 1000 });
    ask(other);
    ask(noisy);
    for (let index = 0; index < 20; index += 1) ask(noisy);
    for (let index = 0; index < 3; index += 1) ask(quiet);
    for (let index = 0; index < 3; index += 1) ask(other);
    for (let index = 0; index < 11; index += 1) await endOne();
    const waited = begun.slice(2);
    expect(waited.filter((companyId) => companyId !== noisy)).toHaveLength(6);
    for (let index = 0; index + 3 <= 9; index += 3) {
      expect(new Set(waited.slice(index, index + 3))).toEqual(new Set([noisy, quiet, other]));
    }
  });

  test('never has more under way than there are places, nor than one company may have, and all is done in the end', async () => {
    const step = fc.oneof(
      fc.constantFrom(noisy, quiet, other).map((companyId) => ({ companyId })),
      fc.constant('end' as const),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 6 }),
        fc.array(step, { maxLength: 80 }),
        async (places, steps) => {
          const { ask, endOne, begun, underWay, outcomes } = workshop({ places, waiting: 1000 });
          const share = Math.max(1, places - 2);
          for (const one of steps) {
            if (one === 'end') await endOne();
            else ask(one.companyId);
            expect(underWay.length).toBeLessThanOrEqual(places);
            for (const companyId of [noisy, quiet, other]) {
              expect(underWay.filter((work) => work.companyId === companyId).length).toBeLessThanOrEqual(
                share,
              );
            }
          }
          while (underWay.length > 0) await endOne();
          expect(new Set(await Promise.all(outcomes))).toEqual(new Set(outcomes.length > 0 ? ['done'] : []));
          expect(begun).toHaveLength(outcomes.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('work that fails gives its place back', async () => {
    const turns = newTurns({ places: 2, waiting: 1 });
    for (let index = 0; index < 5; index += 1) {
      await expect(turns.take(noisy, () => Promise.reject(new Error('no database')))).rejects.toThrow(
        'no database',
      );
    }
    expect(await turns.take(noisy, async () => 'well')).toBe('well');
  });
});

describe('what is too much', () => {
  test('is told to come again, not before those who wait have had their turn, and takes nothing from others', async () => {
    const { ask, endOne, underWay, begun } = workshop({ places: 3, waiting: 2 });
    for (let index = 0; index < 3; index += 1) ask(noisy);
    expect(await ask(noisy)).toBe('too_many_requests');
    ask(quiet);
    expect(begun).toEqual([noisy, quiet]);
    await endOne();
    ask(noisy);
    while (underWay.length > 0) await endOne();
    expect(begun.filter((companyId) => companyId === noisy)).toHaveLength(4);
  });

  test('names a wait of one to two times the patience, so that not all come back at once', async () => {
    const turns = newTurns({ places: 2, waiting: 1, patience_ms: 20_000 });
    const held = Promise.withResolvers<void>();
    const working = [turns.take(noisy, () => held.promise), turns.take(noisy, () => held.promise)];
    for (let index = 0; index < 20; index += 1) {
      const refused = await turns.take(noisy, async () => {}).catch((error: unknown) => error);
      expect(refused).toMatchObject({ status: 429, code: 'too_many_requests' });
      const { retry_after_s } = refused as { retry_after_s: number };
      expect(retry_after_s).toBeGreaterThanOrEqual(20);
      expect(retry_after_s).toBeLessThanOrEqual(40);
    }
    held.resolve();
    await Promise.all(working);
  });

  test('is also what has waited for too long, and it never begins', async () => {
    const { ask, endOne, begun, underWay } = workshop({ places: 2, waiting: 10, patience_ms: 5 });
    ask(noisy);
    expect(await ask(noisy)).toBe('too_many_requests');
    await endOne();
    expect([begun.length, underWay.length]).toEqual([1, 0]);
  });

  test('what nobody waits for any more never begins', async () => {
    const { ask, endOne, begun } = workshop({ places: 2, waiting: 10 });
    const gone = new AbortController();
    ask(noisy);
    const left = ask(noisy, gone.signal);
    const stayed = ask(noisy);
    gone.abort();
    expect(await left).toBe('too_many_requests');
    expect(await ask(noisy, gone.signal)).toBe('too_many_requests');
    await endOne();
    await endOne();
    expect(await stayed).toBe('done');
    expect(begun).toHaveLength(2);
  });
});
