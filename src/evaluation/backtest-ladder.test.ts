import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_US, dayStartUs, MINUTE_US } from "../core/time.js";
import { SideColumns } from "../market/sample-books.js";
import { COST_PRESETS } from "../trading/costs.js";
import { scheduledFundingTimes } from "../trading/funding.js";
import { type BacktestLadder, backtestLadder, type RungName } from "./backtest-ladder.js";
import type { ExecutionBooks } from "./execution-books.js";
import { type PlainBook, plainBacktest } from "./test-plain-backtest.js";

const START = dayStartUs("2024-03-01");
const BARS = 24;
const LATENCY_US = 700_000;
const COSTS = { name: "dear", feeBps: 7, fallbackHalfSpreadBps: 3, defaultFundingRate: 3e-4 };

interface Row {
  readonly probability: number;
  readonly gap: number;
  /** Bars until the row's label ends; the horizon where left out. */
  readonly endsAfter?: number;
  readonly decision: PlainBook;
  readonly order: PlainBook;
}

/** The schedule's funding at the preset's rate, of each symbol. */
function fundingTo(toUs: number) {
  const timeUs = scheduledFundingTimes(START, toUs);
  const funding = { timeUs, rate: timeUs.map(() => COSTS.defaultFundingRate) };
  return [funding, funding] as const;
}

/** Two symbols of so many rows each, in bars of twenty minutes, with the books of each row. */
function market(rows: readonly Row[], { exchange = "simulated", horizonBars = 3 } = {}) {
  const symbols = exchange === "simulated" ? ["A", "B"] : ["XBTUSD", "ETHUSD"];
  const barUs = 20 * MINUTE_US;
  const half = rows.length / 2;
  const barEndUs = new Float64Array(rows.length);
  rows.forEach(({ gap }, i) => {
    barEndUs[i] = i % half === 0 ? START + barUs : barEndUs[i - 1]! + gap * barUs;
  });
  const dataset = {
    exchange,
    symbols,
    symbolIndex: Uint8Array.from(rows, (_, i) => Number(i >= half)),
    barEndUs,
    labelEndUs: barEndUs.map((endUs, i) => {
      const bars = Math.min(horizonBars, rows[i]!.endsAfter ?? horizonBars);
      return endUs + LATENCY_US + bars * barUs;
    }),
    entryPrice: new Float64Array(rows.length).fill(100),
    halfSpreadBps: new Float64Array(rows.length).fill(1),
    barUs,
    ...{ horizonBars, horizonUs: horizonBars * barUs },
    latencyUs: LATENCY_US,
    labelKind: "mid" as const,
  };
  return {
    dataset,
    rows: Uint32Array.from(rows.keys()),
    probability: rows.map((row) => row.probability),
  };
}

function booksOf(rows: readonly Row[], latencyUs = LATENCY_US): ExecutionBooks {
  const [bids, asks] = [new SideColumns(), new SideColumns()];
  rows
    .flatMap(({ decision, order }) => [decision, order])
    .forEach((book, i) => {
      bids.begin(i);
      asks.begin(i);
      for (const [price, amount] of book?.bids ?? []) bids.add(price, amount);
      for (const [price, amount] of book?.asks ?? []) asks.add(price, amount);
    });
  return {
    latencyUs,
    place: Int32Array.from(rows, (_, i) => 2 * i),
    daysBySource: { incremental_book_L2: 2 },
    daysWithout: 0,
    bids: bids.finish(2 * rows.length),
    asks: asks.finish(2 * rows.length),
  };
}

function rungOf(ladder: BacktestLadder, name: RungName) {
  return ladder.rungs.find((rung) => rung.name === name)!;
}

/** Books about a price that wanders, sometimes thin, sometimes missing. */
const arbitraryBook = fc
  .record({
    mid: fc.double({ min: 60, max: 140, noNaN: true }),
    half: fc.double({ min: 0.001, max: 1, noNaN: true }),
    bidAmounts: fc.array(fc.double({ min: 0.5, max: 400, noNaN: true }), {
      minLength: 1,
      maxLength: 4,
    }),
    askAmounts: fc.array(fc.double({ min: 0.5, max: 400, noNaN: true }), {
      minLength: 1,
      maxLength: 4,
    }),
    isMissing: fc.constantFrom(false, false, false, false, false, false, false, true),
  })
  .map(
    ({ mid, half, bidAmounts, askAmounts, isMissing }): PlainBook =>
      isMissing
        ? undefined
        : {
            bids: bidAmounts.map((amount, i) => [mid - half - i * 0.3, amount]),
            asks: askAmounts.map((amount, i) => [mid + half + i * 0.3, amount]),
          },
  );

const arbitraryRows = fc.array(
  fc.record({
    probability: fc.constantFrom(0.1, 0.44, 0.5, 0.53, 0.7, Number.NaN),
    gap: fc.constantFrom(1, 1, 1, 1, 2, 5, 90),
    endsAfter: fc.integer({ min: 1, max: 6 }),
    decision: arbitraryBook,
    order: arbitraryBook,
  }),
  { minLength: BARS, maxLength: BARS },
);

const stakes = fc.record({
  capitalUsd: fc.constantFrom(2000, 60_000),
  threshold: fc.constantFrom(0, 0.05),
  minimumOrderUsd: fc.constantFrom(0.01, 150),
});

test("every rung is the plain backtest of its execution, on random paths, with gaps, thin and missing books", () => {
  fc.assert(
    fc.property(
      arbitraryRows,
      stakes,
      fc.integer({ min: 1, max: 6 }),
      (rows, stake, horizonBars) => {
        const { dataset: flat, ...traded } = market(rows, { horizonBars });
        const isPriced = ({ order }: Row): boolean => order !== undefined;
        const entryPrice = Float64Array.from(rows, (row) => (isPriced(row) ? 100 : Number.NaN));
        const dataset = { ...flat, entryPrice };
        const toUs = dataset.barEndUs.reduce((a, b) => Math.max(a, b)) + DAY_US;
        const funding = fundingTo(toUs);
        const ladder = backtestLadder({
          dataset,
          ...traded,
          ...stake,
          books: booksOf(rows),
          costs: COSTS,
          funding,
        });
        expect(ladder.rungs.map(({ name }) => name)).toEqual([
          "mid",
          "touch",
          "book",
          "latency",
          "costs",
        ]);
        const { barUs } = dataset;
        const rate = COSTS.defaultFundingRate;
        const events = Array.from(funding[0].timeUs, (timeUs) => ({ timeUs, rate }));
        for (const { name, ...rung } of ladder.rungs) {
          const isLate = name === "latency" || name === "costs";
          const plain = plainBacktest(
            rows.map((row, i) => ({
              symbol: dataset.symbols[dataset.symbolIndex[i]!]!,
              barEndUs: dataset.barEndUs[i]!,
              labelEndUs: dataset.labelEndUs[i]!,
              probability: row.probability,
              isPriced: isPriced(row),
              decision: row.decision,
              order: isLate ? row.order : row.decision,
            })),
            {
              rule: name === "mid" || name === "touch" ? name : "walk",
              horizonBars,
              barUs,
              labelLatencyUs: LATENCY_US,
              delayUs: isLate ? LATENCY_US : 0,
              feeBps: name === "costs" ? COSTS.feeBps : 0,
              ...(name === "costs" ? { funding: events } : {}),
              ...stake,
            },
          );
          const close = (actual: number, expected: number): void => {
            expect(Math.abs(actual - expected)).toBeLessThan(
              1e-12 * Math.max(1, Math.abs(expected)),
            );
          };
          close(rung.netReturn, plain.net);
          close(rung.grossReturn, plain.gross);
          close(rung.fees, plain.fees);
          close(rung.funding, plain.funding);
          const days = (rung.equity.timeUs.length * barUs) / DAY_US;
          close(rung.turnoverADay * days, plain.turnover);
          close(rung.leftOpen, plain.leftOpen);
          expect(rung.lateStakes).toBe(plain.lateStakes);
          expect(rung.trades).toBe(plain.trades);
          if (plain.ordered > 0) close(rung.unfilledShare, plain.unfilledShare);
          expect(rung.daily.map(({ date }) => date)).toEqual([...plain.daily.keys()]);
          for (const { date, net } of rung.daily) close(net, plain.daily.get(date)!.net);
        }
      },
    ),
    { seed: 61, numRuns: 150 },
  );
});

test("without spread, latency, fees and an end of the amounts all rungs agree to the bit", () => {
  const flat = arbitraryRows.map((rows) =>
    rows.map((row) => {
      const price = row.decision?.bids[0]?.[0];
      const levels = [[price ?? Number.NaN, Number.POSITIVE_INFINITY]] as const;
      const book = price === undefined ? undefined : { bids: levels, asks: levels };
      return { ...row, decision: book, order: book };
    }),
  );
  const free = { ...COSTS, feeBps: 0 };
  fc.assert(
    fc.property(flat, stakes, (rows, stake) => {
      const request = { ...market(rows), ...stake, costs: free, books: booksOf(rows, 0) };
      const [first, ...others] = backtestLadder(request).rungs;
      const { name: _, about: __, ...figures } = first!;
      for (const { name, about, ...other } of others) expect(other).toEqual(figures);
      expect(others.at(-1)!.about).toBe("the same with fees");
    }),
    { seed: 62, numRuns: 60 },
  );
});

test("the touch never earns more than the mid at any bar, and costs are exactly fees and funding below latency", () => {
  fc.assert(
    fc.property(arbitraryRows, stakes, (rows, stake) => {
      const funding = fundingTo(START + 9 * DAY_US);
      const request = { ...market(rows), ...stake, books: booksOf(rows), costs: COSTS, funding };
      const ladder = backtestLadder(request);
      const [mid, touch] = [rungOf(ladder, "mid"), rungOf(ladder, "touch")];
      expect(touch.trades).toBe(mid.trades);
      touch.equity.net.forEach((net, i) => {
        expect(net).toBeLessThanOrEqual(mid.equity.net[i]! + 1e-13);
      });
      const [latency, costs] = [rungOf(ladder, "latency"), rungOf(ladder, "costs")];
      expect(costs.about).toBe("the same with fees and funding");
      expect(latency.netReturn - costs.netReturn).toBeCloseTo(costs.fees + costs.funding, 12);
      expect([costs.trades, costs.turnoverADay]).toEqual([latency.trades, latency.turnoverADay]);
      expect(latency.grossReturn).toBeCloseTo(costs.grossReturn, 12);
    }),
    { seed: 63, numRuns: 100 },
  );
});

test("an order is filled against the book after the latency: what the decision saw is of no use to it", () => {
  const at = (price: number): PlainBook => ({ bids: [[price - 1, 1e9]], asks: [[price + 1, 1e9]] });
  const rows = Array.from({ length: 4 }, (_, i) => {
    return { probability: 0.9, gap: 1, decision: at(100), order: at(i % 2 === 0 ? 110 : 120) };
  });
  const { dataset, ...traded } = market(rows, { horizonBars: 1 });
  const ladder = backtestLadder({ dataset, ...traded, books: booksOf(rows), costs: COSTS });
  expect(rungOf(ladder, "book").netReturn).toBeCloseTo(-0.02, 12);
  // Sized at 100, bought at 111 and sold at 119.
  expect(rungOf(ladder, "latency").netReturn).toBeCloseTo(0.08, 12);
});

test("levels of an inverse contract are dollars: the same levels fill a hundredth of the coins", () => {
  const at = (price: number): PlainBook => ({ bids: [[price, 500]], asks: [[price + 1, 500]] });
  const rows = Array.from({ length: 4 }, () => {
    return { probability: 0.9, gap: 1, decision: at(100), order: at(100) };
  });
  const unfilled = (exchange: string): number => {
    const { dataset, ...traded } = market(rows, { exchange, horizonBars: 1 });
    const costs = COST_PRESETS.perpetual;
    const xbt = { dataset, ...traded, rows: Uint32Array.of(0, 1), probability: [0.9, 0.9] };
    return rungOf(backtestLadder({ ...xbt, books: booksOf(rows), costs }), "book").unfilledShare;
  };
  expect(unfilled("simulated")).toBeGreaterThan(0);
  expect(unfilled("bitmex")).toBeGreaterThan(0.99);
});

test("without books the dataset's prices give mid, touch and costs, and the other rungs say why they are absent", () => {
  const rows = Array.from({ length: 8 }, () => {
    return { probability: 0.9, gap: 1, decision: undefined, order: undefined };
  });
  const { dataset, ...traded } = market(rows);
  const names = (ladder: BacktestLadder): readonly string[] => ladder.rungs.map(({ name }) => name);
  const none = backtestLadder({ dataset, ...traded, costs: COSTS });
  expect(names(none)).toEqual(["mid", "touch", "costs"]);
  expect(none.absent.map(({ name, why }) => `${name}: ${why}`)).toEqual([
    expect.stringMatching(/^book: No books were read/),
    expect.stringMatching(/^latency: No books were read/),
  ]);
  const books = { ...booksOf(rows), place: new Int32Array(8).fill(-1) };
  const missing = backtestLadder({ dataset, ...traded, costs: COSTS, books });
  expect(names(missing)).toEqual(["mid", "touch", "costs"]);
  expect(missing.absent[0]!.why).toMatch(/store has no books of the tested days/);
  const halfSpreadBps = new Float64Array(8).fill(Number.NaN);
  const closes = { ...dataset, labelKind: "close" as const, halfSpreadBps };
  const candles = backtestLadder({ dataset: closes, ...traded, costs: COSTS });
  expect(names(candles)).toEqual(["mid", "costs"]);
  expect(candles.absent[0]!.why).toMatch(/assumes half a spread of 3 bps/);
  expect(rungOf(candles, "costs").sideCostBps).toBeCloseTo(10, 9);
});
