import type { BookChanges, Trades } from "../../store/tables.js";
import type { Message } from "../ingest/book-changes.js";

/** Events of one symbol, each table in arrival order. */
export interface MadeMarket {
  readonly bookChanges: BookChanges;
  readonly trades: Trades;
}

/** Rows of the book after which a block is full; the message that fills it is put in whole. */
const FULL_ROWS = 1 << 16;
const ROOM = FULL_ROWS + (1 << 12);

const TRADE_NUMBERS = 5;

/** Events that are being made; the rows so far are changes that a book can be given. */
export class OpenBlock implements BookChanges {
  rows = 0;
  readonly localTimestampUs: Float64Array = new Float64Array(ROOM);
  readonly timestampUs: Float64Array = new Float64Array(ROOM);
  readonly isSnapshot: Uint8Array = new Uint8Array(ROOM);
  readonly side: Int8Array = new Int8Array(ROOM);
  readonly price: Float64Array = new Float64Array(ROOM);
  readonly amount: Float64Array = new Float64Array(ROOM);
  private readonly trades: number[] = [];

  get isFull(): boolean {
    return this.rows >= FULL_ROWS;
  }

  /** Adds row i of a message, with times of its own. */
  addRow(message: Message, i: number, localUs: number, exchangeUs: number): void {
    const row = this.rows++;
    this.localTimestampUs[row] = localUs;
    this.timestampUs[row] = exchangeUs;
    this.isSnapshot[row] = message.isSnapshot ? 1 : 0;
    this.side[row] = i < message.bids ? 1 : -1;
    this.price[row] = message.priceTicks[i]! / 10;
    this.amount[row] = message.amountMilli[i]! / 1000;
  }

  addTrade(localUs: number, exchangeUs: number, side: 1 | -1, price: number, amount: number): void {
    this.trades.push(localUs, exchangeUs, side, price, amount);
  }

  /** Copies of the events. */
  events(): MadeMarket {
    const { rows, trades } = this;
    const numbers = (at: number): Float64Array =>
      Float64Array.from(
        { length: trades.length / TRADE_NUMBERS },
        (_, i) => trades[TRADE_NUMBERS * i + at]!,
      );
    return {
      bookChanges: {
        localTimestampUs: this.localTimestampUs.slice(0, rows),
        timestampUs: this.timestampUs.slice(0, rows),
        isSnapshot: this.isSnapshot.slice(0, rows),
        side: this.side.slice(0, rows),
        price: this.price.slice(0, rows),
        amount: this.amount.slice(0, rows),
      },
      trades: {
        localTimestampUs: numbers(0),
        timestampUs: numbers(1),
        side: Int8Array.from(numbers(2)),
        price: numbers(3),
        amount: numbers(4),
      },
    };
  }
}
