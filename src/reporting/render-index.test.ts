import { expect, test } from "vitest";
import { renderIndex } from "./render-index.js";
import type { ReportRecord } from "./report-record.js";

function recordOf(symbols: readonly string[]): ReportRecord {
  return {
    ...{ name: "06-evaluation", title: "Is there an edge?", source: "REAL", exchange: "binance" },
    ...{ symbols, span: null, rows: 10, verdict: "fail", answer: "No.", ok: true, error: null },
    ...{ checks: [], figures: {}, parameters: {}, commit: "abc", seconds: 3, manifests: [] },
    finishedAt: "2024-01-13T00:00:00.000Z",
  };
}

test.each([
  [[], "where prices go next"],
  [["SOLUSDT"], "where SOL goes next"],
  [["BTCUSDT", "ETHUSDT"], "where BTC and ETH go next"],
  [["BTCUSDT", "ETHUSDT", "SOLUSDT"], "where BTC, ETH and SOL go next"],
])("the index asks of the coins of its reports: %j", (symbols, question) => {
  const { title, header } = renderIndex([recordOf(symbols), recordOf(symbols)]);
  expect(title).toBe(`Do ticks and order books predict ${question}?`);
  expect(header.text).toContain(`${question}, well enough to trade?`);
});
