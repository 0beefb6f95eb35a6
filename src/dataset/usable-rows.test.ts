// Is a row used whatever comes of it? Prices are drawn, ties and gaps among them.
import fc from "fast-check";
import { expect, test } from "vitest";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { NO_BOOK_BIT } from "../features/catalogue.js";
import { oneStream } from "../features/row-parts.js";
import { type AssemblySettings, assembleDataset } from "./assemble-dataset.js";
import { DIRECTION } from "./label-rule.js";
import type { Dataset } from "./matrix.js";
import type { SymbolSeries } from "./symbol-series.js";

const NAMES = ["close", "volume_ratio_60", "log_ret_5"];
const SETTINGS: Omit<AssemblySettings, "horizonUs" | "labelKind"> = {
  exchange: "simulated",
  symbols: ["BTCUSDT"],
  names: ["log_ret_5"],
  barUs: MINUTE_US,
  latencyUs: 500_000,
  labelRule: DIRECTION,
};

/** Changes of a price from ties over a rounding to crashes, in log; NaN where there is no book. */
const change = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.double({ min: -3e-4, max: 3e-4, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(1e-16, -1e-16, 2e-16, 1e-12) },
  { weight: 1, arbitrary: fc.double({ min: -0.5, max: 0.5, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);

interface Drawn {
  readonly entryPrice: readonly number[];
  readonly exitPrice: readonly number[];
  readonly hasBook: readonly boolean[];
  readonly hasInput: readonly boolean[];
}

const prices = fc.array(change, { minLength: 12, maxLength: 60 }).map((changes) => {
  let log = 0;
  return changes.map((by) => {
    if (!Number.isNaN(by)) log += by;
    return Number.isNaN(by) ? by : 100 * Math.exp(log);
  });
});

const drawn: fc.Arbitrary<Drawn> = prices.chain((entryPrice) => {
  const all = <Value>(value: fc.Arbitrary<Value>) =>
    fc.array(value, { minLength: entryPrice.length, maxLength: entryPrice.length });
  const mostly = fc.integer({ min: 0, max: 9 }).map((digit) => digit > 0);
  return fc.record({
    entryPrice: fc.constant(entryPrice),
    exitPrice: all(change).map((changes) => changes.map((by, i) => entryPrice[i]! * Math.exp(by))),
    hasBook: all(mostly),
    hasInput: all(mostly),
  });
});

function seriesOf({ entryPrice, hasBook, hasInput }: Drawn): SymbolSeries {
  const column = (value: (i: number) => number): Float64Array =>
    Float64Array.from(entryPrice, (_, i) => value(i));
  return {
    barEndUs: column((i) => dayStartUs("2024-03-01") + (i + 1) * MINUTE_US),
    mid: column((i) => (hasBook[i] ? 100 : Number.NaN)),
    values: Object.fromEntries(
      NAMES.map((name) => [
        name,
        column((i) => (name !== "log_ret_5" ? 100 : hasInput[i] && i >= 5 ? 0.1 : Number.NaN)),
      ]),
    ),
    valid: BigUint64Array.from(hasBook, (has) => (has ? 0n : 1n << BigInt(NO_BOOK_BIT))),
    parts: [oneStream(entryPrice.length, "incremental_book_L2")],
    verdict: Array.from(entryPrice, () => "good"),
    bookSource: "incremental_book_L2",
    entryPrice: Float64Array.from(entryPrice),
    halfSpreadBps: column(() => 1),
  };
}

/** Holds the rule: a kept row with both prices is used, and no other is; with a label or not it can be asked. */
function requireUsable(dataset: Dataset, { hasBook }: Drawn, exitOf: (row: number) => number) {
  const { entryPrice, isUsable, isPredictable, barEndUs, labelKind, excluded } = dataset;
  barEndUs.forEach((_, row) => {
    // The one input has a value from the sixth row on; where it has none later, it is the training mean.
    const isKept = row >= 5 && begun(dataset, row) && (labelKind === "close" || hasBook[row]!);
    const hasPrices = entryPrice[row]! > 0 && exitOf(row) > 0;
    expect([row, isPredictable[row]]).toEqual([row, Number(isKept)]);
    expect([row, isUsable[row]]).toEqual([row, Number(isKept && hasPrices)]);
  });
  const out = Object.values(excluded).reduce((sum, count) => sum + count, 0);
  expect(out).toBe(isUsable.filter((is) => is === 0).length);
}

function begun({ inputs }: Dataset, row: number): boolean {
  return inputs.subarray(0, row + 1).some((value) => !Number.isNaN(value));
}

test.each(["mid", "close"] as const)(
  "a row that is kept and has both prices is used whatever its return, a tie too: labels on the %s",
  (labelKind) => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 6 }), (one, bars) => {
        const settings = { ...SETTINGS, labelKind, horizonUs: bars * MINUTE_US };
        const dataset = assembleDataset([seriesOf(one)], settings);
        requireUsable(dataset, one, (row) => one.entryPrice[row + bars] ?? Number.NaN);
      }),
      { seed: 7, numRuns: 300 },
    );
  },
);

test("so it is where the horizon is no whole number of bars", () => {
  fc.assert(
    fc.property(drawn, (one) => {
      const settings = { ...SETTINGS, labelKind: "mid", horizonUs: 1.5 * MINUTE_US } as const;
      const series = { ...seriesOf(one), exitPrice: Float64Array.from(one.exitPrice) };
      const dataset = assembleDataset([series], settings);
      const last = one.entryPrice.length - 1;
      requireUsable(dataset, one, (row) => (row < last ? one.exitPrice[row]! : Number.NaN));
    }),
    { seed: 8, numRuns: 300 },
  );
});
