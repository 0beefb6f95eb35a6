// Coinbase's messages, written from the rows of a dataset.
import type { RecordedMessage } from "./recorded-message.js";

/** What of a row is sent; texts as in the file. */
export interface TradeRow {
  readonly localUs: number;
  readonly exchangeUs: number;
  readonly id: string;
  readonly isBuy: boolean;
  readonly price: string;
  readonly amount: string;
}

/** Rows of a book that are one message: bids, then asks. */
export interface BookRows {
  readonly localUs: number;
  readonly exchangeUs: number;
  readonly isSnapshot: boolean;
  /** Price and amount in turn, as in the file. */
  readonly bids: readonly string[];
  readonly asks: readonly string[];
}

/** Topics of a symbol. */
export const coinbaseTopic = {
  trades: (symbol: string): string => `matches ${symbol}`,
  book: (symbol: string): string => `level2 ${symbol}`,
};

/** A trade; Coinbase names the side that was waiting in the book. */
export function coinbaseTrade(symbol: string, row: TradeRow): RecordedMessage {
  const text = JSON.stringify({
    type: "match",
    trade_id: row.id,
    side: row.isBuy ? "sell" : "buy",
    size: row.amount,
    price: row.price,
    product_id: symbol,
    time: isoTime(row.exchangeUs),
  });
  return { localUs: row.localUs, symbol, topic: coinbaseTopic.trades(symbol), text };
}

/** A change of a book, or a whole one. */
export function coinbaseBook(symbol: string, rows: BookRows): RecordedMessage {
  const { localUs, isSnapshot, bids, asks } = rows;
  const head = { type: isSnapshot ? "snapshot" : "l2update", product_id: symbol };
  const levels = isSnapshot
    ? { bids: pairs(bids), asks: pairs(asks) }
    : { changes: [...pairs(bids, "buy"), ...pairs(asks, "sell")] };
  const text = JSON.stringify({ ...head, ...levels, time: isoTime(rows.exchangeUs) });
  return { localUs, symbol, topic: coinbaseTopic.book(symbol), text };
}

function pairs(values: readonly string[], ...side: readonly string[]): string[][] {
  const list: string[][] = [];
  for (let i = 0; i < values.length; i += 2) list.push([...side, values[i]!, values[i + 1]!]);
  return list;
}

/** As `2024-03-01T00:00:00.123456Z`; a time that is none stays none. */
function isoTime(us: number): string {
  if (!(Math.abs(us) < 8.64e18)) return String(us);
  const ms = new Date(Math.floor(us / 1000)).toISOString().slice(0, -1);
  return `${ms}${String(us % 1000).padStart(3, "0")}Z`;
}
