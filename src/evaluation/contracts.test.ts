// Are orders filled by what the amounts of a market are worth, and not at all where nobody knows?
import fc from "fast-check";
import { expect, test } from "vitest";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { contractOf } from "../market/contract.js";
import { SideColumns } from "../market/sample-books.js";
import { type BacktestLadder, backtestLadder } from "./backtest-ladder.js";
import { evaluate } from "./evaluate.js";
import type { ExecutionBooks } from "./execution-books.js";
import { persistentMarket } from "./test-persistent-market.js";

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
function ladderOf(
  shown: readonly Shown[],
  { exchange, symbol }: Market,
  { hasBooks = true, labelKind = "mid" as "mid" | "close" } = {},
): BacktestLadder {
  const barEndUs = Float64Array.from(shown, (_, i) => START + (i + 1) * MINUTE_US);
  const dataset = {
    exchange,
    symbols: ["another", symbol],
    symbolIndex: new Uint8Array(shown.length).fill(1),
    barEndUs,
    labelEndUs: barEndUs.map((endUs) => endUs + MINUTE_US),
    entryPrice: Float64Array.from(shown, ({ mid }) => mid),
    halfSpreadBps: new Float64Array(shown.length).fill(labelKind === "mid" ? 1 : Number.NaN),
    ...{ barUs: MINUTE_US, horizonUs: MINUTE_US, horizonBars: 1, latencyUs: 0 },
    labelKind,
  };
  const rows = Uint32Array.from(shown.keys());
  const probability = shown.map((_, i) => (i % 3 === 1 ? 0.2 : 0.9));
  const books = hasBooks ? { books: booksOf(shown, { exchange, symbol }) } : {};
  return backtestLadder({ dataset, rows, probability, costs: COSTS, ...books });
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

const BOOKS = Array.from({ length: 6 }, (_, i): Shown => {
  return { mid: 3000 + i, bids: [1, 1], asks: [1, 1] };
});

test.each([
  ["bitmex", "ETHUSD", /^Amounts of ETHUSD on bitmex are quanto contracts/],
  [
    "okex-swap",
    "DOGE-USDT-SWAP",
    /^It is not known what amounts of DOGE-USDT-SWAP on okex-swap are/,
  ],
])(
  "the books of %s %s are not walked, and the rungs say why and what to do",
  (exchange, symbol, why) => {
    for (const hasBooks of [true, false]) {
      const { rungs, absent } = ladderOf(BOOKS, { exchange, symbol }, { hasBooks });
      expect(rungs.map(({ name }) => name)).toEqual(["mid", "touch", "costs"]);
      expect(absent.map(({ name }) => name)).toEqual(["book", "latency"]);
      for (const rung of absent) {
        expect(rung.why).toMatch(why);
        expect(rung.why).toMatch(/To walk books, evaluate a market/);
      }
    }
  },
);

test.each([
  ["bitmex", "ETHUSD", /^Amounts of ETHUSD on bitmex are quanto contracts/],
  ["phemex", "BTCUSD", /^It is not known what amounts of BTCUSD on phemex are/],
])(
  "closes of %s %s are traded as closes without a book are, and cost as much, not nothing",
  (exchange, symbol, why) => {
    const without = { hasBooks: false, labelKind: "close" } as const;
    const { rungs, absent } = ladderOf(BOOKS, { exchange, symbol }, { labelKind: "close" });
    const bare = ladderOf(BOOKS, { exchange: "binance", symbol: "BTCUSDT" }, without);
    expect(rungs).toEqual(bare.rungs);
    const [close, costs] = rungs;
    expect([close!.name, close!.about, costs!.name]).toEqual(["mid", "at the close", "costs"]);
    expect(close!.unfilledShare).toBe(0);
    // The rung of costs pays the fee and half a spread that is assumed.
    expect(costs!.sideCostBps).toBeCloseTo(COSTS.feeBps + COSTS.fallbackHalfSpreadBps, 6);
    expect(costs!.netReturn).toBeLessThan(close!.netReturn);
    expect(absent.map(({ name }) => name)).toEqual(["touch", "book", "latency"]);
    for (const rung of absent) {
      expect(rung.why).toMatch(why);
      expect(rung.why).toMatch(/To walk books, evaluate a market/);
      expect(rung.why).not.toMatch(/no book|after the latency/i);
    }
    expect(absent[0]!.why).toMatch(/the rung of costs assumes half a spread of 3 bps/);
    // Where there are no books, it does not matter what their amounts would be worth.
    const bookless = ladderOf(BOOKS, { exchange, symbol }, without).absent;
    expect(bookless).toEqual(bare.absent);
    expect(bookless[0]!.why).toMatch(/^There is no book, so no touch either/);
    expect(bookless[1]!.why).toMatch(/^No books were read/);
    expect(bookless[2]!.why).toMatch(/closes are traded at once\.$/);
  },
);

test("a market of unknown worth that is not traded is of no matter to those that are", () => {
  const { rungs } = ladderOf(BOOKS, { exchange: "bitmex", symbol: "XBTUSD" });
  expect(rungs.map(({ name }) => name)).toContain("book");
});

test("what cannot be traded on its books leaves the Sharpe gates undecided, however good the rest", () => {
  const market = persistentMarket(0.4, 4);
  const rows = Uint32Array.from({ length: 400 }, (_, i) => i + 500);
  const probability = Float64Array.from(rows, (row) => 0.2 + 0.6 * market.outcome[row]!);
  const sharpeGates = (exchange: string, symbol: string) => {
    const dataset = { ...market, exchange, symbols: market.symbols.map(() => symbol) };
    const models = [{ model: "logistic", rows, probability }];
    const [model] = evaluate({ dataset, folds: [], models }).models;
    return model!.gates.filter(({ name }) => /sharpe/.test(name));
  };
  const quanto = sharpeGates("bitmex", "SOLUSD");
  expect(quanto).toHaveLength(2);
  for (const { verdict, reason } of quanto) {
    expect(verdict).toBe("undecided");
    expect(reason).toMatch(/^amounts of SOLUSD on bitmex are quanto/);
  }
  for (const { reason } of sharpeGates("bitmex", "XBTUSD"))
    expect(reason ?? "").not.toMatch(/quanto/);
});
