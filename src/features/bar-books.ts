import { OptionError } from "../core/errors.js";
import { DAY_US } from "../core/time.js";
import { type SampledBooks, SideColumns, sampleBooks } from "../market/sample-books.js";
import type { Column } from "../store/column.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { type BarSampleSettings, barSamples } from "./bar-samples.js";

/**
 * The best levels of the books that a day's decisions saw and that their orders met: book 2i is the one in force at the end
 * of bar i, book 2i + 1 at that plus the latency. From the store when they were made from the same data and settings, else
 * by one replay of the book and then stored.
 *
 * @returns two books a bar; undefined when the store has no book of the day
 * @throws {OptionError} the latency is longer than a bar
 * @throws {DataError} a partition is damaged
 */
export async function barBooks(
  store: Store,
  day: SymbolDay,
  settings: BarSampleSettings,
): Promise<SampledBooks | undefined> {
  const { barUs, latencyUs } = settings;
  requireShort(latencyUs, barUs);
  const columns = await barSamples(store, day, settings, {
    name: "bar-books",
    make: async (barEndUs, days, options) => {
      const times = Float64Array.from({ length: 2 * barEndUs.length }, (_, i) => {
        return barEndUs[i >> 1]! + (i % 2) * latencyUs;
      });
      return toColumns(await sampleBooks(times, days, options));
    },
  });
  return columns === undefined ? undefined : fromColumns(columns, (2 * DAY_US) / barUs);
}

function requireShort(latencyUs: number, barUs: number): void {
  if (latencyUs <= barUs) return;
  throw new OptionError({
    column: "latencyMs",
    message: `was ${latencyUs / 1000}, which is longer than a bar of ${barUs / 1000} ms`,
    fix: "give a latency of a bar at most, so that each order is filled before the next decision",
  });
}

/** One row a level: the book's number, its side (1 bid, −1 ask), price and amount. */
function toColumns({ bids, asks }: SampledBooks): Readonly<Record<string, Column>> {
  const rows = bids.price.length + asks.price.length;
  const columns = {
    book: new Int32Array(rows),
    side: new Int8Array(rows),
    price: new Float64Array(rows),
    amount: new Float64Array(rows),
  };
  let row = 0;
  for (let book = 0; book + 1 < bids.starts.length; book++) {
    for (const [sign, { starts, price, amount }] of [
      [1, bids],
      [-1, asks],
    ] as const) {
      for (let level = starts[book]!; level < starts[book + 1]!; level++, row++) {
        columns.book[row] = book;
        columns.side[row] = sign;
        columns.price[row] = price[level]!;
        columns.amount[row] = amount[level]!;
      }
    }
  }
  return columns;
}

function fromColumns(columns: Readonly<Record<string, Column>>, books: number): SampledBooks {
  const book = columns["book"] as Int32Array;
  const side = columns["side"] as Int8Array;
  const price = columns["price"] as Float64Array;
  const amount = columns["amount"] as Float64Array;
  const bids = new SideColumns();
  const asks = new SideColumns();
  for (let row = 0; row < book.length; row++) {
    const own = side[row] === 1 ? bids : asks;
    own.begin(book[row]!);
    own.add(price[row]!, amount[row]!);
  }
  return { bids: bids.finish(books), asks: asks.finish(books) };
}
