import { expect, test } from "vitest";
import { renderIndex } from "./render-index.js";
import type { ReportRecord } from "./report-record.js";

function recordOf(symbols: readonly string[], name = "06-evaluation"): ReportRecord {
  return {
    ...{ name, title: "Is there an edge?", source: "REAL", exchange: "binance" },
    ...{
      symbols,
      span: null,
      rows: 10,
      verdict: "fail",
      answer: `No, says ${name}.`,
      ok: true,
      error: null,
    },
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

test.each([
  [["05-sequence-models", "06-evaluation", "07-runtime"], "06-evaluation"],
  [["04-baseline", "07-runtime"], "04-baseline"],
  [["07-runtime"], "07-runtime"],
])("of %j the index answers with %s", (names, answering) => {
  const { header } = renderIndex(names.map((name) => recordOf(["BTCUSDT"], name)));
  expect(header.text).toContain(`<p>No, says ${answering}.</p>`);
});
