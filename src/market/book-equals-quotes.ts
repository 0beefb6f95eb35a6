// How often do the best bid and ask of the rebuilt book stand in the exchange's own quotes?
import type { BookChanges, Quotes } from "../store/tables.js";
import type { OrderBook } from "./order-book.js";
import { Replay } from "./replay.js";

/** How a rebuilt book compares with the exchange's quotes. */
export interface BookQuoteComparison {
  /** Book states with quotes around them; the others cannot be compared. */
  readonly compared: number;
  /** States whose best prices some quote in the window has. */
  readonly pricesEqual: number;
  /** States whose best prices and amounts some quote in the window has. */
  readonly allEqual: number;
  /** States with best bid at or above best ask. */
  readonly crossed: number;
  /** Arrival time of the first state whose best prices no quote has, µs; NaN when there is none. */
  readonly firstUnequalUs: number;
}

/**
 * Compares every state of the rebuilt book with the quotes that arrived within a window around it. The last state is
 * left out, since the end of the data may cut its rows.
 *
 * @param bookChanges - batches of incremental_book_L2 in arrival order
 * @param quotes - batches of quotes of the same time in arrival order; all of them are held in memory
 * @param options.windowUs - quotes at most this much earlier or later count
 * @param options.withStanding - the quote in force when the window begins counts too, as it must where quotes are rare:
 *   a change deep in the book leaves the best prices as last quoted
 * @see FEATURES.md, "Book": prices ≥ 99.9 %, prices and amounts ≥ 94 %, never crossed, within ±200 ms
 */
export async function bookEqualsQuotes(
  bookChanges: AsyncIterable<BookChanges> | Iterable<BookChanges>,
  quotes: AsyncIterable<Quotes> | Iterable<Quotes>,
  {
    windowUs = 200_000,
    withStanding = false,
  }: { readonly windowUs?: number; readonly withStanding?: boolean } = {},
): Promise<BookQuoteComparison> {
  const batches: Quotes[] = [];
  for await (const batch of quotes) if (batch.bidPrice.length > 0) batches.push(batch);
  const counts = {
    compared: 0,
    pricesEqual: 0,
    allEqual: 0,
    crossed: 0,
    firstUnequalUs: Number.NaN,
  };
  const window = new QuoteWindow(batches, windowUs, withStanding);
  const replay = new Replay({
    onTrade: () => {},
    onBook: (localUs, book) => {
      if (book.bidLevels === 0 || book.askLevels === 0) return;
      if (!book.isOrdered()) counts.crossed++;
      const found = window.find(localUs, book);
      if (found === "none") return;
      counts.compared++;
      if (found === "all") counts.allEqual++;
      if (found !== "unequal") counts.pricesEqual++;
      else if (Number.isNaN(counts.firstUnequalUs)) counts.firstUnequalUs = localUs;
    },
  });
  await replay.run({ bookChanges });
  return counts;
}

/** Quotes around a time that only grows. */
class QuoteWindow {
  private readonly batches: readonly Quotes[];
  private readonly windowUs: number;
  private readonly withStanding: boolean;
  private batch = 0;
  private row = 0;

  constructor(batches: readonly Quotes[], windowUs: number, withStanding: boolean) {
    this.batches = batches;
    this.windowUs = windowUs;
    this.withStanding = withStanding;
  }

  /** The best agreement of the book with any quote of the window; "none" when the window is empty. */
  find(localUs: number, book: OrderBook): "none" | "unequal" | "prices" | "all" {
    this.dropBefore(localUs - this.windowUs);
    const bidPrice = book.bidPrice();
    const askPrice = book.askPrice();
    let best: "none" | "unequal" | "prices" = "none";
    const [batch, first] = this.start();
    for (let b = batch, row = first; b < this.batches.length; b++, row = 0) {
      const quotes = this.batches[b]!;
      for (let i = row; i < quotes.bidPrice.length; i++) {
        if (quotes.localTimestampUs[i]! > localUs + this.windowUs) return best;
        if (best === "none") best = "unequal";
        if (quotes.bidPrice[i] !== bidPrice || quotes.askPrice[i] !== askPrice) continue;
        best = "prices";
        if (quotes.bidAmount[i] === book.bidAmount() && quotes.askAmount[i] === book.askAmount()) {
          return "all";
        }
      }
    }
    return best;
  }

  /** Batch and row of the first quote to look at; the standing one is the last before the window. */
  private start(): readonly [number, number] {
    if (!this.withStanding) return [this.batch, this.row];
    if (this.row > 0) return [this.batch, this.row - 1];
    if (this.batch === 0) return [0, 0];
    return [this.batch - 1, this.batches[this.batch - 1]!.bidPrice.length - 1];
  }

  private dropBefore(timeUs: number): void {
    while (this.batch < this.batches.length) {
      const times = this.batches[this.batch]!.localTimestampUs;
      while (this.row < times.length && times[this.row]! < timeUs) this.row++;
      if (this.row < times.length) return;
      this.batch++;
      this.row = 0;
    }
  }
}
