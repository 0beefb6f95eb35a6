/**
 * Ticks of a logarithmic axis as people read them: 1, 2 and 5 times the powers of ten (powers alone over a wide range),
 * written out. Plotly's own leave the power away.
 *
 * @param values - what is drawn; values that are not positive have no place on the axis
 * @returns settings of the axis
 */
export function logTicks(values: Iterable<number>): {
  readonly tickvals: readonly number[];
  readonly ticktext: readonly string[];
} {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of values) {
    if (!(value > 0) || value === Number.POSITIVE_INFINITY) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high === 0) return { tickvals: [], ticktext: [] };
  const first = Math.floor(Math.log10(low));
  const decades = Math.floor(Math.log10(high)) - first + 1;
  const factors = decades > 5 ? [1] : decades > 3 ? [1, 3] : [1, 2, 5];
  // A decade more on either side, because logarithms of nearly round numbers round to them.
  const all = Array.from({ length: decades + 2 }, (_, i) =>
    factors.map((factor) => Number((factor * 10 ** (first - 1 + i)).toPrecision(3))),
  ).flat();
  // One tick on either side of the data stays, so that a narrow range has two at least.
  const from = Math.max(0, all.filter((tick) => tick <= low).length - 1);
  const after = all.findIndex((tick) => tick >= high);
  const tickvals = all.slice(from, after < 0 ? all.length : after + 1);
  return { tickvals, ticktext: tickvals.map(numberText) };
}

function numberText(value: number): string {
  const units = [
    [1e9, " G"],
    [1e6, " M"],
    [1e3, " k"],
  ] as const;
  const unit = units.find(([size]) => value >= size);
  return unit === undefined
    ? String(value)
    : `${Number((value / unit[0]).toPrecision(3))}${unit[1]}`;
}
