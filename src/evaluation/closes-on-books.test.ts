import { expect, test } from "vitest";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { SideColumns } from "../market/sample-books.js";
import { COST_PRESETS } from "../trading/costs.js";
import { backtestLadder } from "./backtest-ladder.js";
import type { ExecutionBooks } from "./execution-books.js";

const START = dayStartUs("2024-03-01");
const BARS = 30;

/** Bars whose closes are all known, with a book at each but the last few. */
function traded(labelKind: "mid" | "close", bookless: number) {
  const rows = Uint32Array.from({ length: BARS }, (_, row) => row);
  const barEndUs = Float64Array.from(rows, (row) => START + (row + 1) * MINUTE_US);
  const dataset = {
    ...{ exchange: "simulated", symbols: ["A"], symbolIndex: new Uint8Array(BARS), barEndUs },
    labelEndUs: barEndUs.map((endUs) => endUs + 5 * MINUTE_US),
    entryPrice: new Float64Array(BARS).fill(100),
    halfSpreadBps: new Float64Array(BARS).fill(1),
    ...{ barUs: MINUTE_US, horizonUs: 5 * MINUTE_US, horizonBars: 5, latencyUs: 0, labelKind },
  };
  const [bids, asks] = [new SideColumns(), new SideColumns()];
  for (let i = 0; i < 2 * BARS; i++) {
    bids.begin(i);
    asks.begin(i);
    if (i >= 2 * (BARS - bookless)) continue;
    bids.add(99.9, 1e6);
    asks.add(100.1, 1e6);
  }
  const books: ExecutionBooks = {
    latencyUs: 0,
    place: Int32Array.from(rows, (row) => 2 * row),
    ...{ daysBySource: { incremental_book_L2: 1 }, daysWithout: 0 },
    bids: bids.finish(2 * BARS),
    asks: asks.finish(2 * BARS),
  };
  const probability = new Float64Array(BARS).fill(0.7);
  return backtestLadder({ dataset, rows, probability, books, costs: COST_PRESETS.ftmo });
}

test.each([0, 1, 4])(
  "of closes on books, %i of them missing at the end, nothing is left open",
  (bookless) => {
    for (const rung of traded("close", bookless).rungs) {
      expect([rung.name, rung.leftOpen]).toEqual([rung.name, 0]);
      expect(rung.turnoverADay).toBeGreaterThan(0);
    }
  },
);

test("of mids, which books give, a price without a book is charged as before", () => {
  expect(traded("mid", 0).rungs.map(({ leftOpen }) => leftOpen)).toEqual([0, 0, 0, 0, 0]);
  for (const { leftOpen } of traded("mid", 1).rungs) expect(leftOpen).toBeGreaterThan(0.9);
});
