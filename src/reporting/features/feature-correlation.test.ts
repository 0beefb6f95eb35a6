import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { isShortfall } from "../../core/shortfall.js";
import { clusterTable } from "./cluster-table.js";
import { type FeatureCorrelation, featureCorrelation } from "./feature-correlation.js";
import { frameOf } from "./test-frames.js";

const N = 500;
const random = seededRandom(1, "correlation");
const noise = (): Float64Array => Float64Array.from({ length: N }, () => random.normal());
const [first, second, third] = [noise(), noise(), noise()];

test("correlations are Pearson's over the rows that have both", () => {
  const y = first.map((value, i) => (i % 7 === 0 ? Number.NaN : value + second[i]!));
  const { names, values } = correlation({ tfi: first, obi_l1: y, log_ret_5: third });
  const rows = Array.from(y.keys()).filter((i) => !Number.isNaN(y[i]!));
  const at = (name: string): number => names.indexOf(name);
  expect(values[at("tfi")]![at("obi_l1")]).toBeCloseTo(pearson(first, y, rows), 12);
  expect(values[at("tfi")]![at("obi_l1")]).toBeCloseTo(Math.SQRT1_2, 1);
  expect(values[at("tfi")]![at("tfi")]).toBe(1);
  for (const [i, row] of values.entries()) {
    for (const [j, value] of row.entries()) expect(value).toBe(values[j]![i]);
  }
});

test("features that say the same stand in one cluster, also with the sign turned", () => {
  const found = correlation({
    tfi: first,
    obi_l1: third,
    obi_l5: first.map((value, i) => -3 * value + 0.2 * second[i]!),
  });
  expect(found.clusters.map((names) => [...names].sort())).toContainEqual(["obi_l5", "tfi"]);
  expect(found.clusters).toHaveLength(2);
  expect(found.clusters.flat()).toEqual(found.names);
  const [row] = clusterTable(found).rows;
  expect(row!.slice(1, 2)).toEqual([2]);
  expect(row![2]).toBeCloseTo(3 / Math.hypot(3, 0.2), 2);
});

test("levels of symbols make no correlation", () => {
  const frames = [0, 1000].map((level, k) =>
    frameOf(
      {
        tfi: first.map((value) => value + level),
        obi_l1: second.map((value) => value + level),
      },
      { symbol: `COIN${k}` },
    ),
  );
  const found = featureCorrelation(frames) as FeatureCorrelation;
  expect(Math.abs(found.values[0]![1]!)).toBeLessThan(0.2);
});

test("raw prices, constants and what is mostly missing are left out, the last two by name", () => {
  const found = correlation({
    close: first,
    tfi: first,
    obi_l1: second,
    obi_l5: first.map(() => 0.5),
    cvd_z: first.map((value, i) => (i < 0.6 * N ? Number.NaN : value)),
  });
  expect([...found.names].sort()).toEqual(["obi_l1", "tfi"]);
  expect(found.left).toEqual(["obi_l5", "cvd_z"]);
});

test("too few bars, one feature or no values at all are a shortfall", () => {
  const none = first.map(() => Number.NaN);
  const few = frameOf({ tfi: first.slice(0, 59), obi_l1: second.slice(0, 59) });
  for (const frame of [few, frameOf({ tfi: first }), frameOf({ tfi: none, obi_l1: none })]) {
    expect(isShortfall(featureCorrelation([frame]))).toBe(true);
  }
});

function correlation(columns: Readonly<Record<string, Float64Array>>): FeatureCorrelation {
  return featureCorrelation([frameOf(columns)]) as FeatureCorrelation;
}

function pearson(x: Float64Array, y: Float64Array, rows: readonly number[]): number {
  const mean = (values: Float64Array): number =>
    rows.reduce((sum, i) => sum + values[i]!, 0) / rows.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const sum = (term: (i: number) => number): number =>
    rows.reduce((total, i) => total + term(i), 0);
  const covariance = sum((i) => (x[i]! - meanX) * (y[i]! - meanY));
  return (
    covariance / Math.sqrt(sum((i) => (x[i]! - meanX) ** 2) * sum((i) => (y[i]! - meanY) ** 2))
  );
}
