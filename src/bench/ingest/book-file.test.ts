import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ingest } from "../../ingest/ingest.js";
import { openSource } from "../../ingest/open-source.js";
import { openStore } from "../../store/store.js";
import { readColumns, writeColumns } from "../encoders/book-columns.js";
import { BOOK_DAY, type BookFile, bookFile } from "./book-file.js";
import { givenFile } from "./given-file.js";

const ROWS = 150_000;
let folder: string;
let made: BookFile;
let lines: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-book-"));
  made = await bookFile({ cache: folder, rows: ROWS, seed: 5 });
  lines = gunzipSync(await readFile(made.file))
    .toString("latin1")
    .trimEnd()
    .split("\n");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the same seed gives the same bytes, another seed others", async () => {
  const bytes = (file: BookFile) => readFile(file.file);
  const elsewhere = { cache: path.join(folder, "elsewhere"), rows: ROWS };
  expect((await bytes(await bookFile({ ...elsewhere, seed: 5 }))).equals(await bytes(made))).toBe(
    true,
  );
  expect((await bytes(await bookFile({ ...elsewhere, seed: 6 }))).equals(await bytes(made))).toBe(
    false,
  );
});

test("a file that was damaged in the cache is made anew", async () => {
  const good = await readFile(made.file);
  await appendFile(made.file, "x");
  expect(await bookFile({ cache: folder, rows: ROWS, seed: 5 })).toEqual(made);
  expect((await readFile(made.file)).equals(good)).toBe(true);
});

test("every row passes the ingest", async () => {
  const store = await openStore(path.join(folder, "store"));
  const source = await openSource(made.mirror);
  const { exchange, symbol, type, date } = BOOK_DAY;
  const request = { exchange, symbols: [symbol], types: [type], days: [date], maxRejectedShare: 0 };
  const [partition, ...more] = await ingest(store, source, request);
  await store.close();
  expect(more).toEqual([]);
  expect(partition).toMatchObject({ status: "written", rows: ROWS, rejected: 0 });
});

test("sizes are those of a vendor's file of such a book: 80.7 bytes a row, 5.4 of them gzipped", () => {
  expect(made.csvBytes / ROWS).toBeGreaterThan(0.97 * 80.7);
  expect(made.csvBytes / ROWS).toBeLessThan(1.03 * 80.7);
  expect(made.bytes / ROWS).toBeGreaterThan(0.92 * 5.4);
  expect(made.bytes / ROWS).toBeLessThan(1.08 * 5.4);
});

test("messages rise in price on each side, are 50 ms apart and delete about a fifth", () => {
  const rows = lines.slice(1).map((line) => line.split(","));
  expect(rows).toHaveLength(ROWS);
  const changes = rows.filter(([, , , , isSnapshot]) => isSnapshot === "false");
  expect(rows.length - changes.length).toBe(2000);
  let messages = 1;
  const odd = changes.filter((now, i) => {
    const before = changes[i - 1];
    if (before === undefined) return false;
    if (now[3] !== before[3]) {
      messages++;
      return Number(now[2]) - Number(before[2]) < 50_000;
    }
    const isSameSide = now[5] === before[5];
    const isInOrder = isSameSide ? Number(now[6]) > Number(before[6]) : now[5] === "ask";
    return now[2] !== before[2] || !isInOrder;
  });
  expect(odd).toEqual([]);
  const deleted = changes.filter((row) => row[7] === "0").length / changes.length;
  expect(deleted).toBeGreaterThan(0.18);
  expect(deleted).toBeLessThan(0.25);
  expect(changes.length / messages).toBeGreaterThan(55);
  expect(changes.length / messages).toBeLessThan(80);
});

test("the raw columns are the csv's rows", async () => {
  const file = path.join(folder, "columns");
  await writeColumns(file, { rows: ROWS, seed: 5 });
  let line = 1;
  for await (const block of readColumns(file, ROWS)) {
    for (let i = 0; i < block.rows; i++) {
      const row = [
        block.timestampUs[i],
        block.localTimestampUs[i],
        block.isSnapshot[i] === 1,
        block.side[i] === 1 ? "bid" : "ask",
        block.price[i],
        block.amount[i],
      ];
      if (lines[line] !== `binance-futures,BTCUSDT,${row.join(",")}`) {
        expect(`binance-futures,BTCUSDT,${row.join(",")}`).toBe(lines[line]);
      }
      line++;
    }
  }
  expect(line).toBe(ROWS + 1);
});

test("a file that somebody gives is found by its place and counted", async () => {
  expect(await givenFile(made.file)).toEqual(made);
  const stray = path.join(folder, "BTCUSDT.csv.gz");
  await writeFile(stray, await readFile(made.file));
  await expect(givenFile(stray)).rejects.toThrow(/not laid out as the vendor does/);
  await expect(givenFile(path.join(folder, "none.csv.gz"))).rejects.toThrow(/no file/);
});
