// The indicators against TA-Lib's own output on candles with gaps, zero ranges, still prices and minutes without trades.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  directionalIndexes,
  TA_LIB_ERROR,
  TA_LIB_INDICATORS,
  type TaLibColumns,
  taLibError,
} from "../bench/features/ta-lib-indicators.js";
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
type Columns = TaLibColumns;

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

const isClose = (actual: number, expected: number, floor: number): boolean =>
  taLibError(actual, expected, floor) <= TA_LIB_ERROR;

describe.each(SERIES)("$name", ({ columns }) => {
  const bars = columns["close"]!.length;
  const features = featureColumns(columns);

  test.each(Object.entries(TA_LIB_INDICATORS))(
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
    if (directionalIndexes(27, columns) === 14) begun(indexAverages, "adx14");
  });

  test("from another first bar they are the same once the seed is forgotten", () => {
    const later = featureColumns(columns, 100);
    const first = columns["volume"]!.slice(100).findIndex((volume) => volume > 0) + 100;
    for (const [name, { expected, floor }] of Object.entries(TA_LIB_INDICATORS)) {
      const wrong = later[name]!.flatMap((value, i) => {
        const target = expected(first + i, columns);
        const isRight = Number.isNaN(value) || Math.abs(value - target) <= Math.max(1e-7, floor);
        return isRight ? [] : [[first + i, value, target]];
      });
      expect([name, wrong]).toEqual([name, []]);
    }
  });
});
