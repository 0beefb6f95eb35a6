// Small counts that pictures say in words.

/** A share in whole percent: "62 %"; what is neither none nor all never reads so: "under 1 %", "over 99 %". */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return "under 1 %";
  if (share < 1 && share >= 0.995) return "over 99 %";
  return `${Math.round(100 * share)} %`;
}

/** "once", "twice", "7 times". */
export function times(count: number): string {
  if (count === 2) return "twice";
  return count === 1 ? "once" : `${count.toLocaleString("en-US")} times`;
}

/** How often a series goes from one side of zero to the other; zeros and missing values are skipped. */
export function signChanges(values: ArrayLike<number>): number {
  let changes = 0;
  let last = 0;
  for (let i = 0; i < values.length; i++) {
    const sign = Math.sign(values[i]!);
    if (sign === 0 || Number.isNaN(sign)) continue;
    if (last !== 0 && sign !== last) changes++;
    last = sign;
  }
  return changes;
}

/** Share of the values that are there for which something holds; NaN where none is there. */
export function shareOf(
  values: Float64Array,
  holds: (value: number, row: number) => boolean,
): number {
  let known = 0;
  let held = 0;
  values.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    known++;
    if (holds(value, row)) held++;
  });
  return held / known;
}

/** Lowest and highest of the values that are there; NaN where none is. */
export function extremes(values: Float64Array): readonly [low: number, high: number] {
  let [low, high] = [Number.NaN, Number.NaN];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!(low <= value)) low = value;
    if (!(high >= value)) high = value;
  }
  return [low, high];
}
