// Are orders filled by what the amounts of a market are worth?
import fc from "fast-check";
import { expect, test } from "vitest";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { contractOf } from "../market/contract.js";
import { SideColumns } from "../market/sample-books.js";
import { type BacktestLadder, backtestLadder } from "./backtest-ladder.js";
import type { ExecutionBooks } from "./execution-books.js";

const COSTS = { name: "dear", feeBps: 7, fallbackHalfSpreadBps: 3, defaultFundingRate: 3e-4 };
const START = dayStartUs("2024-03-01");

/** A book of one price and its levels a tick apart, in coins. */
interface Shown {
  readonly mid: number;
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

interface Market {
  readonly exchange: string;
  readonly symbol: string;
}

/** Bets on "up" and "down" in turn, of bars of a minute, each traded on its book. */
function ladderOf(shown: readonly Shown[], { exchange, symbol }: Market): BacktestLadder {
  const barEndUs = Float64Array.from(shown, (_, i) => START + (i + 1) * MINUTE_US);
  const dataset = {
    exchange,
    symbols: ["another", symbol],
    symbolIndex: new Uint8Array(shown.length).fill(1),
    barEndUs,
    labelEndUs: barEndUs.map((endUs) => endUs + MINUTE_US),
    entryPrice: Float64Array.from(shown, ({ mid }) => mid),
    halfSpreadBps: new Float64Array(shown.length).fill(1),
    ...{ barUs: MINUTE_US, horizonUs: MINUTE_US, horizonBars: 1, latencyUs: 0 },
    labelKind: "mid" as const,
  };
  const rows = Uint32Array.from(shown.keys());
  const probability = shown.map((_, i) => (i % 3 === 1 ? 0.2 : 0.9));
  const books = booksOf(shown, { exchange, symbol });
  return backtestLadder({ dataset, rows, probability, costs: COSTS, books });
}

function booksOf(shown: readonly Shown[], { exchange, symbol }: Market): ExecutionBooks {
  const { kind, size } = contractOf(exchange, symbol);
  const [bids, asks] = [new SideColumns(), new SideColumns()];
  shown
    .flatMap((book) => [book, book])
    .forEach((book, i) => {
      for (const [side, amounts, sign] of [
        [bids, book.bids, -1],
        [asks, book.asks, 1],
      ] as const) {
        side.begin(i);
        amounts.forEach((base, level) => {
          const price = book.mid * (1 + sign * 1e-4 * (level + 1));
          side.add(price, (kind === "inverse" ? base * price : base) / size);
        });
      }
    });
  return {
    latencyUs: 0,
    place: Int32Array.from(shown, (_, i) => 2 * i),
    daysBySource: { incremental_book_L2: 1 },
    daysWithout: 0,
    bids: bids.finish(2 * shown.length),
    asks: asks.finish(2 * shown.length),
  };
}

const amounts = fc.array(fc.double({ min: 0.01, max: 2, noNaN: true }), {
  minLength: 1,
  maxLength: 5,
});
const books = fc.array(
  fc.record({ mid: fc.double({ min: 5e4, max: 7e4, noNaN: true }), bids: amounts, asks: amounts }),
  { minLength: 2, maxLength: 12 },
);

test("every rung earns the same whether a book is in coins, in contracts of coins or in contracts of dollars", () => {
  fc.assert(
    fc.property(books, (shown) => {
      const coins = ladderOf(shown, { exchange: "binance", symbol: "BTCUSDT" });
      for (const market of [
        { exchange: "okex-swap", symbol: "BTC-USDT-SWAP" },
        { exchange: "okex-swap", symbol: "ETH-USDT-SWAP" },
        { exchange: "okex-swap", symbol: "BTC-USD-SWAP" },
        { exchange: "bitmex", symbol: "XBTUSD" },
      ]) {
        const { rungs } = ladderOf(shown, market);
        expect(rungs.map(({ name }) => name)).toEqual(coins.rungs.map(({ name }) => name));
        rungs.forEach((rung, i) => {
          for (const figure of ["netReturn", "fees", "unfilledShare", "leftOpen"] as const) {
            expect(rung[figure]).toBeCloseTo(coins.rungs[i]![figure], 9);
          }
        });
      }
    }),
    { seed: 64, numRuns: 60 },
  );
});
