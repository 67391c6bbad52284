/** One figure, beside the raw limit that was measured in the same run. `ratio` is value ÷ limit. */
type Measure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number;
  readonly ratio: number;
};

/** What the limit is, in words, and the goal from docs/figures.md. */
export type Described = Measure & { readonly against: string; readonly goal: string };

const rounded = (value: number): number => Number(value.toPrecision(4));

export const measure = (
  name: string,
  unit: string,
  { value, limit }: { value: number; limit: number },
  { against, goal }: { against: string; goal: string },
): Described => ({
  name,
  value: rounded(value),
  unit,
  limit: rounded(limit),
  ratio: rounded(value / limit),
  against,
  goal,
});

/** The time below which a share of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const ordered = [...samples].sort((left, right) => left - right);
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? 0;
}

/** Milliseconds of each of so many runs. */
export function timed(times: number, run: (index: number) => unknown): number[] {
  return Array.from({ length: times }, (_, index) => {
    const start = performance.now();
    run(index);
    return performance.now() - start;
  });
}

/** Milliseconds that something took. */
export async function elapsed(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
