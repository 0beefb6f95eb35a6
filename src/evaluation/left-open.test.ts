import { expect, test } from "vitest";
import { MINUTE_US } from "../core/time.js";
import { type FillRule, fillAtMid, fillAtTouch, walkBook } from "../trading/fill.js";
import { bookOf } from "../trading/test-book.js";
import { type TradeOutcome, tradeRows } from "./trade-rows.js";

type Book = ReturnType<typeof bookOf>;

const FIRST = bookOf([[99, 1e3]], [[101, 1e3]]);
const THIN = bookOf([[109, 4]], [[111, 4]]);
const NONE = bookOf([], []);

/** A thousand dollars bet on "up" at the first row and closed at the second, which is the last. */
function trade(last: Book, fill: FillRule, feeBps: number): TradeOutcome {
  const barEndUs = Float64Array.of(MINUTE_US, 2 * MINUTE_US);
  const dataset = {
    exchange: "simulated",
    symbols: ["A"],
    symbolIndex: Uint8Array.of(0, 0),
    barEndUs,
    labelEndUs: barEndUs.map((endUs) => endUs + MINUTE_US),
    entryPrice: Float64Array.of(100, 110),
    halfSpreadBps: Float64Array.of(100, 100),
    barUs: MINUTE_US,
    horizonUs: MINUTE_US,
    horizonBars: 1,
    latencyUs: 0,
  };
  const book = (row: number): Book => (row === 0 ? FIRST : last);
  return tradeRows(
    { dataset, rows: Uint32Array.of(0, 1), probability: [0.9, 0.9] },
    { decisionBook: book, orderBook: book, delayUs: 0, fill, feeBps },
    { capitalUsd: 1000 },
  );
}

const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0);

test("what a thin last book does not take is charged the best price and the fee, and told", () => {
  const { net, gross, totals } = trade(THIN, walkBook, 10);
  // Ten coins bought at 101; four sold at 109, and six charged as if sold there, each side at 0.1 %.
  expect(sum(net)).toBeCloseTo((-1010 - 1.01 + 1090 - 1.09) / 1000, 12);
  expect(sum(gross)).toBeCloseTo(0.1, 12);
  expect(totals.fees).toBeCloseTo((1.01 + 1.09) / 1000, 12);
  expect(totals.turnover).toBeCloseTo((1010 + 1090) / 1000, 12);
  expect(totals.leftOpen).toBeCloseTo((6 * 110) / 1000, 12);
  expect(totals.unfilled).toBeCloseTo((6 * 110) / 1000, 12);
  expect(totals.trades).toBe(2);
});

test("where the last row has no book, the last known touch is charged, to every rung what it charges", () => {
  // Ten coins bought at 101, last seen at 99.
  for (const fill of [walkBook, fillAtTouch]) {
    expect(sum(trade(NONE, fill, 0).net)).toBeCloseTo(-20 / 1000, 12);
    expect(sum(trade(NONE, fill, 10).net)).toBeCloseTo((-20 - 1.01 - 0.99) / 1000, 12);
  }
  const ideal = trade(NONE, fillAtMid, 0);
  expect(sum(ideal.net)).toBeCloseTo(0, 12);
  expect(ideal.totals.leftOpen).toBeCloseTo(1, 12);
});
