// Features over several bars against their definitions in plain arrays, from the trades and the stored bar columns.
import { beforeAll, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { DAY_US } from "../core/time.js";
import { FEATURES } from "./catalogue.js";
import type { FeatureRow } from "./feature-rows.js";
import { SeededAverage } from "./seeded-average.js";
import { BAR_US, featureRows, type Market, syntheticMarket } from "./test-market.js";
import { ZScore } from "./z-score.js";

let market: Market;
let rows: readonly FeatureRow[];

beforeAll(async () => {
  market = syntheticMarket(11, 1000);
  rows = await featureRows(market);
});

const column = (name: string): number[] =>
  rows.map(({ values }) => values[FEATURES.findIndex((feature) => feature.name === name)]!);

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Sum over the trades of each bar of a quantity. */
const perBar = (quantity: (i: number) => number): number[] => {
  const sums = rows.map(() => 0);
  const first = rows[0]!.barEndUs - BAR_US;
  market.trades.localTimestampUs.forEach((timeUs, i) => {
    sums[Math.floor((timeUs - first) / BAR_US)]! += quantity(i);
  });
  return sums;
};

/** z of the last value against those of the n before it that are there, at least half of them. */
const z = (values: readonly number[], k: number, n: number, floor = 0): number => {
  const before = values.slice(Math.max(0, k - n), k).filter((x) => !Number.isNaN(x));
  if (before.length < n / 2) return Number.NaN;
  const center = mean(before);
  const deviation = Math.sqrt(sum(before.map((x) => (x - center) ** 2)) / (before.length - 1));
  return Math.max(-8, Math.min(8, (values[k]! - center) / Math.max(deviation, floor)));
};

function check(name: string, plain: (k: number) => number, tolerance = 1e-9): void {
  const wrong = column(name).flatMap((value, k) => {
    // What is masked while an average forgets its seed is not compared.
    const warmUp = FEATURES.find((feature) => feature.name === name)!.warmUpBars;
    const expected = plain(k);
    if (Number.isNaN(value))
      return k > warmUp + 5 && !Number.isNaN(expected) ? [[k, value, expected]] : [];
    return Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected))
      ? []
      : [[k, value, expected]];
  });
  expect([name, wrong]).toEqual([name, []]);
  expect(column(name).filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(200);
}

test("returns, volatility and averages equal their definitions on the stored prices", () => {
  const [c, h, l] = [column("close"), column("high"), column("low")];
  const last = <T>(values: readonly T[], k: number, n: number): T[] =>
    values.slice(Math.max(0, k - n + 1), k + 1);
  for (const n of [5, 15, 60, 240]) check(`log_ret_${n}`, (k) => Math.log(c[k]! / c[k - n]!));
  const r = c.map((x, k) => Math.log(x / c[k - 1]!));
  check("realized_vol_60", (k) => Math.sqrt(sum(last(r, k, 60).map((x) => x * x))));
  const ranges = h.map((x, k) => Math.log(x / l[k]!) ** 2);
  check("parkinson_vol_20", (k) => Math.sqrt(mean(last(ranges, k, 20)) / (4 * Math.log(2))));
  check("sma_ratio_50", (k) => c[k]! / mean(last(c, k, 50)) - 1);
  for (const n of [12, 26]) {
    // Another seed than the first n values' mean: after the masked bars it must not matter.
    const ema: number[] = [];
    for (const x of c)
      ema.push(ema.length === 0 ? x : ema.at(-1)! + (2 / (n + 1)) * (x - ema.at(-1)!));
    check(`ema_ratio_${n}`, (k) => c[k]! / ema[k]! - 1);
  }
});

test("rsi_14 is Wilder's: (G − L)/(G + L) of averages that forget with 13/14", () => {
  const c = column("close");
  const weighted = (k: number, part: (change: number) => number): number => {
    let total = 0;
    for (let j = k; j > 0; j--)
      total += (13 / 14) ** (k - j) * Math.max(0, part(c[j]! - c[j - 1]!));
    return total;
  };
  check(
    "rsi_14",
    (k) => {
      const [rise, fall] = [weighted(k, (x) => x), weighted(k, (x) => -x)];
      return (rise - fall) / (rise + fall);
    },
    1e-7,
  );
});

test("features of trades over several bars equal their definitions on the trades", () => {
  const { side, price, amount } = market.trades;
  const volume = perBar((i) => amount[i]!);
  const notional = perBar((i) => price[i]! * amount[i]!);
  const count = perBar(() => 1);
  const delta = perBar((i) => side[i]! * amount[i]!);
  const c = column("close");
  const over = (values: readonly number[], k: number, n: number): number =>
    k < n - 1 ? Number.NaN : sum(values.slice(k - n + 1, k + 1));
  const vwap15 = (k: number): number => over(notional, k, 15) / over(volume, k, 15);
  check("volume_ratio_60", (k) => {
    const before = over(volume, k - 1, 60) / 60;
    return Math.log((volume[k]! + 0.01 * before) / (1.01 * before));
  });
  check("trade_intensity", (k) => Math.log((1 + count[k]!) / (1 + over(count, k - 1, 60) / 60)));
  const changes = delta.map((_, k) => over(delta, k, 15));
  check("cvd_z", (k) => z(changes, k, 1440));
  check("vwap_dev_15", (k) => (1e4 * (c[k]! - vwap15(k))) / vwap15(k), 1e-8);
  check("vwap_slope_15", (k) => 1e4 * Math.log(vwap15(k) / vwap15(k - 5)), 1e-8);
  const midnight = rows.findIndex(({ barEndUs }) => (barEndUs - BAR_US) % DAY_US === 0);
  check(
    "vwap_dev_session",
    (k) => {
      const bars = k - midnight + 1;
      const vwap = over(notional, k, bars) / over(volume, k, bars);
      return bars > 30 ? (1e4 * (c[k]! - vwap)) / vwap : Number.NaN;
    },
    1e-8,
  );
  check("amihud_illiq", (k) => {
    const bars = Array.from({ length: 60 }, (_, i) => k - i).filter((j) => j > 0 && volume[j]! > 0);
    return Math.log(
      1 + 1e6 * mean(bars.map((j) => Math.abs(Math.log(c[j]! / c[j - 1]!)) / notional[j]!)),
    );
  });
  check("spread_z", (k) => z(column("quoted_spread_bps").map(Math.log), k, 60, 0.05), 1e-8);
});

test("hour_sin and hour_cos are 0 and 1 at midnight, 1 and 0 at six in the morning", async () => {
  const day = 19_000 * DAY_US;
  const { trades } = market;
  const at = (hour: number): Promise<readonly FeatureRow[]> =>
    featureRows({
      trades: {
        ...trades,
        localTimestampUs: trades.localTimestampUs.map(() => day + hour * 3600e6 - 1),
      },
    });
  for (const [hour, sin, cos] of [
    [0, 0, 1],
    [6, 1, 0],
    [12, 0, -1],
    [18, -1, 0],
  ] as const) {
    const [row] = await at(hour);
    const of = (name: string): number => row!.values[FEATURES.findIndex((f) => f.name === name)]!;
    expect(of("hour_sin")).toBeCloseTo(sin, 12);
    expect(of("hour_cos")).toBeCloseTo(cos, 12);
  }
});

test("an average seeded as TA-Lib's: 1, 2, 3, 4, 5 with period 3 gives 2, 3, 4 by EMA and 2, 8/3, 31/9 by Wilder", () => {
  const run = (average: SeededAverage): number[] => [1, 2, 3, 4, 5].map((x) => average.next(x));
  expect(run(new SeededAverage(3, 2 / 4))).toEqual([Number.NaN, Number.NaN, 2, 3, 4]);
  const wilder = run(new SeededAverage(3, 1 / 3));
  expect(wilder[3]).toBeCloseTo(8 / 3, 14);
  expect(wilder[4]).toBeCloseTo(31 / 9, 14);
});

test("a z-score needs half its values and some spread, never counts the current value, and ends at ±8", () => {
  const score = new ZScore(4);
  expect([1, 3, 3, 2].map((x) => score.next(x))).toEqual([
    Number.NaN,
    Number.NaN,
    expect.closeTo(1 / Math.SQRT2, 12),
    expect.closeTo((2 - 7 / 3) / Math.sqrt(4 / 3), 12),
  ]);
  expect([score.next(1e9), score.next(-1e12)]).toEqual([8, -8]);
  const flat = new ZScore(10);
  for (let i = 0; i < 10; i++) flat.next(0.1);
  expect([flat.next(0.1), flat.next(5)]).toEqual([Number.NaN, Number.NaN]);
  const floored = new ZScore(10, { floor: 0.05 });
  for (let i = 0; i < 10; i++) floored.next(0.1);
  expect(floored.next(0.2)).toBeCloseTo(2, 12);
});

test("a z-score has the bits of sums from the oldest to the newest value, whatever came before", () => {
  const random = seededRandom(5, "z-scores");
  const n = 12;
  const values = Array.from({ length: 3000 }, (_, i) => {
    // Stretches in which most are missing, or all are the same.
    if (random.uniform() < (i % 300 < 60 ? 0.7 : 0.02)) return Number.NaN;
    return i % 500 < 40 ? 0.1 : random.normal();
  });
  const plain = (k: number): number => {
    const before = values.slice(Math.max(0, k - n), k).filter((x) => !Number.isNaN(x));
    if (before.length < n / 2) return Number.NaN;
    const center = mean(before);
    const squares = sum(before.map((x) => (x - center) ** 2));
    const deviation = Math.sqrt(squares / (before.length - 1));
    const isSpread = deviation > 1e-12 * Math.max(...before.map(Math.abs));
    return isSpread ? Math.max(-8, Math.min(8, (values[k]! - center) / deviation)) : Number.NaN;
  };
  let score = new ZScore(n);
  const scores = values.map((x, k) => {
    if (k % 70 === 0) {
      const state = score.save();
      score = new ZScore(n);
      score.restore(state);
    }
    if (k % 41 !== 0) return score.next(x);
    score.push(x);
    return undefined;
  });
  expect(scores).toEqual(scores.map((one, k) => (one === undefined ? one : plain(k))));
  expect(scores.filter((one) => one !== undefined && !Number.isNaN(one)).length).toBeGreaterThan(
    1500,
  );
  expect(scores.filter(Number.isNaN).length).toBeGreaterThan(200);
});
