// Technical features on candles that can be worked by hand, and where they have no value.
import fc from "fast-check";
import { expect, test } from "vitest";
import { MINUTE_US } from "../core/time.js";
import { FEATURES } from "./catalogue.js";
import { createFeatureEngine } from "./engine.js";
import { START_US } from "./test-market.js";

type Candle = readonly [high: number, low: number, close: number, volume?: number];

const TECHNICAL = [
  ...["macd", "macd_signal", "macd_hist", "rsi_14", "stoch_k_14", "stoch_d_3", "cci_20", "adx_14"],
  ...["atr_14_pct", "bb_pctb_20", "bb_width_20", "obv_slope_20", "mfi_14"],
];

/** Columns of features of one-minute candles; a volume of 0 is a minute without trades. */
function columns(candles: readonly Candle[]): Readonly<Record<string, readonly number[]>> {
  const rows: Float64Array[] = [];
  const engine = createFeatureEngine(({ values }) => rows.push(values));
  candles.forEach(([high, low, close, volume = 1], k) => {
    const candle = { open: close, high, low, close, volume };
    if (volume > 0) engine.onCandle(START_US + k * MINUTE_US, candle);
  });
  engine.advance(START_US + candles.length * MINUTE_US);
  return Object.fromEntries(FEATURES.map(({ name }, i) => [name, rows.map((row) => row[i]!)]));
}

/** The last value of a feature. */
const last = (name: string, candles: readonly Candle[]): number => columns(candles)[name]!.at(-1)!;

/** n candles. */
const repeat = (n: number, candle: (k: number) => Candle): Candle[] =>
  Array.from({ length: n }, (_, k) => candle(k));

/** A candle of one price. */
const still = (price: number, volume = 1): Candle => [price, price, price, volume];

test("on a straight line EMA12 is 5.5 steps behind and EMA26 12.5: MACD is 7 steps, and so is its average", () => {
  const line = repeat(400, (k) => still(1000 + k));
  expect(last("macd", line)).toBeCloseTo(7 / 1399, 14);
  expect(last("macd_signal", line)).toBeCloseTo(7 / 1399, 14);
  expect(last("macd_hist", line)).toBeCloseTo(0, 14);
});

test("%K is where the close stands between the lowest low and the highest high of 14 bars, %D the mean of 3", () => {
  const calm = repeat(14, (): Candle => [20, 12, 15]);
  const deep: Candle = [16, 10, 12.5];
  expect(columns([...calm, deep, [30, 12, 20], [25, 12, 10]])["stoch_k_14"]!.slice(12)).toEqual([
    Number.NaN,
    3 / 8,
    2.5 / 10,
    10 / 20,
    0,
  ]);
  expect(last("stoch_d_3", [...calm, deep, [30, 12, 20], [25, 12, 10]])).toBeCloseTo(0.25, 15);
});

test("19 equal bars and one above: CCI is 20/3, %b 0.5 + √19/4, the furthest there is", () => {
  const candles = [...repeat(19, () => still(100)), still(101)];
  expect(last("cci_20", candles)).toBeCloseTo(20 / 3, 9);
  expect(last("bb_pctb_20", candles)).toBeCloseTo(0.5 + Math.sqrt(19) / 4, 12);
});

test("closes of 99 and 101 by turns: one deviation, so CCI ends at 1/1.5, %b at 0.75, and the bands are 4 wide", () => {
  const candles = repeat(20, (k) => still(k % 2 === 0 ? 99 : 101));
  expect(last("cci_20", candles)).toBeCloseTo(1 / 1.5, 12);
  expect(last("bb_pctb_20", candles)).toBeCloseTo(0.75, 14);
  expect(last("bb_width_20", candles)).toBeCloseTo(0.04, 14);
});

test("true ranges reach to the close before: bars of 1 that begin 2 above it have 3", () => {
  const climbing = repeat(281, (k): Candle => [3 * k + 103, 3 * k + 102, 3 * k + 103]);
  // Each low is 2 above the close before, each high 3.
  expect(columns(climbing)["atr_14_pct"]!.at(-1)).toBeCloseTo(3 / (3 * 280 + 103), 14);
});

test("only rises give an ADX of 1, also only falls; an outside bar with equal ends moves neither way", () => {
  const up = repeat(350, (k): Candle => [k + 102, k + 100, k + 101]);
  expect(columns(up)["adx_14"]!.slice(348)).toEqual([Number.NaN, 1]);
  expect(last("adx_14", [...up].reverse())).toBe(1);
  const outside = repeat(400, (k): Candle => [1000 + k, 1000 - k, 1000]);
  expect(last("adx_14", outside)).toBeNaN();
});

test("an ADX that moves up twice as far as down goes to 1/3", () => {
  let top = 1000;
  const candles = repeat(3000, (k): Candle => {
    top += k % 2 === 0 ? 2 : -1;
    return [top, top - 10, top - 5];
  });
  // The last two bars, averaged: Wilder's sums swing by a fourteenth with each move.
  const [a, b] = columns(candles)["adx_14"]!.slice(-2);
  expect((a! + b!) / 2).toBeCloseTo(1 / 3, 2);
});

test("on-balance volume of 3 a bar has slope 1 when all bars rise, −1 when all fall, 0 when none moves", () => {
  const volume3 = (step: number): Candle[] => repeat(20, (k) => still(500 + step * k, 3));
  expect([1, -1, 0].map((step) => last("obv_slope_20", volume3(step)))).toEqual([1, -1, 0]);
  const middle = repeat(20, (k) => still(k < 10 ? 500 : 501, k === 10 ? 7 : 0));
  const first = still(500, 2 ** -40);
  expect(last("obv_slope_20", [first, ...middle.slice(1)])).toBeCloseTo((20 * 50) / 665, 9);
});

test("the slope of on-balance volume forgets: what was traded before its 20 bars changes no bit", () => {
  const huge = repeat(20, (k) => still(100 + (k % 3), 1e12));
  const window = repeat(20, (k) => still(100 + ((7 * k) % 5), 1e-3 * (1 + (k % 4))));
  expect(last("obv_slope_20", [...huge, ...window])).toBe(last("obv_slope_20", window));
});

test("flows of 14 bars: 10 up and 4 down at nearly one price give 6/14, however small they are", () => {
  const price = (k: number): number => [100, 100.01, 100.02, 100.01][k % 4]!;
  const moves = repeat(15, (k) => still(price(k), k === 0 ? 1 : 1e-9));
  const [up, down] = [-1, 1].map((sign) =>
    moves.slice(1).reduce((sum, [, , close], k) => {
      const isSide = Math.sign(price(k) - close) === sign;
      return isSide ? sum + close * 1e-9 : sum;
    }, 0),
  );
  expect(last("mfi_14", moves)).toBeCloseTo((up! - down!) / (up! + down!), 12);
  expect(
    last(
      "mfi_14",
      repeat(15, (k) => still(100 + k, 1e-9)),
    ),
  ).toBe(1);
  expect(
    last(
      "mfi_14",
      repeat(15, (k) => still(100 - k, 1e-9)),
    ),
  ).toBe(-1);
});

test("one price that no double holds: ratios of moves are missing, never 0 or 50; distances are 0", () => {
  const values = columns(repeat(400, () => still(0.1, 0.7)));
  const at400 = Object.fromEntries(TECHNICAL.map((name) => [name, values[name]!.at(-1)!]));
  const missing = ["rsi_14", "stoch_k_14", "stoch_d_3", "cci_20", "adx_14", "bb_pctb_20", "mfi_14"];
  expect(TECHNICAL.filter((name) => Number.isNaN(at400[name]!))).toEqual(missing);
  expect(at400["bb_width_20"]).toBe(0);
  expect(at400["atr_14_pct"]).toBe(0);
  expect(at400["obv_slope_20"]).toBe(0);
  for (const name of ["macd", "macd_signal", "macd_hist"]) {
    expect(at400[name]).toBeCloseTo(0, 14);
  }
});

test("a typical price that differs in its last bit alone did not move", () => {
  expect(0.3 + 0.1 + 0.2).not.toBe(0.4 + 0.1 + 0.1);
  const candles = repeat(40, (k): Candle => (k % 2 === 0 ? [0.3, 0.1, 0.2] : [0.4, 0.1, 0.1]));
  expect([last("mfi_14", candles), last("cci_20", candles)]).toEqual([Number.NaN, Number.NaN]);
});

test("minutes without trades carry the close: no range, no flow, no volume to divide by", () => {
  const values = columns([
    ...repeat(50, (k): Candle => [102 + k, 100 + k, 101 + k]),
    ...repeat(40, () => still(150, 0)),
  ]);
  for (const name of ["stoch_k_14", "cci_20", "bb_pctb_20", "obv_slope_20", "mfi_14"]) {
    expect([name, values[name]![49]! > 0, values[name]!.at(-1)]).toEqual([name, true, Number.NaN]);
  }
});

test("a bar without directional movement does not spoil ADX: it waits, and goes on from where it was", () => {
  const before = repeat(40, () => still(100));
  const up = repeat(350, (k): Candle => [k + 102, k + 100, k + 101]);
  const start = columns([...before, ...up])["adx_14"]!;
  // The first bar of `up` moves and is the first with an index: 24 · 14 of them are wanted.
  expect(start.findIndex((value) => !Number.isNaN(value))).toBe(40 + 24 * 14 - 1);
  const dead = repeat(12_000, () => still(450, 0));
  const after = columns([...up, ...dead, [500, 449, 480], [510, 460, 490]]);
  expect(after["adx_14"]![350 + 5000]).toBeCloseTo(1, 14);
  expect(after["adx_14"]![350 + 11_999]).toBeNaN();
  expect(after["adx_14"]!.slice(-2).every((value) => value > 0.9 && value <= 1)).toBe(true);
  expect(after["rsi_14"]![350 + 11_999]).toBeNaN();
  expect(after["rsi_14"]!.at(-1)).toBe(1);
});

test("no value leaves its range, whatever the candles", () => {
  const bounded = FEATURES.flatMap(({ name, range: [low, high] }, i) =>
    TECHNICAL.includes(name) ? [{ name, i, low, high }] : [],
  );
  const tick = fc.constantFrom(1e-8, 0.01, 1 / 3, 1e5);
  const step = fc.oneof(
    fc.constant(0),
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -900, max: 900 }),
  );
  const bar = fc.tuple(step, fc.nat(2), fc.nat(2), fc.constantFrom(0, 1e-9, 0.1, 1, 1e12));
  fc.assert(
    fc.property(tick, fc.array(bar, { minLength: 20, maxLength: 450 }), (size, bars) => {
      let close = 1000;
      const wrong: unknown[] = [];
      const engine = createFeatureEngine(({ values }) => {
        for (const { name, i, low, high } of bounded) {
          const value = values[i]!;
          if (value < low || value > high || Math.abs(value) === Number.POSITIVE_INFINITY) {
            wrong.push([name, value]);
          }
        }
      });
      bars.forEach(([move, above, below, volume], k) => {
        close = Math.max(close + move, 5);
        const [h, l, c] = [close + above, close - below, close].map((ticks) => ticks * size);
        const candle = { open: c!, high: h!, low: l!, close: c!, volume };
        if (volume > 0) engine.onCandle(START_US + k * MINUTE_US, candle);
      });
      engine.finish();
      expect(wrong).toEqual([]);
    }),
    { seed: 20261130, numRuns: 60 },
  );
});
