import type { BookView } from "../market/book-view.js";
import { type Contract, notionalUsd } from "../market/contract.js";
import { emptyBar, type OpenBar } from "./bar.js";
import { BarBook, bookImbalance, decayedImbalance } from "./bar-book.js";
import { BarOrders } from "./bar-orders.js";
import { BarParts } from "./bar-parts.js";
import { BarTrades, type Candle, TRADE_NUMBERS } from "./bar-trades.js";

/** Saved state of the open bar, by what it is made of. */
export interface BarInputsState {
  readonly trades: readonly number[];
  readonly orders: readonly number[];
  readonly parts: readonly number[];
  readonly book: readonly number[];
}

/** Sums up the events of one bar after the other. */
export class BarInputs {
  private readonly trades: BarTrades;
  private readonly orders = new BarOrders();
  private readonly parts = new BarParts();
  private readonly book: BarBook;
  private readonly staleAfterUs: number;
  private readonly bar: OpenBar;
  private readonly contract: Contract;
  private readonly hasTrades: boolean;

  /**
   * @param options.barUs - length of a bar
   * @param options.staleAfterUs - age of the last book event beyond which a book is not valid
   * @param options.contract - how amounts become money
   * @param options.hasTrades - false: what a bar tells of trades is missing
   */
  constructor(options: {
    readonly barUs: number;
    readonly staleAfterUs: number;
    readonly contract: Contract;
    readonly hasTrades: boolean;
  }) {
    this.staleAfterUs = options.staleAfterUs;
    this.contract = options.contract;
    this.hasTrades = options.hasTrades;
    this.trades = new BarTrades(options.contract);
    this.book = new BarBook(options.staleAfterUs);
    this.bar = emptyBar(options.barUs);
  }

  /** A trade of the open bar; book states of the same arrival time must come after it. */
  onTrade(localUs: number, exchangeUs: number, side: number, price: number, amount: number): void {
    this.trades.onTrade(side, price, amount, this.book.midBefore(localUs));
    this.orders.onTrade(exchangeUs, side, amount);
    this.parts.onTrade(side, notionalUsd(this.contract, price, amount));
  }

  /** A candle of the open bar, in place of trades. */
  onCandle(candle: Candle): void {
    this.trades.onCandle(candle);
  }

  /** A book state of the open bar. */
  onBook(localUs: number, book: BookView): void {
    this.book.onBook(localUs, book);
  }

  /**
   * Ends a part of the open bar.
   *
   * @param book - in its last state before `endUs`
   */
  endPart(endUs: number, book: BookView): void {
    this.parts.endPart(book.isValidAt(endUs, this.staleAfterUs) ? book.mid() : Number.NaN);
  }

  /**
   * Closes the open bar, whose parts have all ended, and begins the next.
   *
   * @param endUs - the bar's end
   * @param book - in its last state before `endUs`
   * @returns the bar, filled anew by the next call; without a trade its prices are NaN
   */
  close(endUs: number, book: BookView): OpenBar {
    this.book.settle(endUs);
    const { bar, trades, orders, parts } = this;
    const { validUs, obiSum, spreadSum, queueSum, orderFlow } = this.book;
    const isValid = book.isValidAt(endUs, this.staleAfterUs);
    trades.tell(bar);
    bar.endUs = endUs;
    bar.orders = { count: orders.count, side: orders.side, amount: orders.amount };
    bar.validUs = validUs;
    bar.averageObiL5 = obiSum / validUs;
    bar.averageSpreadBps = spreadSum / validUs;
    bar.averageQueue = queueSum / validUs;
    bar.orderFlow = orderFlow;
    bar.mid = isValid ? book.mid() : Number.NaN;
    bar.obiL1 = isValid ? bookImbalance(book, 1) : Number.NaN;
    bar.obiL5 = isValid ? bookImbalance(book, 5) : Number.NaN;
    bar.obiL20Decay = isValid ? decayedImbalance(book) : Number.NaN;
    bar.partMoveBps.set(parts.moveBps);
    bar.partSignedNotional.set(parts.signedNotional);
    if (!this.hasTrades) tellNothing(bar);
    for (const part of [trades, orders, parts, this.book]) part.beginBar();
    return bar;
  }

  save(): BarInputsState {
    const { trades, orders, parts, book } = this;
    return {
      trades: trades.save(),
      orders: orders.save(),
      parts: parts.save(),
      book: book.save(),
    };
  }

  restore(state: { readonly [part in keyof BarInputsState]: ArrayLike<number> }): void {
    this.trades.restore(state.trades);
    this.orders.restore(state.orders);
    this.parts.restore(state.parts);
    this.book.restore(state.book);
  }
}

/** Makes all that a bar tells of trades missing. */
function tellNothing(bar: OpenBar): void {
  for (const name of TRADE_NUMBERS) bar[name] = Number.NaN;
  bar.partSignedNotional.fill(Number.NaN);
}
