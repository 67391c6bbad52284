/**
 * Exact integer arithmetic for money. Products are taken in BigInt when they could pass 2^53, so that no
 * floating-point value ever stands between the scan and the ledger.
 */

/** Rounds numerator/denominator half away from zero: 5/2 is 3 and −5/2 is −3. */
export function divideRounded(numerator: bigint, denominator: bigint): number {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  return toSafeNumber(negative ? -((2n * n + d) / (2n * d)) : (2n * n + d) / (2n * d));
}

/** `a × b ÷ divisor`, rounded half away from zero. All three are integers, `divisor` positive. */
export function multiplyDivide(a: number, b: number, divisor: number): number {
  const product = a * b;
  if (Number.isSafeInteger(2 * Math.abs(product) + divisor)) {
    const magnitude = Math.floor((2 * Math.abs(product) + divisor) / (2 * divisor));
    return product < 0 && magnitude !== 0 ? -magnitude : magnitude;
  }
  return divideRounded(BigInt(a) * BigInt(b), BigInt(divisor));
}

/**
 * Splits a sum of exact shares into whole units that add up to the rounded sum: largest remainder method.
 *
 * The exact share of entry i is `numerators[i] / denominator`. Each part is within one unit of its share, the
 * parts add up to the rounded total, negating every share negates every part, and the outcome for an entry
 * depends on its `key`, never on its place in the list.
 */
export function distribute(
  numerators: readonly bigint[],
  denominator: bigint,
  keys: readonly string[],
): number[] {
  let sum = 0n;
  for (const numerator of numerators) sum += numerator;
  const parts = numerators.map((numerator) => numerator / denominator);
  let rest = BigInt(divideRounded(sum, denominator));
  for (const part of parts) rest -= part;
  if (rest !== 0n) {
    const unit = rest < 0n ? -1n : 1n;
    const remainders = numerators.map((numerator) => (numerator % denominator) * unit);
    const order = remainders.map((_, index) => index);
    order.sort((left, right) => {
      const difference = (remainders[right] ?? 0n) - (remainders[left] ?? 0n);
      if (difference !== 0n) return difference > 0n ? 1 : -1;
      const [key, other] = [keys[left] ?? '', keys[right] ?? ''];
      return key < other ? -1 : key > other ? 1 : 0;
    });
    for (let index = 0n; index < rest * unit; index += 1n) {
      const place = order[Number(index)];
      if (place === undefined) throw new Error('distribute: more rest than entries');
      parts[place] = (parts[place] ?? 0n) + unit;
    }
  }
  return parts.map(toSafeNumber);
}

/** The same number, never −0 (which JSON and hashes would tell apart from 0); a bug if it is not whole. */
export function wholeNumber(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number below 2^53: ${value}`);
  return value === 0 ? 0 : value;
}

/**
 * Adds whole numbers. The sum is exact even where it passes 2^53 on the way and comes back; a sum that cannot be
 * held exactly is a RangeError.
 */
export function exactSum(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) {
    sum += value;
    if (!Number.isSafeInteger(sum)) return toSafeNumber(bigSum(values));
  }
  return sum;
}

/** Whether whole numbers add up to `claimed`. Never throws: what cannot be held is not what was claimed. */
export function addsUpTo(values: readonly number[], claimed: number): boolean {
  let sum = 0;
  for (const value of values) {
    sum += value;
    if (!Number.isSafeInteger(sum)) return bigSum(values) === BigInt(claimed);
  }
  return sum === claimed;
}

const bigSum = (values: readonly number[]): bigint => values.reduce((sum, value) => sum + BigInt(value), 0n);

const toSafeNumber = (value: bigint): number => wholeNumber(Number(value));
