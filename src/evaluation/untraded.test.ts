// A backtest that is not of the whole test, or not of the books that orders meet, must open the gates that look at it.
import { expect, test } from "vitest";
import { SideColumns } from "../market/sample-books.js";
import { evaluate } from "./evaluate.js";
import type { ExecutionBooks } from "./execution-books.js";
import { persistentMarket } from "./test-persistent-market.js";
import { untradedReason } from "./untraded.js";

const BARS = 1000;
const ladder = { absent: [], latencyUs: 500_000 };
const rows = Uint32Array.from({ length: BARS }, (_, row) => row);
const dataset = {
  labelKind: "mid" as const,
  exchange: "simulated",
  symbols: ["BTCUSDT"],
  symbolIndex: new Uint8Array(BARS),
};
const traded = { rows };

/** A decision's and an order's book a bar, without asks in these. */
function books(withoutAsk: readonly number[]): ExecutionBooks {
  const [bids, asks] = [new SideColumns(), new SideColumns()];
  for (let i = 0; i < 2 * BARS; i++) {
    bids.begin(i);
    asks.begin(i);
    bids.add(99, 1);
    if (!withoutAsk.includes(i)) asks.add(101, 1);
  }
  return {
    latencyUs: 500_000,
    place: Int32Array.from(rows, (row) => 2 * row),
    daysBySource: { incremental_book_L2: 1 },
    daysWithout: 0,
    bids: bids.finish(2 * BARS),
    asks: asks.finish(2 * BARS),
  };
}

const firstBars = (count: number) => Array.from({ length: count }, (_, i) => 2 * i);

test("bars with a price and no book are told where they are more than one in a hundred", () => {
  const reason = (found: ExecutionBooks) =>
    untradedReason({ dataset, rows, traded, ladder, execution: { books: found } });
  expect(reason(books([]))).toBeUndefined();
  expect(reason(books(firstBars(10)))).toBeUndefined();
  expect(reason(books(firstBars(11)))).toBe(
    "at 11 tested bars (1.1 %) a price is known but no book to trade on",
  );
  // The order's book counts as the decision's does, and one that was never read as an empty one.
  expect(reason(books(firstBars(11).map((i) => i + 1)))).toMatch(/^at 11 tested bars/);
  const unread = books([]);
  unread.place.fill(-1, 0, 500);
  expect(reason(unread)).toMatch(/^at 500 tested bars \(50\.0 %\)/);
  expect(reason({ ...books([]), daysWithout: 2 })).toMatch(/no book of 2 tested symbol-days/);
});

test("orders that meet the book of their decision open the gates of the backtest, whatever it shows", () => {
  const backtested = { dataset, rows, traded, ladder, execution: {} };
  const atOnce = { ...ladder, latencyUs: 0 };
  expect(untradedReason({ ...backtested, ladder: atOnce })).toMatch(/no latency at all/);
  expect(untradedReason(backtested)).toBeUndefined();
  const close = { ...dataset, labelKind: "close" as const };
  expect(untradedReason({ ...backtested, dataset: close, ladder: atOnce })).toBeUndefined();
  const market = persistentMarket(0.4, 1);
  const tested = Uint32Array.from({ length: 600 }, (_, i) => 2400 + i);
  const models = [{ model: "lstm", rows: tested, probability: new Float64Array(600).fill(0.7) }];
  const gatesOf = (latencyUs: number) =>
    evaluate({ dataset: { ...market, latencyUs }, folds: [], models, replicates: 20 }).models[0]!
      .gates;
  for (const name of ["sharpe", "deflated-sharpe"]) {
    const gate = (latencyUs: number) => gatesOf(latencyUs).find((one) => one.name === name);
    expect(gate(0)).toMatchObject({
      verdict: "undecided",
      reason: expect.stringMatching(/no latency at all/),
    });
    expect(gate(500_000)?.reason).not.toMatch(/latency/);
  }
});

test("a bad or unaudited hour in which a model trades counts, whether it was scored there or not", () => {
  const market = persistentMarket(0.4, 1);
  const tested = Uint32Array.from({ length: 600 }, (_, i) => 2400 + i);
  const later = Uint32Array.from({ length: 60 }, (_, i) => 3000 + i);
  const untested = { rows: later, probability: new Float64Array(60).fill(0.6) };
  const models = [
    { model: "lstm", rows: tested, probability: new Float64Array(600).fill(0.7), untested },
  ];
  const dataGate = (marks: Partial<typeof market>) =>
    evaluate({
      dataset: { ...market, ...marks },
      folds: [],
      models,
      replicates: 20,
    }).models[0]!.gates.find(({ name }) => name === "data-not-bad");
  const isBad = market.isBad.slice();
  const isAudited = market.isAudited.slice().fill(1);
  expect(dataGate({ isAudited })?.verdict).toBe("pass");
  isBad[3010] = 1;
  expect(dataGate({ isAudited, isBad })).toMatchObject({ verdict: "fail", value: 1 / 660 });
  const unaudited = isAudited.slice();
  unaudited[3020] = 0;
  expect(dataGate({ isAudited: unaudited })).toMatchObject({
    verdict: "undecided",
    reason: "never audited: 1 traded row, 0 fitted rows",
  });
});
