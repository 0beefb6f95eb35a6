import { expect, test } from "vitest";
import type { Uncertainty } from "../core/block-bootstrap.js";
import { shortfall } from "../core/shortfall.js";
import type { SourceBaseline } from "../evaluation/source-baselines.js";
import { baselineSourcesFindings, baselineSourcesTable } from "./baseline-sources-report.js";
import { tableText } from "./table.js";

const around = (estimate: number, half: number): Uncertainty => {
  return { estimate, lower: estimate - half, upper: estimate + half, standardError: half / 2 };
};
const UNKNOWN = around(Number.NaN, 0);

const ticks: SourceBaseline = {
  source: "ticks",
  exchange: "binance",
  labelKind: "mid",
  isSameQuestion: true,
  features: 53,
  rows: 5900,
  effectiveRows: 390.4,
  accuracy: around(0.561, 0.018),
  majorityRate: 0.508,
  aboveMajority: around(0.053, 0.02),
  aboveTicks: UNKNOWN,
};
const same: SourceBaseline = {
  ...ticks,
  source: "candles",
  exchange: "coinbase",
  features: 33,
  accuracy: around(0.512, 0.019),
  aboveTicks: around(-0.049, 0.02),
};
const own: SourceBaseline = {
  ...same,
  labelKind: "close",
  isSameQuestion: false,
  aboveTicks: UNKNOWN,
};

test("both sources stand beside their base rates, and the close says what it is worth", () => {
  const words = baselineSourcesFindings({ baselines: [ticks, same, own], shortfalls: [] });
  expect(words).toContain(
    "on the same 5,900 rows, **ticks are right in 56.1 % (54.3 % to 57.9 %) and candles in 51.2 % " +
      "(49.3 % to 53.1 %)** (majority of the test 50.8 %): more than their paired interval apart.",
  );
  expect(words).toContain("**BOUNCE-PRONE**");
  const text = tableText(baselineSourcesTable({ baselines: [ticks, same, own], shortfalls: [] }));
  expect(text).toMatch(/binance ticks\s+the mid\s+53\s+56\.1\s+54\.3 to 57\.9\s+50\.8\s+—\s+—/);
  expect(text).toMatch(/−6\.9 to −2\.9\s+—\s+5,900\s+390/);
  expect(text).toContain("the close (BOUNCE-PRONE)");
  expect(text).not.toMatch(/NaN|undefined/);
});

test("a simulated market says what is true of both", () => {
  const baselines = [
    { ...ticks, trueAccuracy: around(0.572, 0.004) },
    { ...same, trueAccuracy: around(0.519, 0.004) },
  ];
  const words = baselineSourcesFindings({ baselines, shortfalls: [] });
  expect(words).toContain("it is 57.2 % (56.8 % to 57.6 %) against 51.9 % (51.5 % to 52.3 %).");
});

test("a difference within its interval is none, and what could not be trained is said", () => {
  const near = { ...same, aboveTicks: around(0.001, 0.01) };
  expect(baselineSourcesFindings({ baselines: [ticks, near], shortfalls: [] })).toContain(
    ": no more than their paired interval apart.",
  );
  const missing = shortfall({
    step: "train the logistic baseline",
    what: "bars",
    has: 3,
    needs: 500,
  });
  const words = baselineSourcesFindings({ baselines: [ticks], shortfalls: [missing] });
  expect(words).toBe("Not enough data to train the logistic baseline: 3 bars, and it needs 500.");
});
