// For tests only: the day of the live tests' store as files, which an exchange on this machine plays.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { dayStartUs } from "../core/time.js";
import { BAR_US, syntheticMarket } from "../features/test-market.js";
import { SYMBOLS } from "../runtime/loop/test-run.js";
import { LIVE_DAY } from "../runtime/test-live-store.js";

/** Bars of the market before the day. */
const BEFORE = 600;

/** Writes a mirror with the first bars of the day. */
export function putLiveMirror(folder: string, { bars }: { readonly bars: number }): void {
  const fromUs = dayStartUs(LIVE_DAY);
  const isOfDay = (us: number): boolean => us >= fromUs && us < fromUs + bars * BAR_US;
  for (const [i, symbol] of SYMBOLS.entries()) {
    const { trades, bookChanges } = syntheticMarket(i + 1, BEFORE + bars);
    const rows = (
      { localTimestampUs, timestampUs }: typeof trades | typeof bookChanges,
      cells: (row: number) => string,
    ): readonly string[] =>
      [...localTimestampUs.keys()]
        .filter((row) => isOfDay(localTimestampUs[row]!))
        .map(
          (row) => `simulated,${symbol},${timestampUs[row]},${localTimestampUs[row]},${cells(row)}`,
        );
    const { side, price, amount } = trades;
    put(folder, `trades/${symbol}`, "id,side,price,amount", [
      ...rows(trades, (row) => {
        return `${row},${side[row] === -1 ? "sell" : "buy"},${price[row]},${amount[row]}`;
      }),
    ]);
    const book = bookChanges;
    put(folder, `incremental_book_L2/${symbol}`, "is_snapshot,side,price,amount", [
      ...rows(book, (row) => {
        const sided = `${book.isSnapshot[row] === 1},${book.side[row] === 1 ? "bid" : "ask"}`;
        return `${sided},${book.price[row]},${book.amount[row]}`;
      }),
    ]);
  }
}

function put(folder: string, name: string, header: string, rows: readonly string[]): void {
  const [type, symbol] = name.split("/") as [string, string];
  const place = path.join(folder, "simulated", type, ...LIVE_DAY.split("-"));
  mkdirSync(place, { recursive: true });
  const lines = [`exchange,symbol,timestamp,local_timestamp,${header}`, ...rows, ""];
  writeFileSync(path.join(place, `${symbol}.csv.gz`), gzipSync(lines.join("\n")));
}
