/** More different sums than this are not told apart: then the bounds decide. */
const MAX_SUMS = 50_000;

/** Whether some of the numbers, perhaps none, add up to `target`; errs on the side of yes where there are too many. */
export function isSumOfSome(numbers: readonly number[], target: number): boolean {
  let sums = new Set([0]);
  for (const [i, number] of numbers.entries()) {
    const extended = new Set(sums);
    for (const sum of sums) extended.add(sum + number);
    sums = extended;
    if (sums.size > MAX_SUMS) return isWithinBounds(sums, numbers.slice(i + 1), target);
  }
  return sums.has(target);
}

function isWithinBounds(sums: ReadonlySet<number>, rest: readonly number[], target: number): boolean {
  let low = 0;
  let high = 0;
  for (const sum of sums) {
    low = Math.min(low, sum);
    high = Math.max(high, sum);
  }
  for (const number of rest) {
    if (number < 0) low += number;
    else high += number;
  }
  return target >= low && target <= high;
}
