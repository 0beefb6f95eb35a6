import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { invert3, multiply3 } from "./matrix3.js";
import { pressureCovariance, pressureFilter } from "./pressure-filter.js";
import { EDGES, PRESSURE_CORRELATION } from "./settings.js";

/** Solves A·x = b by elimination with pivoting; an oracle that shares nothing with the filter. */
function solve(a: number[][], b: number[]): number[] {
  const n = b.length;
  const rows = a.map((row, i) => [...row, b[i]!]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j] = rows[i]![j]! - factor * rows[k]![j]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!;
    for (let j = i + 1; j < n; j++) sum -= rows[i]![j]! * x[j]!;
    x[i] = sum / rows[i]![i]!;
  }
  return x;
}

test("the filter is the conditional mean and variance of the joint Gaussian", () => {
  const { drift, flow, halfLifeMinutes } = EDGES.strong;
  const keep = 2 ** (-1 / halfLifeMinutes);
  const g = flow / Math.SQRT2;
  const random = seededRandom(5, "filter");
  const filter = pressureFilter(EDGES.strong);
  const MINUTES = 4;
  // One scalar observation each: [minute, symbol, loading], with noise covariance by kind.
  const seen: { minute: number; symbol: number; loading: number; kind: string; value: number }[] =
    [];
  const correlations: Float64Array[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    const c = 0.2 + 0.15 * minute;
    const returnCorrelation = Float64Array.of(1, c, 0.3, c, 1, 0.1, 0.3, 0.1, 1);
    correlations.push(returnCorrelation);
    const draw = (): Float64Array => Float64Array.from({ length: 3 }, () => random.normal());
    const [tradeFlow, bookFlow, normalizedReturn] = [draw(), draw(), draw()];
    filter.update({ tradeFlow, bookFlow, normalizedReturn, returnCorrelation });
    for (let symbol = 0; symbol < 3; symbol++) {
      seen.push({ minute, symbol, loading: g, kind: "trade", value: tradeFlow[symbol]! });
      seen.push({ minute, symbol, loading: g, kind: "book", value: bookFlow[symbol]! });
      seen.push({
        minute,
        symbol,
        loading: drift,
        kind: "return",
        value: normalizedReturn[symbol]!,
      });
    }
  }
  const prior = (minuteA: number, a: number, minuteB: number, b: number): number =>
    keep ** Math.abs(minuteA - minuteB) * (a === b ? 1 : PRESSURE_CORRELATION);
  const covariance = seen.map((one) =>
    seen.map((two) => {
      const signal =
        one.loading * two.loading * prior(one.minute, one.symbol, two.minute, two.symbol);
      if (one.kind !== two.kind || one.minute !== two.minute) return signal;
      if (one.kind === "return") {
        return signal + correlations[one.minute]![3 * one.symbol + two.symbol]!;
      }
      return signal + (one.symbol === two.symbol ? 1 : 0);
    }),
  );
  for (let symbol = 0; symbol < 3; symbol++) {
    const cross = seen.map(
      (one) => one.loading * prior(one.minute, one.symbol, MINUTES - 1, symbol),
    );
    const weights = solve(covariance, cross);
    const expected = weights.reduce((sum, weight, i) => sum + weight * seen[i]!.value, 0);
    const variance = 1 - weights.reduce((sum, weight, i) => sum + weight * cross[i]!, 0);
    expect(filter.mean[symbol]).toBeCloseTo(expected, 9);
    expect(filter.covariance[4 * symbol]).toBeCloseTo(variance, 9);
  }
});

test("a matrix times its inverse is the unit matrix", () => {
  const matrix = pressureCovariance();
  matrix[8] = 3;
  const inverse = new Float64Array(9);
  invert3(matrix, inverse);
  const column = new Float64Array(3);
  for (let i = 0; i < 3; i++) {
    multiply3(matrix, inverse.slice(3 * i, 3 * i + 3), column);
    for (let j = 0; j < 3; j++) expect(column[j]).toBeCloseTo(i === j ? 1 : 0, 12);
  }
});
