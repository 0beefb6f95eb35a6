// Which books did the decisions of a test see, and which did their orders meet?
import { DAY_US, dateOf } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { barBooks } from "../features/bar-books.js";
import { storedBookSource } from "../features/feature-partition.js";
import type { BookSource } from "../market/book-source.js";
import { type Contract, contractOf, notionalUsd } from "../market/contract.js";
import { type SampledBooks, type SampledSide, SideColumns } from "../market/sample-books.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { DEFAULT_STAKE } from "./trade-rows.js";

/** Books at test rows: the one in force at the bar's end, and the one in force a latency later. */
export interface ExecutionBooks extends SampledBooks {
  readonly latencyUs: number;
  /** By row of the dataset: number of the decision's book, the order's is the next; −1 where there are none. */
  readonly place: Int32Array;
  /** Symbol-days by the kind of data that their books are made from. */
  readonly daysBySource: Readonly<Partial<Record<BookSource, number>>>;
  /** Symbol-days of test rows of which the store has no book. */
  readonly daysWithout: number;
}

/** What of the books is kept. */
export interface ExecutionBookOptions {
  /** From a bar's end to the book that its orders meet, in arrival time; default is the latency of the labels. */
  readonly latencyUs?: number;
  /**
   * Capital that is traded with; default 100,000. Levels behind four times its value are left out, so that years fit in
   * memory: an order is worth twice the capital at most, but for what moved since its tranches were staked.
   */
  readonly capitalUsd?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Value of the levels that are kept of a side, in units of the capital. */
const DEPTH_CAPITALS = 4;

type BookRows = Pick<
  Dataset,
  "exchange" | "symbols" | "symbolIndex" | "barEndUs" | "barUs" | "latencyUs" | "rows"
>;

/**
 * Reads the books of test rows, a day of a symbol at a time; each day's are made by one replay of the richest kind of book
 * that the store has of it, and stored for the next time. The latency covers all that lies between: computing, the order's
 * way to the exchange, and the way back of the feed, by which the book that the exchange had then is seen later.
 *
 * @param dataset - the matrix, or the columns of it that matter here
 * @param rows - row numbers of a test, ordered by symbol and time
 * @throws {OptionError} the latency is longer than a bar
 * @throws {DataError} a partition is damaged
 */
export async function executionBooks(
  store: Store,
  dataset: BookRows,
  rows: Uint32Array,
  {
    latencyUs = dataset.latencyUs,
    capitalUsd = DEFAULT_STAKE.capitalUsd,
    onProgress,
  }: ExecutionBookOptions = {},
): Promise<ExecutionBooks> {
  const { barUs } = dataset;
  const kept = new KeptBooks(dataset.rows, DEPTH_CAPITALS * capitalUsd);
  const daysBySource: Partial<Record<BookSource, number>> = {};
  let daysWithout = 0;
  for (let from = 0, to = 0; from < rows.length; from = to) {
    const day = dayOf(dataset, rows[from]!);
    while (to < rows.length && isSameDay(day, dayOf(dataset, rows[to]!))) to++;
    const bookSource = await storedBookSource(store, [day]);
    const books = await barBooks(store, day, { barUs, latencyUs, bookSource });
    if (books === undefined) daysWithout++;
    else {
      daysBySource[bookSource] = (daysBySource[bookSource] ?? 0) + 1;
      for (const row of rows.subarray(from, to)) {
        // Bars divide the day, so the place of a bar end in it is known.
        const bar = Math.round(((dataset.barEndUs[row]! - barUs) % DAY_US) / barUs);
        kept.add(row, day, books, 2 * bar);
      }
    }
    onProgress?.(to, rows.length);
  }
  return { latencyUs, daysBySource, daysWithout, ...kept.finish() };
}

function dayOf(dataset: BookRows, row: number): SymbolDay {
  const symbol = dataset.symbols[dataset.symbolIndex[row]!]!;
  return {
    exchange: dataset.exchange,
    symbol,
    date: dateOf(dataset.barEndUs[row]! - dataset.barUs),
  };
}

function isSameDay(a: SymbolDay, b: SymbolDay): boolean {
  return a.date === b.date && a.symbol === b.symbol;
}

/** Pairs of books of rows, cut to the levels that orders may reach. */
class KeptBooks {
  private readonly place: Int32Array;
  private readonly bids = new SideColumns();
  private readonly asks = new SideColumns();
  private readonly depthUsd: number;
  private books = 0;

  constructor(rows: number, depthUsd: number) {
    this.place = new Int32Array(rows).fill(-1);
    this.depthUsd = depthUsd;
  }

  add(row: number, { exchange, symbol }: SymbolDay, books: SampledBooks, first: number): void {
    const contract = contractOf(exchange, symbol);
    this.place[row] = this.books;
    for (const book of [first, first + 1]) {
      this.copy(books.bids, book, this.bids, contract);
      this.copy(books.asks, book, this.asks, contract);
      this.books++;
    }
  }

  finish(): SampledBooks & Pick<ExecutionBooks, "place"> {
    const { place, bids, asks, books } = this;
    return { place, bids: bids.finish(books), asks: asks.finish(books) };
  }

  private copy(
    { starts, price, amount }: SampledSide,
    book: number,
    into: SideColumns,
    contract: Contract,
  ): void {
    into.begin(this.books);
    let valueUsd = 0;
    for (let i = starts[book]!; i < starts[book + 1]! && valueUsd < this.depthUsd; i++) {
      into.add(price[i]!, amount[i]!);
      valueUsd += notionalUsd(contract, price[i]!, amount[i]!);
    }
  }
}
