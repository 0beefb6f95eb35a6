import { expect, test } from "vitest";
import { closeTrackingFigure } from "./figures/close-tracking.js";
import { pointsPerMinuteFigure } from "./figures/points-per-minute.js";
import { agreementTable, sourceFacts, sourceFindings, sourceTable } from "./source-report.js";
import { tableText } from "./table.js";
import { sampleComparison } from "./test-source-samples.js";

const btc = sampleComparison("BTCUSDT");
const none = sampleComparison("ETHUSDT", { missing: 1 });

test("the sentence says the computed ratio and the gaps of both", () => {
  const { pointsRatio, ticks, candles } = btc;
  const ratio = Number(pointsRatio.toPrecision(3));
  expect(ratio).toBeGreaterThan(400);
  expect(sourceFindings([btc])).toContain(
    `binance BTCUSDT ticks against coinbase BTC-USD candles: **${ratio} × more points, gaps ` +
      `${ticks.gaps} vs ${candles.gaps} (0 vs ${candles.missingMinutes} of 2,880 minutes missing)**. ` +
      "Returns correlate 0.",
  );
});

test("what could not be computed is said with its reason, and shown as missing", () => {
  const words = sourceFindings([none]);
  expect(words).toContain("**no candle to compare with, gaps 0 vs 1 (0 vs 2,880 of 2,880 minutes");
  expect(words).toContain("Not enough data to correlate the one-minute returns: 0 minutes");
  expect(words).not.toMatch(/NaN|undefined/);
  expect(tableText(agreementTable([none]))).not.toMatch(/NaN|undefined/);
  expect(sourceFacts([none]).figures).toMatchObject({ pointsRatio: null, candleGaps: 1 });
  expect(sourceFacts([])).toEqual({});
});

test("tables have a column for each source and symbol, and explain each metric", () => {
  const table = sourceTable([btc, none]);
  expect(table.columns.map(({ name }) => name)).toEqual([
    "metric",
    "BTCUSDT ticks",
    "BTCUSDT candles",
    "ETHUSDT ticks",
    "ETHUSDT candles",
    "in plain words",
  ]);
  const missing = table.rows.find(([name]) => name === "missing minutes")!;
  expect(missing.slice(1, 5)).toEqual([0, btc.candles.missingMinutes, 0, 2880]);
  for (const { rows, columns } of [table, agreementTable([btc, none])]) {
    for (const row of rows) {
      expect(row).toHaveLength(columns.length);
      expect(row.at(-1)).toMatch(/\w{3}/);
    }
  }
  const equal = agreementTable([btc]).rows.find(
    ([name]) => name === "close: equal to the digit (%)",
  );
  expect(equal![1]).toBeNaN();
});

test("figures of nothing, of one minute and of equal closes still say something true", () => {
  const one = sampleComparison("SOLUSDT", { minutes: 1, missing: 0 });
  const equal = sampleComparison("SOLUSDT", { noiseBps: 0 });
  for (const comparisons of [[], [none], [one], [equal], [btc, none, one]]) {
    for (const drawn of [pointsPerMinuteFigure(comparisons), closeTrackingFigure(comparisons)]) {
      expect(drawn.title + drawn.subtitle + drawn.alt + drawn.n).not.toMatch(/NaN|Infinity|undef/);
      expect(JSON.stringify(drawn)).not.toContain("NaN");
    }
  }
  expect(closeTrackingFigure([none]).title).toBe("No minute has both a trade and a candle");
});
