import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mean } from "../core/statistics.js";
import { DAY_US, dayStartUs, MINUTE_US } from "../core/time.js";
import { EVENT_TYPES, mirrorPath } from "./day-files.js";
import { type DayRecord, simulateDay } from "./day-job.js";
import { hiddenDays } from "./hidden-days.js";
import { DAY_MINUTES, IMBALANCE_SCALE, type MarketSettings } from "./settings.js";

const SYMBOL = "ETHUSDT";
const DATE = "2024-01-01";
const START_US = dayStartUs(DATE);
const MARKET: MarketSettings = { seed: 5, edge: "informative", from: DATE };
const root = mkdtempSync(path.join(tmpdir(), "tickbook-day-"));
afterAll(() => rmSync(root, { recursive: true }));

function lines(type: string, date = DATE): string[] {
  const file = path.join(root, mirrorPath(type, SYMBOL, date));
  return gunzipSync(readFileSync(file)).toString().trimEnd().split("\n");
}

/** A book kept the plain way: a map from price to amount for each side. */
interface PlainBook {
  readonly bid: Map<number, number>;
  readonly ask: Map<number, number>;
}

/** One state of the book after all rows of one arrival time. */
interface State {
  readonly timeUs: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidAmount: number;
  readonly askAmount: number;
  readonly depth: number;
  readonly imbalance: number;
}

function states(rows: readonly string[]): { readonly all: State[]; readonly last: PlainBook } {
  const book: PlainBook = { bid: new Map(), ask: new Map() };
  const all: State[] = [];
  let timeUs = Number.NaN;
  const close = (): void => {
    const bids = [...book.bid.keys()].sort((a, b) => b - a);
    const asks = [...book.ask.keys()].sort((a, b) => a - b);
    const top = (prices: number[], side: Map<number, number>): number =>
      prices.slice(0, 5).reduce((sum, price) => sum + side.get(price)!, 0);
    const [b, a] = [top(bids, book.bid), top(asks, book.ask)];
    all.push({
      timeUs,
      bid: bids[0]!,
      ask: asks[0]!,
      bidAmount: book.bid.get(bids[0]!)!,
      askAmount: book.ask.get(asks[0]!)!,
      depth: Math.min(bids.length, asks.length),
      imbalance: (b - a) / (b + a),
    });
  };
  for (const row of rows) {
    const [, , , local, , side, price, amount] = row.split(",");
    if (Number(local) !== timeUs && all.length + book.bid.size > 0) close();
    timeUs = Number(local);
    const levels = book[side as "bid" | "ask"];
    if (Number(amount) === 0) levels.delete(Number(price));
    else levels.set(Number(price), Number(amount));
  }
  close();
  return { all, last: book };
}

let record: DayRecord;
let history: State[];
let lastBook: PlainBook;
beforeAll(async () => {
  const job = { root, market: MARKET, symbol: SYMBOL, hasTruth: true, hasFaults: false };
  record = await simulateDay({ ...job, day: 0, types: EVENT_TYPES });
  await simulateDay({ ...job, day: 1, types: ["trades", "incremental_book_L2"] });
  const rebuilt = states(lines("incremental_book_L2").slice(1));
  history = rebuilt.all;
  lastBook = rebuilt.last;
});

test("headers are the vendor's, and rows are those that the record counts", () => {
  const l2 = "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount";
  expect(lines("incremental_book_L2")[0]).toBe(l2);
  expect(lines("trades")[0]).toBe("exchange,symbol,timestamp,local_timestamp,id,side,price,amount");
  expect(lines("quotes")[0]).toBe(
    "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount",
  );
  expect(lines("book_snapshot_25")[0]).toMatch(
    /^exchange,symbol,timestamp,local_timestamp,asks\[0\]\.price,asks\[0\]\.amount,bids\[0\]\.price,bids\[0\]\.amount,asks\[1\]/,
  );
  for (const file of record.files) {
    expect(lines(file.path.split("/")[1]!)).toHaveLength(file.rows + 1);
  }
});

test("arrival times never fall, exchange times come some milliseconds before, both in the same minute", () => {
  for (const type of ["trades", "incremental_book_L2", "quotes", "book_snapshot_25"]) {
    let last = START_US;
    let isOrdered = true;
    for (const row of lines(type).slice(1)) {
      const [, , exchange, local] = row.split(",", 4).map(Number);
      isOrdered &&= local! >= last && local! % MINUTE_US !== 0 && local! < START_US + DAY_US;
      isOrdered &&= local! - exchange! >= 1_000 && local! - exchange! < 50_000;
      isOrdered &&= Math.floor(local! / MINUTE_US) === Math.floor(exchange! / MINUTE_US);
      last = local!;
    }
    expect(isOrdered).toBe(true);
  }
});

test("the rebuilt book is never crossed and always 25 levels deep", () => {
  expect(history.every((state) => state.bid < state.ask)).toBe(true);
  expect(history.every((state) => state.depth >= 25)).toBe(true);
});

test("quotes are the rebuilt book's best levels, one row per change", () => {
  const changes = history.filter((state, i) => {
    const before = history[i - 1];
    return (
      before === undefined ||
      [before.bid, before.ask, before.bidAmount, before.askAmount].join() !==
        [state.bid, state.ask, state.bidAmount, state.askAmount].join()
    );
  });
  const expected = changes.map((s) => [s.timeUs, s.askAmount, s.ask, s.bid, s.bidAmount].join());
  const found = lines("quotes")
    .slice(1)
    .map((row) => row.split(",").slice(3).join());
  expect(found.length).toBe(expected.length);
  expect(found.filter((row, i) => row !== expected[i])).toEqual([]);
});

test("the last snapshot shows the rebuilt book's best 25 levels", () => {
  const cells = lines("book_snapshot_25").at(-1)!.split(",").slice(4).map(Number);
  const bids = [...lastBook.bid].sort((a, b) => b[0] - a[0]).slice(0, 25);
  const asks = [...lastBook.ask].sort((a, b) => a[0] - b[0]).slice(0, 25);
  expect(cells).toEqual(asks.flatMap((ask, i) => [...ask, ...bids[i]!]));
});

test("trades happen at the touch of the book in force, ids count up, and the queue they meet shrinks", () => {
  let at = 0;
  let [lastId, atTouch, shrunk] = [0, 0, 0];
  const trades = lines("trades").slice(1);
  for (const row of trades) {
    const [, , , local, id, side, price] = row.split(",");
    while (at + 1 < history.length && history[at + 1]!.timeUs < Number(local)) at++;
    const [before, after] = [history[at]!, history[at + 1]!];
    expect(Number(id)).toBe(++lastId);
    if (Number(price) === (side === "buy" ? before.ask : before.bid)) atTouch++;
    const isLess =
      side === "buy" ? after.askAmount < before.askAmount : after.bidAmount < before.bidAmount;
    if (isLess && after.timeUs === Number(local)) shrunk++;
  }
  expect(atTouch).toBe(trades.length);
  expect(shrunk / trades.length).toBeGreaterThan(0.999);
});

test("each minute's traded volume and average book show its two flows", () => {
  const minutes = hiddenDays(MARKET).next().value.symbols[1]!;
  const volume = { buy: new Float64Array(DAY_MINUTES), sell: new Float64Array(DAY_MINUTES) };
  for (const row of lines("trades").slice(1)) {
    const [, , , local, , side, , amount] = row.split(",");
    const minute = Math.floor((Number(local) - START_US) / MINUTE_US);
    const of = volume[side as "buy" | "sell"];
    of[minute] = of[minute]! + Number(amount);
  }
  const average = new Float64Array(DAY_MINUTES);
  history.forEach((state, i) => {
    const end = history[i + 1]?.timeUs ?? START_US + DAY_US;
    const minute = Math.floor((state.timeUs - START_US) / MINUTE_US);
    average[minute] = average[minute]! + (state.imbalance * (end - state.timeUs)) / MINUTE_US;
  });
  const errors: number[] = [];
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    const [bought, sold] = [volume.buy[minute]!, volume.sell[minute]!];
    const expected = Math.tanh(IMBALANCE_SCALE * minutes.tradeFlow[minute]!);
    // A lot is 0.001; a minute has some thousands of them.
    expect(Math.abs((bought - sold) / (bought + sold) - expected)).toBeLessThan(
      0.01 / (bought + sold),
    );
    errors.push(average[minute]! - Math.tanh(IMBALANCE_SCALE * minutes.bookFlow[minute]!));
  }
  // The book flickers around its level; over a minute that nearly averages out.
  expect(Math.abs(mean(errors))).toBeLessThan(0.01);
  expect(Math.sqrt(mean(errors.map((error) => error ** 2)))).toBeLessThan(0.12);
});

test("the spread breathes: one or two ticks mostly, wider at times, the wider the livelier", () => {
  const minutes = hiddenDays(MARKET).next().value.symbols[1]!;
  const ticks = history.map((state) => Math.round((state.ask - state.bid) / 0.1));
  expect(ticks.filter((spread) => spread <= 2).length / ticks.length).toBeGreaterThan(0.6);
  expect(Math.max(...ticks)).toBeGreaterThan(4);
  const ratio = (state: State): number =>
    minutes.volatility[Math.floor((state.timeUs - START_US) / MINUTE_US)]!;
  const lively = ticks.filter((_, i) => ratio(history[i]!) > 1.3);
  const quiet = ticks.filter((_, i) => ratio(history[i]!) < 0.6);
  expect(mean(lively)).toBeGreaterThan(mean(quiet) * 1.05);
});

test("the next day's snapshot is the book at the end of the day, and its trade ids go on", () => {
  const [, ...rows] = lines("incremental_book_L2", "2024-01-02");
  const snapshot = rows.filter((row) => row.includes(",true,"));
  const opened = states(snapshot).last;
  expect(new Map([...opened.bid].sort())).toEqual(new Map([...lastBook.bid].sort()));
  expect(new Map([...opened.ask].sort())).toEqual(new Map([...lastBook.ask].sort()));
  const lastId = Number(lines("trades").at(-1)!.split(",")[4]);
  expect(Number(lines("trades", "2024-01-02")[1]!.split(",")[4])).toBe(lastId + 1);
});

test("the truth has a row per bar end, with probabilities", () => {
  const [header, ...rows] = lines("simulation_truth");
  expect(header!.split(",")).toHaveLength(17);
  expect(rows).toHaveLength(DAY_MINUTES);
  rows.forEach((row, i) => {
    const cells = row.split(",");
    expect(Number(cells[3])).toBe(START_US + (i + 1) * MINUTE_US);
    expect(cells.slice(7).every((cell) => Number(cell) > 0 && Number(cell) < 1)).toBe(true);
  });
});
