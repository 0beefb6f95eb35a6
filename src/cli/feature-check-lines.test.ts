import { expect, test } from "vitest";
import type { FeatureChecks } from "../features/check/check-features.js";
import type { OverallCheck } from "../features/check/over-symbols.js";
import { featureCheckLines } from "./feature-check-lines.js";

const NONE = { source: 0, "no book": 0, "warm-up": 0, "no trade": 0, undefined: 0 };

const overall = (what: Partial<OverallCheck>): OverallCheck => ({
  ...{ name: "tfi", rows: 1000, values: 1000, least: -1, largest: 1 },
  ...{ outside: 0, wrongBits: 0, missing: NONE, driftDistance: 0.1234 },
  coefficients: [
    { horizonBars: 1, now: null, afterLatency: null },
    {
      horizonBars: 15,
      now: { value: 0.1, low: -0.05, high: Number.NaN },
      afterLatency: { value: -0.0996, low: 0, high: 0 },
    },
  ],
  ...what,
});

const CHECKS: FeatureChecks = {
  ...{ bar: "1m", horizons: [1, 15], latencyMs: 500, rows: 1000 },
  overall: [
    overall({}),
    overall({
      ...{ name: "effective_spread_bps", values: 899, least: -60123.4, largest: 0.00012345 },
      missing: { ...NONE, "warm-up": 100, "no trade": 0, undefined: 1 },
    }),
    overall({
      ...{ name: "obi_l1", rows: 10000, values: 9999 },
      missing: { ...NONE, undefined: 1 },
    }),
    overall({ ...{ name: "close", values: 0, least: null, largest: null, driftDistance: null } }),
  ],
  symbols: [
    { symbol: "BTCUSDT", rows: 600, price: "mid", features: [], duplicates: [], findings: [] },
    { symbol: "XBTUSD", rows: 400, price: "close", features: [], duplicates: [], findings: [] },
  ],
  findings: [
    { feature: "tfi", symbol: "XBTUSD", check: "range", severity: "fault", message: "has 1 value" },
    { feature: "tfi", symbol: "XBTUSD", check: "drift", severity: "review", message: "has moved" },
    { feature: "tfi", symbol: "BTCUSDT", check: "drift", severity: "review", message: "has moved" },
  ],
};

/** Lines without the terminal's colours. */
function lines(checks: FeatureChecks, horizonBars: number): readonly string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  return featureCheckLines(checks, horizonBars).map((line) => line.replace(/\u001b\[\d+m/g, ""));
}

test("one aligned line a feature, with only the causes that occur, and the checks that found something", () => {
  const text = lines(CHECKS, 15);
  const table = text.slice(
    text.findIndex((line) => line.startsWith("feature ")),
    text.lastIndexOf(""),
  );
  expect(table).toEqual([
    "feature              valid % warm undef  least  largest drift     IC    low high  later  look at",
    "tfi                    100.0    ·     ·     -1        1  0.12 +0.100 -0.050    — -0.100  range, drift",
    "effective_spread_bps    89.9 10.0   0.1 -60123 0.000123  0.12 +0.100 -0.050    — -0.100",
    "obi_l1                 >99.9    ·  <0.1     -1        1  0.12 +0.100 -0.050    — -0.100",
    "close                    0.0    ·     ·      —        —     — +0.100 -0.050    — -0.100",
  ]);
});

test("the lines before say what is shown; those after are the findings as sentences, and their number", () => {
  const text = lines(CHECKS, 15);
  expect(text[0]).toContain("BTCUSDT, XBTUSD: 1,000 bars of 1m");
  expect(text[1]).toMatch(/next 15 bars.*500 ms later/);
  expect(text.find((line) => line.startsWith("XBTUSD: no book"))).toContain("bounce");
  expect(text.slice(text.lastIndexOf("") + 1)).toEqual([
    "fault  XBTUSD tfi has 1 value",
    "review XBTUSD tfi has moved",
    "review BTCUSDT tfi has moved",
    "1 fault, 2 for review",
  ]);
});

test("a horizon that was not looked at is the first one instead", () => {
  const text = lines(CHECKS, 60);
  expect(text[1]).toContain("the next bar");
  expect(text.find((line) => line.startsWith("tfi"))).toMatch(/0\.12 +— +— +— +—/);
});

test("without bars there is a table without numbers", () => {
  const rows = overall({ rows: 0, values: 0, least: null, largest: null, driftDistance: null });
  const text = lines({ ...CHECKS, rows: 0, overall: [rows], symbols: [], findings: [] }, 1);
  expect(text.find((line) => line.startsWith("tfi"))).toMatch(/^tfi +— +— +— +—/);
  expect(text.at(-1)).toBe("0 faults, 0 for review");
});
