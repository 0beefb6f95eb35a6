import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import type { Column } from "../../store/column.js";
import { SCHEMAS } from "../../store/schema.js";
import type { DataType } from "../../store/tables.js";
import { ingest } from "../ingest.js";
import { openSource } from "../open-source.js";
import { cleanUp, contents, freshStore } from "../test-mirror.js";
import { ingestReplay } from "./ingest-replay.js";
import { openReplaySource } from "./open-slices.js";
import { replayNormalized } from "./replay-normalized.js";

// Datasets and raw messages of the same market; the dataset files are read plainly, without the parser under test elsewhere.
const MARKET_DATA = path.resolve(__dirname, "../../../../shared/market-data");
const HAS_RAW = existsSync(path.join(MARKET_DATA, "raw"));
if (!HAS_RAW) console.warn("skipped: real captures are not at ../shared/market-data");

afterEach(cleanUp);

const DAYS = ["2024-08-08", "2024-08-09"];
const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const TYPES: readonly DataType[] = ["trades", "quotes", "incremental_book_L2"];

/** A row's fields as text; sides as words, so that files and replays are written alike. */
type Rows = readonly string[];

function fileRows(type: DataType, symbol: string, date: string): Rows {
  const file = `datasets/binance/${type}/${date.replaceAll("-", "/")}/${symbol}.csv.gz`;
  const text = gunzipSync(readFileSync(path.join(MARKET_DATA, file))).toString();
  const names = SCHEMAS[type].map(({ rule }) => rule);
  return text
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) =>
      line
        .split(",")
        .slice(2)
        .map((cell, f) =>
          names[f] === "positive" || names[f] === "nonNegative" ? String(Number(cell)) : cell,
        )
        .join(),
    );
}

function tableRows(type: DataType, columns: Readonly<Record<string, Column>>, rows: number): Rows {
  const write = SCHEMAS[type].map(({ name, rule }): ((i: number) => string) => {
    const column = columns[name]!;
    if (rule === "tradeSide") return (i) => ["sell", "unknown", "buy"][Number(column[i]) + 1]!;
    if (rule === "bookSide") return (i) => (column[i] === 1 ? "bid" : "ask");
    if (rule === "flag") return (i) => (column[i] === 1 ? "true" : "false");
    return (i) => String(column[i]);
  });
  return Array.from({ length: rows }, (_, i) => write.map((cell) => cell(i)).join());
}

/** All eleven minutes in one stream: midnight is no new connection. */
async function replayedRows(): Promise<ReadonlyMap<string, Rows>> {
  const found = new Map<string, string[]>();
  const source = await openReplaySource(MARKET_DATA);
  const request = {
    exchange: "binance",
    symbols: SYMBOLS,
    types: TYPES,
    from: "2024-08-08T23:54",
    to: "2024-08-09T00:06",
  };
  for await (const { startUs, isMissing, rejected, tables } of replayNormalized(source, request)) {
    expect([isMissing, rejected]).toEqual([false, {}]);
    const date = new Date(startUs / 1000).toISOString().slice(0, 10);
    for (const { symbol, type, columns, rows } of tables) {
      const name = `${type} ${symbol} ${date}`;
      const list = found.get(name) ?? [];
      for (const row of tableRows(type, columns, rows)) list.push(row);
      found.set(name, list);
    }
  }
  return found;
}

/** Levels that are left after changes, by side and price; a snapshot's rows replace what was there before them. */
function bookAfter(rows: Rows): Readonly<Record<string, string>> {
  const levels = new Map<string, string>();
  let before = "false";
  for (const row of rows) {
    const [, , isSnapshot = "", side, price, amount = ""] = row.split(",");
    if (isSnapshot === "true" && before === "false") levels.clear();
    before = isSnapshot;
    if (amount === "0") levels.delete(`${side} ${price}`);
    else levels.set(`${side} ${price}`, amount);
  }
  return Object.fromEntries([...levels].sort());
}

/** Equality of many rows; it tells the first that differ. */
function expectSame(found: Rows, expected: Rows): void {
  expect(found.length).toBe(expected.length);
  const at = found.findIndex((row, i) => row !== expected[i]);
  expect([at, found[at]]).toEqual([-1, expected[at]]);
}

test.skipIf(!HAS_RAW)(
  "the replay of real messages gives the dataset's trades, quotes and book changes",
  async () => {
    const replayed = await replayedRows();
    for (const symbol of SYMBOLS) {
      for (const date of DAYS) {
        for (const type of ["trades", "quotes"] as const) {
          expectSame(replayed.get(`${type} ${symbol} ${date}`)!, fileRows(type, symbol, date));
        }
      }
      // The second day's file begins with a snapshot of its own, which is the book that the replay has then; all other rows
      // are the replay's.
      const [first, second] = DAYS.map(
        (date) => replayed.get(`incremental_book_L2 ${symbol} ${date}`)!,
      );
      const file = fileRows("incremental_book_L2", symbol, DAYS[1]!);
      const snapshotRows = file.findIndex((row) => row.split(",")[2] === "false");
      expectSame(file.slice(snapshotRows), second!);
      expect(bookAfter(file.slice(0, snapshotRows))).toEqual(bookAfter(first!));
    }
    expect(replayed.get("trades BTCUSDT 2024-08-08")).toHaveLength(9757);

    // ETH's first snapshot has no change kept back before it: every row of the day is the file's.
    const eth = "incremental_book_L2 ETHUSDT 2024-08-08";
    expectSame(replayed.get(eth)!, fileRows("incremental_book_L2", "ETHUSDT", DAYS[0]!));
    // BTC's has: the vendor's normalizer merges it into the snapshot, the file gives both one after the other.
    const btc = replayed.get("incremental_book_L2 BTCUSDT 2024-08-08")!;
    const file = fileRows("incremental_book_L2", "BTCUSDT", DAYS[0]!);
    const start = file[0]!.split(",")[1]!;
    const later = (rows: Rows): Rows => rows.filter((row) => row.split(",")[1] !== start);
    expectSame(later(btc), later(file));
    const early = (rows: Rows): Rows => rows.filter((row) => row.split(",")[1] === start);
    expect(bookAfter(early(btc))).toEqual(bookAfter(early(file)));
    expect([early(btc).length, early(file).length]).toEqual([2007, 2016]);
    // One snapshot and 3,448 changes: no two messages have both times in common.
    const messages = new Set(btc.map((row) => row.split(",").slice(0, 3).join()));
    expect(messages.size).toBe(1 + 3448);
  },
  120_000,
);

test.skipIf(!HAS_RAW)(
  "a replayed day is byte for byte the table of the vendor's file",
  async () => {
    const request = { exchange: "binance", symbols: ["ETHUSDT"], types: TYPES, days: [DAYS[0]!] };
    const [byFile, byReplay] = [await freshStore(), await freshStore()];
    await ingest(byFile, await openSource(path.join(MARKET_DATA, "datasets")), request);
    const days = await ingestReplay(byReplay, await openReplaySource(MARKET_DATA), request);
    expect(days.map(({ status, missing }) => [status, missing])).toEqual(
      TYPES.map(() => ["written", ["00:00-23:53"]]),
    );
    const [files, replays] = [await contents(byFile.root), await contents(byReplay.root)];
    const tables = Object.keys(files).filter((name) => name.endsWith(".parquet"));
    expect(tables).toHaveLength(3);
    for (const name of tables) expect([name, replays[name]]).toEqual([name, files[name]]);
  },
  120_000,
);
