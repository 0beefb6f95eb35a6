import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DataError, OptionError } from "../core/errors.js";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { candleFolder } from "./candle-table.js";
import { writeDerived } from "./derived.js";
import { PARQUET_FILE, partitionFolder } from "./partition.js";
import { readBookChanges, readColumns, readQuotes } from "./read.js";
import { readCandles } from "./read-candles.js";
import { readDerivativeTicker } from "./read-derivative-ticker.js";
import { readSnapshots } from "./read-snapshots.js";
import { SCHEMAS } from "./schema.js";
import { openStore, type Store } from "./store.js";
import type { DataType } from "./tables.js";
import { fieldKind } from "./tick-table.js";
import { writePartition } from "./write.js";

const DAY = { exchange: "binance", symbol: "BTCUSDT", date: "2024-08-08" } as const;
const START_US = dayStartUs(DAY.date);
const ROWS = 140_000;

let root: string;
let store: Store;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-read-"));
  store = await openStore(root);
});

afterAll(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

/** Value of row i in the column at a place of the schema: a number of its own for every cell, NaN in some. */
function cell(place: number, i: number): number {
  return (i + place) % 7 === 0 ? Number.NaN : i + place / 1000;
}

/** A partition whose numbers are those of `cell`, times follow the row, sides and flags alternate. */
async function write(type: DataType, rows: number): Promise<void> {
  await writePartition(store, { ...DAY, type }, async ({ append }) => {
    const columns = SCHEMAS[type].map(({ name, rule }, place) => {
      const number = Float64Array.from({ length: rows }, (_, i) => i);
      if (name === "funding_timestamp")
        return number.map((i) => (i % 2 ? START_US + i : Number.NaN));
      if (rule === "time") return number.map((i) => START_US + i - (place === 0 ? 5 : 0));
      const kind = fieldKind(rule);
      if (kind === "int8") return Int8Array.from(number, (i) => (i % 2 ? 1 : -1));
      if (kind === "uint8") return Uint8Array.from(number, (i) => (i < 3 ? 1 : 0));
      return number.map((i) => cell(place, i));
    });
    append(columns, rows);
    const source = { kind: "file", path: "x.csv.gz", bytes: 1, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
}

test("every level of a snapshot comes back under its own side and rank, over several batches", async () => {
  for (const depth of [5, 25] as const) {
    const rows = depth === 5 ? ROWS : 100;
    await write(`book_snapshot_${depth}`, rows);
    let row = 0;
    let wrong = 0;
    for await (const batch of readSnapshots(store, DAY, { depth })) {
      expect(batch.bidAmount).toHaveLength(depth);
      for (let i = 0; i < batch.localTimestampUs.length; i++, row++) {
        if (batch.localTimestampUs[i] !== START_US + row) wrong++;
        if (batch.timestampUs[i] !== START_US + row - 5) wrong++;
        for (let level = 0; level < depth; level++) {
          // The vendor's order within a level: ask price, ask amount, bid price, bid amount.
          const { askPrice, askAmount, bidPrice, bidAmount } = batch;
          for (const [k, side] of [askPrice, askAmount, bidPrice, bidAmount].entries()) {
            if (!Object.is(side[level]![i], cell(2 + 4 * level + k, row))) wrong++;
          }
        }
      }
    }
    expect({ row, wrong }).toEqual({ row: rows, wrong: 0 });
  }
  for await (const best of readSnapshots(store, DAY, { levels: 1 })) {
    expect(best.askPrice).toHaveLength(1);
    expect(best.askPrice[0]![1]).toBe(cell(2, 1));
  }
});

test("a derivative's ticker keeps what is unknown as NaN, its times too", async () => {
  await write("derivative_ticker", 50);
  for await (const batch of readDerivativeTicker(store, DAY)) {
    expect([...batch.fundingTimestampUs].slice(0, 3)).toEqual([
      Number.NaN,
      START_US + 1,
      Number.NaN,
    ]);
    const { fundingRate, predictedFundingRate, openInterest, lastPrice, indexPrice, markPrice } =
      batch;
    const columns = [
      fundingRate,
      predictedFundingRate,
      openInterest,
      lastPrice,
      indexPrice,
      markPrice,
    ];
    for (const [k, column] of columns.entries()) {
      expect(column).toEqual(Float64Array.from({ length: 50 }, (_, i) => cell(3 + k, i)));
    }
  }
});

test("book changes and quotes come back under their own names", async () => {
  await write("incremental_book_L2", 10);
  for await (const batch of readBookChanges(store, DAY)) {
    expect([...batch.isSnapshot]).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect([...batch.side].slice(0, 2)).toEqual([-1, 1]);
    expect([batch.price[1], batch.amount[1]]).toEqual([cell(4, 1), cell(5, 1)]);
  }
  await write("quotes", 10);
  for await (const { askAmount, askPrice, bidPrice, bidAmount } of readQuotes(store, DAY)) {
    const rowOne = [askAmount, askPrice, bidPrice, bidAmount].map((column) => column[1]);
    expect(rowOne).toEqual([2, 3, 4, 5].map((place) => cell(place, 1)));
  }
});

test("candles come back in order; what is not stored is said with the command that fetches it", async () => {
  const number = Float64Array.of(0, 1, 2);
  await writeDerived(
    store,
    candleFolder(DAY),
    {
      bar_start_us: number.map((i) => START_US + i * MINUTE_US),
      bar_end_us: number.map((i) => START_US + (i + 1) * MINUTE_US),
      open: number.map((i) => i + 1),
      high: number.map((i) => i + 2),
      low: number.map((i) => i + 3),
      close: number.map((i) => i + 4),
      volume: number.map((i) => i + 5),
    },
    {},
  );
  for await (const candles of readCandles(store, DAY)) {
    expect(candles.barEndUs[2]).toBe(START_US + 3 * MINUTE_US);
    const { open, high, low, close, volume } = candles;
    expect([open, high, low, close, volume].map((column) => column[0])).toEqual([1, 2, 3, 4, 5]);
  }
  const missing = readCandles(store, { ...DAY, date: "2024-08-09" }).next();
  await expect(missing).rejects.toThrow(DataError);
  await expect(missing).rejects.toThrow(/npx tickbook candles/);
});

test("a table that is checked meanwhile is never taken in whole where a byte of it is another", async () => {
  const day = { ...DAY, symbol: "FLIPPED" };
  const key = { ...day, type: "quotes" } as const;
  const source = { kind: "file", path: "x.csv.gz", bytes: 1, sha256: "0".repeat(64) } as const;
  await writePartition(store, key, async ({ append }) => {
    const time = Float64Array.from({ length: ROWS }, (_, i) => START_US + i);
    append([time, time, ...[1, 2, 3, 4].map((add) => time.map((us) => us % (97 * add)))], ROWS);
    return { source, rejected: {} };
  });
  const file = store.path(`${partitionFolder(key)}/${PARQUET_FILE}`);
  const whole = await readFile(file);
  const read = async (): Promise<number> => {
    let rows = 0;
    // A store of its own has checked nothing before.
    const fresh = await openStore(root);
    const options = { isReused: true, isCheckedMeanwhile: true };
    try {
      for await (const batch of readQuotes(fresh, day, options)) rows += batch.bidPrice.length;
    } finally {
      await fresh.close();
    }
    return rows;
  };
  expect(await read()).toBe(ROWS);
  for (const share of [0.001, 0.3, 0.6, 0.9, 0.99]) {
    const flipped = Buffer.from(whole);
    flipped[Math.floor(share * whole.length)]! ^= 1;
    await writeFile(file, flipped);
    const error = await read().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).message).toMatch(/SHA-256/);
  }
  await writeFile(file, whole);
  expect(await read()).toBe(ROWS);
});

test("columns that are none, and folders that are no table's, are told apart from damaged tables", async () => {
  const key = { ...DAY, symbol: "XRPUSDT", type: "quotes" } as const;
  await write("quotes", 2);
  const none = readColumns(store, { ...DAY, type: "quotes" }, []);
  await expect(none).rejects.toThrow(OptionError);
  await expect(none).rejects.toThrow(
    "names: was an empty list; name at least one column, or leave it out for all of them",
  );
  for (const folder of [
    "/etc",
    "",
    "../x",
    "features/",
    "lake/quotes",
    "lake/etc/date=2024-08-08",
  ]) {
    const outside = readColumns(store, folder);
    await expect(outside, folder).rejects.toThrow(OptionError);
    await expect(outside, folder).rejects.toThrow(
      `folder: was ${JSON.stringify(folder)}, which is no folder of a`,
    );
  }
  const lake = `lake/quotes/exchange=binance/symbol=BTCUSDT/date=${DAY.date}`;
  expect((await readColumns(store, lake, ["bid_price"]))["bid_price"]).toHaveLength(2);
  const place = "--exchange binance --symbols XRPUSDT --from 2024-08-08";
  for (const [target, fix] of [
    [key, `fetch it with \`npx tickbook ingest --source SOURCE ${place} --types quotes\``],
    [
      "candles/bar=1m/exchange=coinbase/symbol=BTC-USD/date=2024-08-08",
      "fetch it with `npx tickbook candles --product BTC-USD --from 2024-08-08`",
    ],
    [
      "features/bar=1m/exchange=binance/symbol=XRPUSDT/date=2024-08-08",
      `make it with \`npx tickbook features ${place} --bar 1m\``,
    ],
    ["labels/all", "check its name, or run the stage that makes it"],
  ] as const) {
    const absent = await readColumns(store, target).catch((error: unknown) => error);
    expect(absent).toBeInstanceOf(DataError);
    expect((absent as Error).message).toMatch(/: is not in the store; /);
    expect((absent as Error).message.split("; ")[1]).toBe(fix);
  }
});
