// The indicators against TA-Lib's own output on candles with gaps, zero ranges, still prices and minutes without trades.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { MINUTE_US } from "../core/time.js";
import { FEATURES } from "./catalogue.js";
import { DirectionalMovement } from "./directional-movement.js";
import { createFeatureEngine } from "./engine.js";
import { Macd } from "./macd.js";
import { SeededAverage } from "./seeded-average.js";
import { START_US } from "./test-market.js";

const INDICATORS = [
  ...["ema12", "ema26", "sma50", "macd", "signal", "rsi14", "stochK14", "stochD3", "cci20"],
  ...["adx14", "atr14", "upper20", "middle20", "lower20", "obv", "mfi14"],
] as const;
type Columns = Readonly<Record<string, readonly number[]>>;

const text = readFileSync(path.join(__dirname, "../../data/golden/ta-lib.json"), "utf8");
const golden = JSON.parse(text) as {
  readonly sha256: string;
  readonly series: readonly Readonly<Record<string, string | readonly (number | null)[]>>[];
};
const SERIES = golden.series.map(({ name, ...columns }): { name: string; columns: Columns } => ({
  name: name as string,
  columns: Object.fromEntries(
    Object.entries(columns).map(([column, values]) => [
      column,
      (values as readonly (number | null)[]).map((value) => value ?? Number.NaN),
    ]),
  ),
}));

test("the golden file is what the script wrote", () => {
  const series = text.slice(text.indexOf('"series": ') + 10, text.lastIndexOf("}"));
  expect(createHash("sha256").update(series).digest("hex")).toBe(golden.sha256);
  expect(SERIES.map(({ columns }) => INDICATORS.filter((name) => name in columns))).toEqual(
    SERIES.map(() => INDICATORS),
  );
});

/** A feature of every bar, from one on, of an engine that is told the candles of minutes with trades. */
function featureColumns({ high, low, close, volume }: Columns, first = 0): Columns {
  const values = FEATURES.map((): number[] => []);
  const engine = createFeatureEngine((row) => {
    row.values.forEach((value, i) => {
      values[i]!.push(value);
    });
  });
  for (let k = first; k < close!.length; k++) {
    const candle = { open: close![k]!, high: high![k]!, low: low![k]!, close: close![k]! };
    if (volume![k]! === 0) continue;
    engine.onCandle(START_US + k * MINUTE_US, { ...candle, volume: volume![k]! });
  }
  engine.advance(START_US + close!.length * MINUTE_US);
  return Object.fromEntries(FEATURES.map(({ name }, i) => [name, values[i]!]));
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);
const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);

/** One feature made of TA-Lib's output. */
interface Indicator {
  /** From TA-Lib's columns, at bar k. */
  readonly expected: (k: number, columns: Columns) => number;
  /** Difference that a value near 0 may have, where TA-Lib or the feature takes the difference of large numbers. */
  readonly floor: number;
  /** Whether the feature has no value at bar k, which TA-Lib gives one by convention. */
  readonly isUndefined?: (k: number, columns: Columns) => boolean;
  /** That value; none where TA-Lib's bands have no width. */
  readonly convention?: number;
}

const typical = ({ high, low, close }: Columns, k: number): number =>
  (high![k]! + low![k]! + close![k]!) / 3;
/** Equal but for the last bits: a third of a sum may differ where the sums of three prices do not. */
const isSame = (values: readonly number[]): boolean =>
  Math.max(...values) - Math.min(...values) < 1e-10 * Math.max(...values);

const isStill = (k: number, { high, low }: Columns): boolean =>
  Math.max(...high!.slice(k - 13, k + 1)) === Math.min(...low!.slice(k - 13, k + 1));

/** Number of bars up to k that have a directional index: of those from bar 14 on, the ones after the first movement. */
const indexes = (k: number, { high, low }: Columns): number => {
  const moved = range(1, k + 1).find((j) => high![j]! > high![j - 1]! || low![j]! < low![j - 1]!);
  return moved === undefined ? 0 : k + 1 - Math.max(14, moved);
};

/** Least-squares slope of 20 values against 0 to 19. */
const slope = (values: readonly number[]): number => {
  const mean = sum(values) / 20;
  return sum(values.map((value, i) => (i - 9.5) * (value - mean))) / 665;
};
const last20 = (values: readonly number[] | undefined, k: number): readonly number[] =>
  values!.slice(k - 19, k + 1);

const TA_LIB: Readonly<Record<string, Indicator>> = {
  ema_ratio_12: { expected: (k, { close, ema12 }) => close![k]! / ema12![k]! - 1, floor: 1e-14 },
  ema_ratio_26: { expected: (k, { close, ema26 }) => close![k]! / ema26![k]! - 1, floor: 1e-14 },
  sma_ratio_50: { expected: (k, { close, sma50 }) => close![k]! / sma50![k]! - 1, floor: 1e-14 },
  macd: { expected: (k, { close, macd }) => macd![k]! / close![k]!, floor: 1e-14 },
  macd_signal: { expected: (k, { close, signal }) => signal![k]! / close![k]!, floor: 1e-14 },
  macd_hist: {
    expected: (k, { close, macd, signal }) => (macd![k]! - signal![k]!) / close![k]!,
    floor: 1e-14,
  },
  rsi_14: { expected: (k, { rsi14 }) => rsi14![k]! / 50 - 1, floor: 1e-14 },
  stoch_k_14: {
    expected: (k, { stochK14 }) => stochK14![k]! / 100,
    floor: 1e-14,
    isUndefined: isStill,
    convention: 0,
  },
  stoch_d_3: {
    expected: (k, { stochD3 }) => stochD3![k]! / 100,
    floor: 1e-14,
    isUndefined: (k, columns) => [k - 2, k - 1, k].some((j) => isStill(j, columns)),
  },
  cci_20: {
    expected: (k, { cci20 }) => cci20![k]! / 100,
    floor: 1e-10,
    isUndefined: (k, columns) => isSame(range(k - 19, k + 1).map((j) => typical(columns, j))),
    convention: 0,
  },
  adx_14: {
    expected: (k, { adx14 }) => adx14![k]! / 100,
    floor: 1e-14,
    isUndefined: (k, columns) => indexes(k, columns) < 24 * 14,
  },
  atr_14_pct: { expected: (k, { close, atr14 }) => atr14![k]! / close![k]!, floor: 1e-16 },
  bb_pctb_20: {
    expected: (k, { close, upper20, lower20 }) =>
      (close![k]! - lower20![k]!) / (upper20![k]! - lower20![k]!),
    floor: 1e-10,
    isUndefined: (k, { close }) => isSame(last20(close, k)),
  },
  bb_width_20: {
    expected: (k, { upper20, middle20, lower20 }) => (upper20![k]! - lower20![k]!) / middle20![k]!,
    floor: 1e-14,
  },
  obv_slope_20: {
    expected: (k, { obv, volume }) => slope(last20(obv, k)) / (sum(last20(volume, k)) / 20),
    floor: 1e-14,
    isUndefined: (k, { volume }) => sum(last20(volume, k)) === 0,
  },
  mfi_14: {
    expected: (k, { mfi14 }) => mfi14![k]! / 50 - 1,
    floor: 1e-14,
    isUndefined: (k, columns) =>
      range(k - 13, k + 1).every(
        (j) =>
          columns["volume"]![j] === 0 || isSame([typical(columns, j), typical(columns, j - 1)]),
      ),
    convention: -1,
  },
};

const isClose = (actual: number, expected: number, floor: number): boolean =>
  Math.abs(actual - expected) <= Math.max(1e-9 * Math.abs(expected), floor);

describe.each(SERIES)("$name", ({ columns }) => {
  const bars = columns["close"]!.length;
  const features = featureColumns(columns);

  test.each(Object.entries(TA_LIB))(
    "%s is TA-Lib's, and missing where that is a convention",
    (name, { expected, floor, isUndefined, convention }) => {
      const { warmUpBars } = FEATURES.find((feature) => feature.name === name)!;
      const ours = features[name]!;
      expect(ours).toHaveLength(bars);
      expect(ours.slice(0, warmUpBars).every(Number.isNaN)).toBe(true);
      const compared = range(warmUpBars, bars);
      const missing = compared.filter((k) => isUndefined?.(k, columns) ?? false);
      expect(compared.filter((k) => Number.isNaN(ours[k]!))).toEqual(missing);
      if (convention !== undefined) {
        expect(new Set(missing.map((k) => expected(k, columns)))).toEqual(new Set([convention]));
      }
      const wrong = compared
        .filter((k) => !missing.includes(k) && !isClose(ours[k]!, expected(k, columns), floor))
        .map((k) => [k, ours[k], expected(k, columns)]);
      expect(wrong).toEqual([]);
      expect(compared.length - missing.length).toBeGreaterThan(150);
    },
  );

  test("averages begin as TA-Lib's do: equal from its first value on", () => {
    const { high, low, close } = columns as Readonly<Record<"high" | "low" | "close", number[]>>;
    const begun = (actual: readonly number[], name: string, floor = 0): void => {
      const theirs = columns[name]!;
      const first = theirs.findIndex((value) => !Number.isNaN(value));
      const wrong = range(first, bars)
        .filter((k) => !isClose(actual[k]!, theirs[k]!, floor))
        .map((k) => [k, actual[k], theirs[k]]);
      expect([name, wrong]).toEqual([name, []]);
    };
    const ulps = 1e-14 * close[0]!;
    for (const n of [12, 26]) {
      const ema = new SeededAverage(n, 2 / (n + 1));
      const values = close.map((x) => ema.next(x));
      expect(values.findIndex((value) => !Number.isNaN(value))).toBe(n - 1);
      begun(values, `ema${n}`);
    }
    const macd = new Macd();
    const lines = close.map((x) => {
      macd.next(x);
      return [macd.line, macd.signal] as const;
    });
    expect([0, 1].map((i) => lines.findIndex((pair) => !Number.isNaN(pair[i]!)))).toEqual([25, 33]);
    begun(
      lines.map(([line]) => line),
      "macd",
      ulps,
    );
    begun(
      lines.map(([, signal]) => signal),
      "signal",
      ulps,
    );

    const wilder = (values: readonly number[]): number[] => {
      const average = new SeededAverage(14, 1 / 14);
      return [Number.NaN, ...values.slice(1).map((x) => average.next(x))];
    };
    const change = close.map((x, k) => x - close[k - 1]!);
    const [rise, fall] = [1, -1].map((sign) => wilder(change.map((x) => Math.max(sign * x, 0))));
    // Before the first change TA-Lib gives 0.
    const strength = rise!.map((x, k) => (x + fall![k]! === 0 ? 0 : (100 * x) / (x + fall![k]!)));
    begun(strength, "rsi14");
    const ranges = high.map((x, k) =>
      Math.max(x - low[k]!, Math.abs(x - close[k - 1]!), Math.abs(low[k]! - close[k - 1]!)),
    );
    begun(wilder(ranges), "atr14");
    const movement = new DirectionalMovement(14);
    const adx = new SeededAverage(14, 1 / 14);
    const indexAverages = high.map((x, k) => {
      const index = movement.next({ high: x, low: low[k]! });
      return Number.isNaN(index) ? Number.NaN : 100 * adx.next(index);
    });
    // TA-Lib's seed counts an index that does not exist as 0; that is forgotten later.
    if (indexes(27, columns) === 14) begun(indexAverages, "adx14");
  });

  test("from another first bar they are the same once the seed is forgotten", () => {
    const later = featureColumns(columns, 100);
    const first = columns["volume"]!.slice(100).findIndex((volume) => volume > 0) + 100;
    for (const [name, { expected, floor }] of Object.entries(TA_LIB)) {
      const wrong = later[name]!.flatMap((value, i) => {
        const target = expected(first + i, columns);
        const isRight = Number.isNaN(value) || Math.abs(value - target) <= Math.max(1e-7, floor);
        return isRight ? [] : [[first + i, value, target]];
      });
      expect([name, wrong]).toEqual([name, []]);
    }
  });
});
