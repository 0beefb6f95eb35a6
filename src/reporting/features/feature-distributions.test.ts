import { expect, test } from "vitest";
import { isShortfall } from "../../core/shortfall.js";
import {
  distributionsByRegime,
  distributionsBySymbol,
  type FeatureDistributions,
} from "./feature-distributions.js";
import { frameOf } from "./test-frames.js";
import { volatilityRegimes } from "./volatility-regimes.js";

/** 0, 1, …, 100: its quantiles are its levels in percent. */
const RAMP = Float64Array.from({ length: 101 }, (_, i) => i);

test("bands are quantiles around the median of all, in units of the middle half of all", () => {
  const found = distributionsBySymbol([frameOf({ tfi: RAMP })]) as FeatureDistributions;
  expect(found.features[0]!.bands[0]).toEqual([5, 25, 50, 75, 95].map((q) => (q - 50) / 50));
  expect(found.rows).toBe(101);
});

test("symbols that differ by a shift lie as far apart as the shift", () => {
  const frames = [0, 100].map((shift, k) =>
    frameOf({ tfi: RAMP.map((value) => value + shift) }, { symbol: `COIN${k}` }),
  );
  const { features, groups } = distributionsBySymbol(frames) as FeatureDistributions;
  expect(groups).toEqual(["COIN0", "COIN1"]);
  const [one] = features;
  const [low, high] = one!.bands.map((band) => band![2]);
  expect(high! - low!).toBeCloseTo(one!.apart, 12);
  // All values together are 0 to 200 with 100 twice: their middle half is from 50.25 to 149.75.
  expect(one!.apart).toBeCloseTo(100 / 99.5, 12);
});

test("features without spread or values are named, and raw prices, the clock and regimes are none", () => {
  const found = distributionsBySymbol([
    frameOf({
      close: RAMP,
      volume: RAMP,
      hour_sin: RAMP,
      vol_regime_low: RAMP,
      tfi: RAMP,
      obi_l1: RAMP.map(() => 0.5),
      cvd_z: RAMP.map((value) => (value < 90 ? Number.NaN : value)),
    }),
  ]) as FeatureDistributions;
  expect(found.features.map(({ name }) => name)).toEqual(["tfi"]);
  expect(found.left).toEqual(["obi_l1", "cvd_z"]);
});

test("families stand together, in the order of their first feature", () => {
  const found = distributionsBySymbol([
    frameOf({ rsi_14: RAMP, adx_14: RAMP, cci_20: RAMP, atr_14_pct: RAMP }),
  ]) as FeatureDistributions;
  const families = found.features.map(({ family }) => family);
  const runs = families.filter((family, i) => family !== families[i - 1]);
  expect(runs).toEqual([...new Set(families)]);
});

test("regimes are the catalogue's where they are known", () => {
  const rows = 300;
  const regime = (k: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => (i < 30 ? Number.NaN : Number(i % 3 === k)));
  const frame = frameOf({
    vol_regime_low: regime(0),
    vol_regime_normal: regime(1),
    vol_regime_high: regime(2),
    realized_vol_60: regime(0),
    tfi: Float64Array.from({ length: rows }, (_, i) => (i % 3) + (i % 10) / 100),
  });
  const found = distributionsByRegime([frame]) as FeatureDistributions;
  expect(found.source).toContain("vol_regime_low");
  expect(found.rows).toBe(270);
  const tfi = found.features.find(({ name }) => name === "tfi")!;
  const middles = tfi.bands.map((band) => band![2]);
  expect(middles[1]! - middles[0]!).toBeCloseTo(middles[2]! - middles[1]!, 1);
  expect(middles[0]!).toBeLessThan(middles[2]!);
});

test("where no regime is known, thirds of realized_vol_60 stand in, and that is said", () => {
  const frame = frameOf({ realized_vol_60: RAMP, tfi: RAMP });
  const [regimes] = volatilityRegimes([frame]);
  expect(regimes!.source).toMatch(/realized_vol_60.*no values/);
  expect([0, 33, 34, 66, 67, 100].map((row) => regimes!.regime[row])).toEqual([0, 0, 1, 1, 2, 2]);
  const { groups, features } = distributionsByRegime([frame]) as FeatureDistributions;
  expect(groups).toEqual(["low", "normal", "high"]);
  expect(features.find(({ name }) => name === "tfi")!.apart).toBeCloseTo(67 / 50, 1);
});

test("symbols are told in their own units before regimes are compared", () => {
  const frames = [1, 1000].map((scale, k) =>
    frameOf(
      { realized_vol_60: RAMP, tfi: RAMP.map((value) => scale * value) },
      { symbol: `COIN${k}` },
    ),
  );
  const both = distributionsByRegime(frames) as FeatureDistributions;
  const one = distributionsByRegime([frames[0]!]) as FeatureDistributions;
  expect(both.features[1]!.bands[0]![2]).toBeCloseTo(one.features[1]!.bands[0]![2]!, 9);
});

test("one row, no values and too few of a known regime are a shortfall", () => {
  const none = frameOf({
    tfi: RAMP.map(() => Number.NaN),
    realized_vol_60: RAMP.map(() => Number.NaN),
  });
  const one = frameOf({ tfi: [1], realized_vol_60: [1] });
  for (const frame of [none, one]) {
    expect(isShortfall(distributionsBySymbol([frame]))).toBe(true);
    expect(isShortfall(distributionsByRegime([frame]))).toBe(true);
  }
});
