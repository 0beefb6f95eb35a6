// First tier: events become one Bar for each bar. No recursion over bars happens here.

import type { Contract } from "../market/contract.js";
import type { OrderBook } from "../market/order-book.js";
import type { Bar } from "./bar.js";
import { BarBook, bookImbalance, decayedImbalance } from "./bar-book.js";
import { BarTrades, type Candle } from "./bar-trades.js";

/** Saved state of the open bar: numbers of its trades and of its book. */
export interface BarInputsState {
  readonly trades: readonly number[];
  readonly book: readonly number[];
}

/** Sums up the events of one bar after the other. */
export class BarInputs {
  private readonly trades: BarTrades;
  private readonly book: BarBook;
  private readonly barUs: number;
  private readonly staleAfterUs: number;

  /**
   * @param options.barUs - length of a bar
   * @param options.staleAfterUs - age of the last book event beyond which a book is not valid
   * @param options.contract - how amounts become money
   */
  constructor(options: {
    readonly barUs: number;
    readonly staleAfterUs: number;
    readonly contract: Contract;
  }) {
    this.barUs = options.barUs;
    this.staleAfterUs = options.staleAfterUs;
    this.trades = new BarTrades(options.contract);
    this.book = new BarBook(options.staleAfterUs);
  }

  /** A trade of the open bar; book states of the same arrival time must come after it. */
  onTrade(localUs: number, side: number, price: number, amount: number): void {
    this.trades.onTrade(side, price, amount, this.book.midBefore(localUs));
  }

  /** A candle of the open bar, in place of trades. */
  onCandle(candle: Candle): void {
    this.trades.onCandle(candle);
  }

  /** A book state of the open bar. */
  onBook(localUs: number, book: OrderBook): void {
    this.book.onBook(localUs, book);
  }

  /**
   * Closes the open bar and begins the next.
   *
   * @param endUs - the bar's end
   * @param book - in its last state before `endUs`
   * @param lastClose - price of the last trade before the bar; NaN when there was none
   */
  close(endUs: number, book: OrderBook, lastClose: number): Bar {
    this.book.settle(endUs);
    const { trades } = this;
    const { validUs, obiSum, spreadSum, queueSum, orderFlow } = this.book;
    const isValid = book.isValidAt(endUs, this.staleAfterUs);
    const { hasTrade } = trades;
    const bar: Bar = {
      endUs,
      barUs: this.barUs,
      open: hasTrade ? trades.open : lastClose,
      high: hasTrade ? trades.high : lastClose,
      low: hasTrade ? trades.low : lastClose,
      close: hasTrade ? trades.close : lastClose,
      tradeCount: trades.tradeCount,
      volume: trades.volume,
      buyVolume: trades.buyVolume,
      sellVolume: trades.sellVolume,
      base: trades.base,
      notional: trades.notional,
      excess: trades.excess,
      buyBase: trades.buyBase,
      buyExcess: trades.buyExcess,
      sellBase: trades.sellBase,
      sellExcess: trades.sellExcess,
      effectiveSpreadSum: trades.effectiveSpreadSum,
      effectiveSpreadVolume: trades.effectiveSpreadVolume,
      validUs,
      averageObiL5: obiSum / validUs,
      averageSpreadBps: spreadSum / validUs,
      averageQueue: queueSum / validUs,
      orderFlow,
      mid: isValid ? book.mid() : Number.NaN,
      obiL1: isValid ? bookImbalance(book, 1) : Number.NaN,
      obiL5: isValid ? bookImbalance(book, 5) : Number.NaN,
      obiL20Decay: isValid ? decayedImbalance(book) : Number.NaN,
    };
    this.trades.beginBar();
    this.book.beginBar();
    return bar;
  }

  save(): BarInputsState {
    return { trades: this.trades.save(), book: this.book.save() };
  }

  restore(state: { readonly [part in keyof BarInputsState]: ArrayLike<number> }): void {
    this.trades.restore(state.trades);
    this.book.restore(state.book);
  }
}
