// A file of many pieces and batches: no row is lost between two of them, and the manifest tells of all of them.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { DAY_US } from "../core/time.js";
import { rowGroupRows } from "../store/parquet/row-group.js";
import { partitionFolder } from "../store/partition.js";
import { readColumns, readManifest } from "../store/read.js";
import { SCHEMAS } from "../store/schema.js";
import type { DataType } from "../store/tables.js";
import { ingestFile } from "./ingest-file.js";
import {
  cleanUp,
  csv,
  freshFolder,
  freshStore,
  ingestFrom,
  KEY,
  mirror,
  START_US,
  trade,
} from "./test-mirror.js";

afterEach(cleanUp);

const bad = trade(0, { price: "0" });

test("every row of a file of several pieces and row groups is stored, with the first and the last told", async () => {
  const rows = 2 * rowGroupRows(SCHEMAS.trades.length) + 3;
  const lines = Array.from({ length: rows }, (_, i) =>
    trade(i, { timestamp: String(START_US - i) }),
  );
  const root = await mirror({ "BTCUSDT 2024-08-08": csv(lines) });
  const store = await freshStore();
  expect(await ingestFrom(root, store)).toMatchObject([{ status: "written", rows, rejected: 0 }]);
  const { local_timestamp } = await readColumns(store, KEY, ["local_timestamp"]);
  expect(local_timestamp).toEqual(Float64Array.from({ length: rows }, (_, i) => START_US + i));
  expect(await readManifest(store, KEY)).toMatchObject({
    first: { timestampUs: START_US, localTimestampUs: START_US },
    last: { timestampUs: START_US - rows + 1, localTimestampUs: START_US + rows - 1 },
  });
});

test("ids longer than most are all kept, over a whole row group", async () => {
  const rows = rowGroupRows(SCHEMAS.trades.length);
  const ids = Array.from({ length: rows }, (_, i) => `${i}-`.padEnd(36, "f"));
  const root = await mirror({ "BTCUSDT 2024-08-08": csv(ids.map((id, i) => trade(i, { id }))) });
  const store = await freshStore();
  expect(await ingestFrom(root, store)).toMatchObject([{ status: "written", rows }]);
  const { id } = await readColumns(store, KEY, ["id"]);
  expect((id as readonly string[]).findIndex((text, i) => text !== ids[i])).toBe(-1);
});

test("every rejected row is written down, however many they are", async () => {
  const count = 3000;
  const lines = Array.from({ length: count }, () => [bad, trade(1)]).flat();
  const root = await mirror({ "BTCUSDT 2024-08-08": csv(lines) });
  const store = await freshStore();
  const [result] = await ingestFrom(root, store, { maxRejectedShare: 0.5 });
  expect(result).toMatchObject({ status: "written", rows: count, rejected: count });
  const text = await readFile(store.path(`${partitionFolder(KEY)}/rejected.csv`), "utf8");
  const found = text.split("\n").slice(1, -1);
  expect(found.map((line) => Number(line.split(",")[0]))).toEqual(
    Array.from({ length: count }, (_, i) => 2 + 2 * i),
  );
});

test("a share of bad rows that may be is no row too small or too large, wherever in the file they are", async () => {
  const attempt = async (lines: readonly string[], maxRejectedShare: number): Promise<string> => {
    const root = await mirror({ "BTCUSDT 2024-08-08": csv(lines) });
    return (await ingestFrom(root, await freshStore(), { maxRejectedShare }))[0]!.status;
  };
  const good = (count: number): readonly string[] => Array<string>(count).fill(trade(0));
  expect(await attempt([bad, ...good(999)], 0.001)).toBe("written");
  expect(await attempt([bad, ...good(998)], 0.001)).toBe("failed");
  expect(await attempt([bad], 0)).toBe("failed");
  const many = Array<string>(100_000).fill(bad);
  expect(await attempt([...many, ...good(100_000)], 0.5)).toBe("written");
});

/** Rows stored and rejected of a file with given fields after the names. */
async function counts(type: DataType, rows: readonly string[]): Promise<readonly number[]> {
  const names = ["exchange", "symbol", ...SCHEMAS[type].map(({ name }) => name)].join(",");
  const file = path.join(await freshFolder(), "file.csv.gz");
  const lines = rows.map((row) => `binance,BTCUSDT,${row}\n`);
  await writeFile(file, gzipSync([`${names}\n`, ...lines].join("")));
  const store = await freshStore();
  const options = { file, maxRejectedShare: 1 };
  const manifest = await ingestFile(store, { ...KEY, type }, options);
  return [manifest.rows, Object.values(manifest.rejected).reduce((sum, count) => sum + count, 0)];
}

test("an amount of zero deletes a level and empties a quote, and is no trade", async () => {
  const times = `${START_US},${START_US}`;
  expect(await counts("incremental_book_L2", [`${times},false,bid,1,0`])).toEqual([1, 0]);
  expect(await counts("quotes", [`${times},0,2,1,0`])).toEqual([1, 0]);
  expect(await counts("trades", [`${times},1,buy,1,0`])).toEqual([0, 1]);
});

test("a day's last bar ends at the next midnight, which only the simulator's truth is stamped with", async () => {
  const end = START_US + DAY_US;
  const truth = SCHEMAS.simulation_truth.slice(2).map(() => "");
  const row = (timeUs: number): string => [timeUs, timeUs, ...truth].join(",");
  expect(await counts("simulation_truth", [row(end), row(end + 1)])).toEqual([1, 1]);
  expect(await counts("trades", [`${end},${end},1,buy,1,1`])).toEqual([0, 1]);
});
