// For tests only: raw minutes in the vendor's form, made by hand.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { dayStartUs, MINUTE_US } from "../../core/time.js";
import { freshFolder } from "../test-mirror.js";
import { slicePath } from "./slice-source.js";

/** The day that the lines below are of, and the names that they are about. */
export const DATE = "2024-03-01";
export const EXCHANGE = "binance";

/** Start of a minute of that day. */
export function minuteStartUs(minute: number): number {
  return dayStartUs(DATE) + minute * MINUTE_US;
}

/** A line: what arrived so many µs after the day's start. */
export function rawLine(localUs: number, message: unknown): string {
  const us = dayStartUs(DATE) + localUs;
  const seconds = new Date(Math.floor(us / 1000)).toISOString().slice(0, 19);
  return `${seconds}.${String(us % 1e6).padStart(6, "0")}7Z ${JSON.stringify(message)}`;
}

/** A trade; the exchange's time is its arrival cut to ms. */
export function rawTrade(
  localUs: number,
  {
    symbol = "BTCUSDT",
    id = 1,
    price = "60000.5",
    amount = "0.25",
    isSell = false,
  }: {
    readonly symbol?: string;
    readonly id?: number;
    readonly price?: string;
    readonly amount?: string;
    readonly isSell?: boolean;
  } = {},
): string {
  const ms = Math.floor((dayStartUs(DATE) + localUs) / 1000);
  const data = { e: "trade", E: ms, s: symbol, t: id, p: price, q: amount, T: ms, m: isSell };
  return rawLine(localUs, { stream: `${symbol.toLowerCase()}@trade`, data });
}

/** Prices and amounts of one side of a book, as Binance writes them. */
export type RawLevels = readonly (readonly [string, string])[];

/** Changes of a book, the updates `first` to `last`. */
export function rawDepth(
  localUs: number,
  {
    symbol = "BTCUSDT",
    first,
    last,
    bids = [],
    asks = [],
  }: {
    readonly symbol?: string;
    readonly first: number;
    readonly last: number;
    readonly bids?: RawLevels;
    readonly asks?: RawLevels;
  },
): string {
  const ms = Math.floor((dayStartUs(DATE) + localUs) / 1000);
  const data = { e: "depthUpdate", E: ms, s: symbol, U: first, u: last, b: bids, a: asks };
  return rawLine(localUs, { stream: `${symbol.toLowerCase()}@depth@100ms`, data });
}

/** A whole book, as the vendor puts it at the start of a connection. */
export function rawSnapshot(
  localUs: number,
  {
    symbol = "BTCUSDT",
    last,
    bids,
    asks,
  }: {
    readonly symbol?: string;
    readonly last: number;
    readonly bids: RawLevels;
    readonly asks: RawLevels;
  },
): string {
  const stream = `${symbol.toLowerCase()}@depthSnapshot`;
  return rawLine(localUs, { stream, generated: true, data: { lastUpdateId: last, bids, asks } });
}

/** Best bid and ask. */
export function rawTicker(
  localUs: number,
  {
    symbol = "BTCUSDT",
    bid = "60000",
    ask = "60001",
  }: { readonly symbol?: string; readonly bid?: string; readonly ask?: string } = {},
): string {
  const data = { u: 1, s: symbol, b: bid, B: "1", a: ask, A: "2" };
  return rawLine(localUs, { stream: `${symbol.toLowerCase()}@bookTicker`, data });
}

/** The gzip of a minute. */
export function gzipLines(lines: readonly string[]): Buffer {
  return gzipSync(lines.map((line) => `${line}\n`).join(""));
}

/**
 * Writes raw minutes below `raw` of a fresh folder.
 *
 * @param minutes - the gzip of each, by minute of the day
 * @returns the folder
 */
export async function rawMirror(minutes: Readonly<Record<number, Buffer>>): Promise<string> {
  const root = await freshFolder();
  for (const [minute, bytes] of Object.entries(minutes)) {
    const day = { exchange: EXCHANGE, dayStartUs: dayStartUs(DATE), minute: Number(minute) };
    const file = path.join(root, "raw", slicePath(day));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  return root;
}

/** Three minutes of two symbols: trades, tickers, a book with a snapshot, and a lost connection in the second minute. */
export function busyMinutes(): Readonly<Record<number, Buffer>> {
  const s = 1e6;
  const minute = 60 * s;
  const book = { bids: [["60000", "1"]] as RawLevels, asks: [["60001", "2"]] as RawLevels };
  return {
    0: gzipLines([
      rawDepth(s, { first: 1, last: 2, bids: [["59999", "3"]] }),
      rawSnapshot(2 * s + 123_456, { last: 2, ...book }),
      rawTrade(3 * s + 7, { id: 1 }),
      rawTrade(3 * s + 7, { id: 2, symbol: "ETHUSDT", price: "3000", isSell: true }),
      rawDepth(4 * s, { first: 3, last: 4, bids: [["60000", "0"]], asks: [["60001.5", "1e-8"]] }),
      rawTicker(5 * s),
    ]),
    1: gzipLines([
      rawTrade(minute + s, { id: 3, amount: "0.1" }),
      "",
      "",
      rawDepth(minute + 10 * s, { first: 7, last: 8, asks: [["60002", "4"]] }),
      rawSnapshot(minute + 11 * s, { last: 8, ...book }),
      rawDepth(minute + 12 * s, { first: 9, last: 9, bids: [["59990", "5"]] }),
      rawTicker(minute + 13 * s, { symbol: "ETHUSDT", bid: "2999", ask: "3001" }),
    ]),
    2: gzipLines([rawTrade(2 * minute, { id: 4 }), rawTicker(2 * minute + 59 * s + 999_999)]),
  };
}
