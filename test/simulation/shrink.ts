/**
 * Takes steps out of a history that fails, as long as it still fails (delta debugging, Zeller 2002): first halves,
 * then ever smaller parts, until no single step can be spared or the tries are used up.
 */
export async function shrink(
  steps: readonly number[],
  fails: (steps: readonly number[]) => Promise<boolean>,
  mostTries: number,
): Promise<number[]> {
  let kept = [...steps];
  let parts = 2;
  let tries = 0;
  while (kept.length > 0 && tries < mostTries) {
    const size = Math.ceil(kept.length / parts);
    let smaller: number[] | undefined;
    for (let from = 0; from < kept.length && !smaller && tries < mostTries; from += size) {
      const rest = [...kept.slice(0, from), ...kept.slice(from + size)];
      tries += 1;
      if (await fails(rest)) smaller = rest;
    }
    if (smaller) {
      kept = smaller;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) break;
    else parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}
