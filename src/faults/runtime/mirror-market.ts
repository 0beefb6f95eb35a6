import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Market } from "../../features/test-market.js";
import type { SymbolDay } from "../../store/read.js";

const HEADERS = {
  trades: "id,side,price,amount",
  incremental_book_L2: "is_snapshot,side,price,amount",
} as const;

/** Writes a day of a market as the vendor's dataset files. */
export async function mirrorMarket(
  folder: string,
  { exchange, symbol, date }: SymbolDay,
  { trades, bookChanges }: Market,
): Promise<void> {
  const sides = new Map([
    [1, "buy"],
    [-1, "sell"],
    [0, "unknown"],
  ]);
  const rows = {
    trades: Array.from(trades.price, (price, i) => [i, sides.get(trades.side[i]!), price]),
    incremental_book_L2: Array.from(bookChanges.price, (price, i) => [
      bookChanges.isSnapshot[i] === 1,
      bookChanges.side[i] === 1 ? "bid" : "ask",
      price,
    ]),
  };
  for (const [type, header] of Object.entries(HEADERS) as ["trades", string][]) {
    const { timestampUs, localTimestampUs, amount } = type === "trades" ? trades : bookChanges;
    const lines = rows[type].map((cells, i) =>
      [exchange, symbol, timestampUs[i], localTimestampUs[i], ...cells, amount[i]].join(","),
    );
    const file = path.join(folder, exchange, type, ...date.split("-"), `${symbol}.csv.gz`);
    await mkdir(path.dirname(file), { recursive: true });
    const text = [`exchange,symbol,timestamp,local_timestamp,${header}`, ...lines].join("\n");
    await writeFile(file, gzipSync(`${text}\n`));
  }
}
