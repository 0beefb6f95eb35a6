import type { FeatureEngine } from "../../features/engine.js";
import { OrderBook } from "../../market/order-book.js";
import type { MadeMarket } from "./open-block.js";

/**
 * Tells engines the events of a market one by one, as a live feed does: a trade, or the rows of one arrival time at once. The
 * state that these leave is told without waiting for the next event, since no message of a feed has the time of another.
 */
export class OneByOne {
  private readonly market: MadeMarket;
  private engine: FeatureEngine;
  private book: OrderBook;
  private trade = 0;
  private row = 0;

  /** @param engine - whose book is made from changes */
  constructor(market: MadeMarket, engine: FeatureEngine) {
    this.market = market;
    this.engine = engine;
    this.book = bookOf(engine);
  }

  /** Goes on with another engine, which has taken over the state of the one before. */
  goOnWith(engine: FeatureEngine): void {
    this.engine = engine;
    this.book = bookOf(engine);
  }

  /** Arrival time of the next event, µs; Infinity when there is none. */
  get nextUs(): number {
    const { trades, bookChanges } = this.market;
    const tradeUs = trades.localTimestampUs[this.trade] ?? Number.POSITIVE_INFINITY;
    const bookUs = bookChanges.localTimestampUs[this.row] ?? Number.POSITIVE_INFINITY;
    return Math.min(tradeUs, bookUs);
  }

  /** Tells the next event; a trade comes before book rows of the same time. */
  tell(): void {
    const { trades, bookChanges } = this.market;
    const { engine } = this;
    const timeUs = this.nextUs;
    engine.onTime(timeUs);
    if (trades.localTimestampUs[this.trade] === timeUs) {
      const { timestampUs, side, price, amount } = trades;
      const i = this.trade++;
      engine.onTrade(timeUs, timestampUs[i]!, side[i]!, price[i]!, amount[i]!);
      return;
    }
    const from = this.row;
    const times = bookChanges.localTimestampUs;
    do this.row++;
    while (times[this.row] === timeUs);
    this.book.apply(bookChanges, from, this.row);
    if (this.book.hasSnapshot) engine.onBook(timeUs, this.book);
  }
}

function bookOf({ book }: FeatureEngine): OrderBook {
  if (book instanceof OrderBook) return book;
  throw new Error(`a book of ${book.source} takes no changes`);
}
