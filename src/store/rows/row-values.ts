import type { DataType } from "../tables.js";
import { type MicrosecondDate, microsecondsOf } from "./microsecond-date.js";
import type { NormalizedMessage } from "./normalized-message.js";

/** A field before it is checked; sides are 1 buy or bid, −1 sell or ask, 0 unknown. */
export type RowValue = number | string | boolean | undefined;

/** Gets the fields of a row in the order of its type's schema; the list is used again after the call. */
export type TakeRow = (values: readonly RowValue[]) => void;

/** Turns a normalized message into the rows that the vendor's file of its type would have. */
export type RowMaker = (message: NormalizedMessage) => void;

interface Trade extends NormalizedMessage {
  readonly id: string | undefined;
  readonly price: number;
  readonly amount: number;
  readonly side: string;
}

interface Level {
  readonly price: number | undefined;
  readonly amount: number | undefined;
}

interface Book extends NormalizedMessage {
  readonly isSnapshot?: boolean;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

interface BookTicker extends NormalizedMessage {
  readonly askAmount: number | undefined;
  readonly askPrice: number | undefined;
  readonly bidPrice: number | undefined;
  readonly bidAmount: number | undefined;
}

interface DerivativeTicker extends NormalizedMessage {
  readonly fundingTimestamp: MicrosecondDate | undefined;
  readonly fundingRate: number | undefined;
  readonly predictedFundingRate: number | undefined;
  readonly openInterest: number | undefined;
  readonly lastPrice: number | undefined;
  readonly indexPrice: number | undefined;
  readonly markPrice: number | undefined;
}

/**
 * How messages of a data type become rows. A book change is a row a level, bids first, each side in the exchange's order.
 *
 * @param columns - fields of the type's schema
 */
export function rowMaker(type: DataType, columns: number, take: TakeRow): RowMaker {
  const values = new Array<RowValue>(columns).fill(undefined);
  const begin = ({ timestamp, localTimestamp }: NormalizedMessage): void => {
    values[0] = timeUs(timestamp);
    values[1] = timeUs(localTimestamp);
  };
  switch (type) {
    case "trades":
      return (message) => {
        begin(message);
        const { id = "", side, price, amount } = message as Trade;
        values[2] = id;
        values[3] = side === "buy" ? 1 : side === "sell" ? -1 : side === "unknown" ? 0 : undefined;
        values[4] = price;
        values[5] = amount;
        take(values);
      };
    case "incremental_book_L2":
      return (message) => {
        begin(message);
        const { isSnapshot, bids, asks } = message as Book;
        values[2] = isSnapshot;
        for (let i = 0; i < bids.length + asks.length; i++) {
          const isBid = i < bids.length;
          const level = isBid ? bids[i]! : asks[i - bids.length]!;
          values[3] = isBid ? 1 : -1;
          values[4] = level.price;
          values[5] = level.amount;
          take(values);
        }
      };
    case "quotes":
      return (message) => {
        begin(message);
        putQuote(values, message as BookTicker | Book);
        take(values);
      };
    case "derivative_ticker":
      return (message) => {
        begin(message);
        const ticker = message as DerivativeTicker;
        values[2] = timeUs(ticker.fundingTimestamp);
        values[3] = ticker.fundingRate;
        values[4] = ticker.predictedFundingRate;
        values[5] = ticker.openInterest;
        values[6] = ticker.lastPrice;
        values[7] = ticker.indexPrice;
        values[8] = ticker.markPrice;
        take(values);
      };
    default:
      return (message) => {
        begin(message);
        putLevels(values, message as Book);
        take(values);
      };
  }
}

/** µs since the epoch; NaN when the exchange's own time was none. */
function timeUs(time: MicrosecondDate | undefined): number | undefined {
  return time === undefined ? undefined : microsecondsOf(time);
}

/** From the exchange's best bid and ask, or from the top of its book. */
function putQuote(values: RowValue[], message: BookTicker | Book): void {
  if ("bids" in message) {
    values[2] = message.asks[0]?.amount;
    values[3] = message.asks[0]?.price;
    values[4] = message.bids[0]?.price;
    values[5] = message.bids[0]?.amount;
    return;
  }
  values[2] = message.askAmount;
  values[3] = message.askPrice;
  values[4] = message.bidPrice;
  values[5] = message.bidAmount;
}

function putLevels(values: RowValue[], { bids, asks }: Book): void {
  for (let level = 0; 4 * level + 2 < values.length; level++) {
    const at = 4 * level + 2;
    values[at] = asks[level]?.price;
    values[at + 1] = asks[level]?.amount;
    values[at + 2] = bids[level]?.price;
    values[at + 3] = bids[level]?.amount;
  }
}
