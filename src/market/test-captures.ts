// For tests only: real captures as columns, read plainly and without the store, so that the store cannot hide a mistake.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { BookChanges, BookSnapshots, Quotes, Trades } from "../store/tables.js";
import type { BookRow, Levels } from "./test-snapshots.js";

/** Folder of the real captures, laid out as the vendor's dataset server lays out its URLs. */
export const CAPTURES: string = path.resolve(__dirname, "../../../shared/market-data/datasets");

/** False where the captures are not there: tests that need them are skipped, and their titles say so. */
export const hasCaptures: boolean = existsSync(CAPTURES);

/** One file of the captures, for example `binance/trades/2024/08/08/BTCUSDT`. */
export type CaptureName = string;

/** Trades of a capture. */
export function captureTrades(name: CaptureName): Trades {
  const cells = columns(name);
  return {
    localTimestampUs: cells(3),
    timestampUs: cells(2),
    side: Int8Array.from(cells(5, (side) => (side === "buy" ? 1 : side === "sell" ? -1 : 0))),
    price: cells(6),
    amount: cells(7),
  };
}

/** Changes of incremental_book_L2 of a capture. */
export function captureBookChanges(name: CaptureName): BookChanges {
  const cells = columns(name);
  return {
    localTimestampUs: cells(3),
    timestampUs: cells(2),
    isSnapshot: Uint8Array.from(cells(4, (text) => (text === "true" ? 1 : 0))),
    side: Int8Array.from(cells(5, (side) => (side === "bid" ? 1 : -1))),
    price: cells(6),
    amount: cells(7),
  };
}

/** Quotes of a capture. */
export function captureQuotes(name: CaptureName): Quotes {
  const cells = columns(name);
  return {
    localTimestampUs: cells(3),
    timestampUs: cells(2),
    askAmount: cells(4),
    askPrice: cells(5),
    bidPrice: cells(6),
    bidAmount: cells(7),
  };
}

/** Book snapshots of a capture. */
export function captureSnapshots(name: CaptureName, levels: 5 | 25): BookSnapshots {
  const cells = columns(name);
  // The vendor's order of a level: ask price and amount, bid price and amount.
  const side = (first: number): Float64Array[] =>
    Array.from({ length: levels }, (_, level) => cells(4 + 4 * level + first, optionalNumber));
  return {
    localTimestampUs: cells(3),
    timestampUs: cells(2),
    askPrice: side(0),
    askAmount: side(1),
    bidPrice: side(2),
    bidAmount: side(3),
  };
}

/** Books of a capture as rows, read by the names in its header: nothing is shared with `captureSnapshots`. */
export function captureBookRows(name: CaptureName): readonly BookRow[] {
  const [header, ...lines] = textOf(name).trimEnd().split("\n");
  const names = header!.split(",");
  const at = (side: "bids" | "asks", level: number): number =>
    names.indexOf(`${side}[${level}].price`);
  const levels = names.filter((field) => /^bids.*price$/.test(field)).length;
  return lines.map((line) => {
    const fields = line.split(",");
    const side = (which: "bids" | "asks"): Levels =>
      Array.from({ length: levels }, (_, level) => at(which, level))
        .filter((i) => fields[i] !== "")
        .map((i) => [Number(fields[i]), Number(fields[i + 1])] as const);
    return {
      timeUs: Number(fields[names.indexOf("local_timestamp")]),
      bids: side("bids"),
      asks: side("asks"),
    };
  });
}

function optionalNumber(text: string): number {
  return text === "" ? Number.NaN : Number(text);
}

function textOf(name: CaptureName): string {
  return gunzipSync(readFileSync(path.join(CAPTURES, `${name}.csv.gz`))).toString();
}

function columns(
  name: CaptureName,
): (at: number, parse?: (text: string) => number) => Float64Array {
  const rows = textOf(name)
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
  return (at, parse = Number) => Float64Array.from(rows, (row) => parse(row[at]!));
}
