import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { PARQUET_FILE, partitionFolder } from "../store/partition.js";
import { query } from "../store/query.js";
import { readColumns, readManifest } from "../store/read.js";
import type { DataType } from "../store/tables.js";
import { ingestFile } from "./ingest-file.js";
import {
  cleanUp,
  csv,
  freshFolder,
  freshStore,
  HEADER,
  ingestFrom,
  KEY,
  mirror,
  START_US,
  trade,
} from "./test-mirror.js";

afterEach(cleanUp);

test("gzip that is cut anywhere, altered in a bit or followed by bytes never passes", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => trade(i, { price: String(60_000 + i ** 3) }));
  const whole = csv(rows);
  const store = await freshStore();
  const file = path.join(await freshFolder(), "file.csv.gz");
  const attempt = async (bytes: Buffer): Promise<string> => {
    await writeFile(file, bytes);
    return ingestFile(store, KEY, { file, maxRejectedShare: 0 }).then(
      (manifest) => `passed with ${manifest.rows} rows`,
      (error: Error) => error.name,
    );
  };
  expect(await attempt(whole)).toBe("passed with 60 rows");
  for (let cut = 0; cut < whole.length; cut += 9) {
    expect(await attempt(whole.subarray(0, cut))).toBe("DataError");
  }
  // Bytes 4 to 9 of the header are time, flags of the compressor and system: not data.
  for (let at = 10; at < whole.length; at += 13) {
    const bytes = Buffer.from(whole);
    bytes[at]! ^= 1 << (at % 8);
    expect(await attempt(bytes)).toBe("DataError");
  }
  for (const garbage of ["x", "\0\0\0\0", "\x1f\x8b", "<html>"]) {
    expect(await attempt(Buffer.concat([whole, Buffer.from(garbage, "latin1")]))).toBe("DataError");
  }
  const lines = gunzipSync(whole);
  const members = Buffer.concat([gzipSync(lines.subarray(0, 100)), gzipSync(lines.subarray(100))]);
  expect(await attempt(members)).toBe("passed with 60 rows");
});

test("a header that is not the vendor's, to the letter, is refused", async () => {
  const store = await freshStore();
  const headers = [
    "",
    `\uFEFF${HEADER}`,
    `${HEADER}\r`,
    `${HEADER},extra`,
    HEADER.replace(",id", ""),
    HEADER.replace("price,amount", "amount,price"),
    HEADER.replace("price", "Price"),
  ];
  for (const header of headers) {
    const root = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0)], header) });
    const [result] = await ingestFrom(root, store, { maxRejectedShare: 1 });
    expect(result).toMatchObject({ status: "failed", rows: 0, sha256: null });
    expect(result!.reason).toMatch(/row 1: the header was .* expected "exchange,symbol,timestamp/);
    const isMarked = header.startsWith("\uFEFF");
    expect(result!.reason!.includes('was "\\ufeffexchange,')).toBe(isMarked);
  }
});

test("a whole gzip of nothing is a day without rows, as the vendor says it; a file without a byte is damaged", async () => {
  const nothing = await mirror({ "BTCUSDT 2024-08-08": gzipSync("") });
  const store = await freshStore();
  expect(await ingestFrom(nothing, store)).toMatchObject([{ status: "written", rows: 0 }]);
  expect(await readManifest(store, KEY)).toMatchObject({ rows: 0, first: null, last: null });
  expect((await readColumns(store, KEY))["price"]).toEqual(new Float64Array(0));
  expect((await query(store, "SELECT count(*) FROM trades")).rows).toEqual([[0]]);
  const empty = await mirror({ "BTCUSDT 2024-08-08": Buffer.alloc(0) });
  const [result] = await ingestFrom(empty, await freshStore());
  expect(result!.reason).toMatch(/was empty/);
});

test("a whole gzip whose text ends within a line is refused: its last number may have lost digits", async () => {
  const text = gunzipSync(csv([trade(0), trade(1)]));
  for (const lost of [1, 2, 3, 20]) {
    const root = await mirror({ "BTCUSDT 2024-08-08": gzipSync(text.subarray(0, -lost)) });
    const [result] = await ingestFrom(root, await freshStore(), { maxRejectedShare: 1 });
    expect(result!.reason).toMatch(/BTCUSDT.csv.gz, row 3: was truncated/);
  }
});

test("each bad row is left out, counted by reason and written down with its line", async () => {
  const bad: readonly [string, string][] = [
    [trade(1, { price: "-1.0" }), "price: not positive"],
    [trade(1, { price: "0" }), "price: not positive"],
    [trade(1, { price: "" }), "price: empty"],
    [trade(1, { price: "NaN" }), "price: not a number"],
    [trade(1, { price: "1e999" }), "price: not a finite number"],
    [trade(1, { price: "0x10" }), "price: not a number"],
    [trade(1, { price: "1.2.3" }), "price: not a number"],
    [trade(1, { amount: "0" }), "amount: not positive"],
    [trade(1, { amount: "12 " }), "amount: not a number"],
    [trade(1, { side: "Buy" }), "side: not buy, sell or unknown"],
    [trade(1, { side: "" }), "side: not buy, sell or unknown"],
    [trade(1, { id: 'a"b' }), "id: not plain text"],
    [trade(1, { exchange: "bitmex" }), "exchange: not the partition's"],
    [trade(1, { symbol: "ETHUSDT" }), "symbol: not the partition's"],
    [trade(1, { local_timestamp: "1723075200000" }), "local_timestamp: outside the file's day"],
    [trade(-1), "local_timestamp: outside the file's day"],
    [trade(86_400e6), "local_timestamp: outside the file's day"],
    [trade(1, { local_timestamp: "17230752000000000" }), "local_timestamp: not a time in µs"],
    [trade(1, { timestamp: "1.5e15" }), "timestamp: not a time in µs"],
    [trade(1, { timestamp: String(START_US + 3 * 86_400e6) }), "timestamp: more than a day from"],
    [`${trade(1)},1`, "row: too many columns"],
    [trade(1).replace(/,[^,]*$/, ""), "row: too few columns"],
    [`${trade(1)}\r`, "amount: not a number"],
    ["", "row: too few columns"],
  ];
  const rows = [trade(0), ...bad.map(([row]) => row), trade(2), trade(1), trade(3)];
  const root = await mirror({ "BTCUSDT 2024-08-08": csv(rows) });
  const store = await freshStore();
  const [result] = await ingestFrom(root, store, { maxRejectedShare: 0.99 });
  expect(result).toMatchObject({ status: "written", rows: 3, rejected: bad.length + 1 });
  const folder = "lake/trades/exchange=binance/symbol=BTCUSDT/date=2024-08-08";
  const lines = (await readFile(store.path(`${folder}/rejected.csv`), "utf8")).split("\n");
  expect(lines[0]).toBe("line,reason,text");
  bad.forEach(([row, reason], i) => {
    const start = `${i + 3},"${reason}`;
    expect(lines[i + 1]!.slice(0, start.length)).toBe(start);
    expect(lines[i + 1]).toContain(row.replaceAll('"', '""'));
  });
  expect(lines[bad.length + 1]).toContain("local_timestamp: before the row above");
  const manifest = await readManifest(store, KEY);
  expect(manifest!.rejected["price: not positive"]).toBe(2);
  expect(Object.keys(manifest!.files)).toEqual(["part-0.parquet", "rejected.csv"]);

  const [failed] = await ingestFrom(root, await freshStore(), {});
  expect(failed).toMatchObject({ status: "failed", rows: 0 });
  expect(failed!.reason).toMatch(
    /BTCUSDT.csv.gz, row 3, price: was not positive; 25 of 28 rows \(89 %\) break a rule, and 0.1 % may; /,
  );
});

test("random rows come back from the store equal to the bit", async () => {
  const decimal = fc.oneof(
    fc.double({ min: 1e-8, max: 1e9, noNaN: true }).map(String),
    fc.tuple(fc.nat(1e9), fc.nat(1e8)).map(([whole, part]) => `${whole + 1}.${part}`),
    fc.nat(1e9).map((n) => `${n + 1}.00000000`),
    fc.bigInt(1n, 10n ** 30n).map(String),
  );
  const row = fc.record({
    step: fc.nat(1000),
    delay: fc.integer({ min: -2e6, max: 2e6 }),
    id: fc.stringMatching(/^[A-Za-z0-9 '.;-]{0,12}$/),
    side: fc.constantFrom("buy", "sell", "unknown"),
    price: decimal,
    amount: decimal,
  });
  const store = await freshStore();
  const file = path.join(await freshFolder(), "file.csv.gz");
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 300 }), async (rows) => {
      let local = START_US;
      const locals = rows.map(({ step }) => (local += step));
      const text = rows.map(({ delay, id, side, price, amount }, i) =>
        ["binance", "BTCUSDT", locals[i]! + delay, locals[i], id, side, price, amount].join(","),
      );
      await writeFile(file, csv(text));
      await ingestFile(store, KEY, { file, maxRejectedShare: 0 });
      const columns = await readColumns(store, KEY);
      expect(columns).toEqual({
        timestamp: Float64Array.from(rows, ({ delay }, i) => locals[i]! + delay),
        local_timestamp: Float64Array.from(locals),
        id: rows.map(({ id }) => id),
        side: rows.map(({ side }) => side),
        price: Float64Array.from(rows, ({ price }) => Number(price)),
        amount: Float64Array.from(rows, ({ amount }) => Number(amount)),
      });
    }),
    { seed: 7, numRuns: 40 },
  );
});

test("an empty side of a quote is NaN, a missing ticker field too, and levels keep their names", async () => {
  const store = await freshStore();
  const put = async (type: DataType, header: string, rows: readonly string[]): Promise<void> => {
    const file = path.join(await freshFolder(), "file.csv.gz");
    const start = `binance,BTCUSDT,${START_US},${START_US}`;
    const names = `exchange,symbol,timestamp,local_timestamp,${header}`;
    await writeFile(
      file,
      csv(
        rows.map((row) => `${start},${row}`),
        names,
      ),
    );
    await ingestFile(store, { ...KEY, type }, { file, maxRejectedShare: 0 });
  };
  await put("quotes", "ask_amount,ask_price,bid_price,bid_amount", [",,59999.5,2", "1,60000,,"]);
  const { ask_price, bid_amount } = await readColumns(store, { ...KEY, type: "quotes" });
  expect(ask_price).toEqual(Float64Array.of(Number.NaN, 60_000));
  expect(bid_amount).toEqual(Float64Array.of(2, Number.NaN));

  const ticker =
    "funding_timestamp,funding_rate,predicted_funding_rate,open_interest,last_price,index_price,mark_price";
  await put("derivative_ticker", ticker, [",-0.0001,,5,60000,,60001"]);
  const found = await readColumns(store, { ...KEY, type: "derivative_ticker" });
  expect(found["funding_timestamp"]).toEqual(Float64Array.of(Number.NaN));
  expect(found["funding_rate"]).toEqual(Float64Array.of(-0.0001));

  await put("book_snapshot_5", levelNames(5), [`2,1,1,3${",".repeat(16)}`]);
  const book = await query(
    store,
    'SELECT "asks[0].price", "bids[0].amount", isnan("asks[4].price") FROM book_snapshots',
  );
  expect(book.rows).toEqual([[2, 3, true]]);
});

test("snapshots of both depths are one view, in which `levels` tells them apart", async () => {
  const store = await freshStore();
  const ask = (sql: string): Promise<unknown> =>
    query(store, sql).then(({ columns, rows }) => [columns.at(-1), ...rows]);
  const all = 'SELECT "asks[0].price", "bids[24].amount", levels FROM book_snapshots';
  expect(await ask(all)).toEqual(["levels"]);
  for (const [depth, price] of [
    [5, 2],
    [25, 3],
  ] as const) {
    const file = path.join(await mirror({}), "file.csv.gz");
    const type = `book_snapshot_${depth}` as const;
    const row = `${START_US},${START_US},${`${price},1,1,7,`.repeat(depth).slice(0, -1)}`;
    const header = `exchange,symbol,timestamp,local_timestamp,${levelNames(depth)}`;
    await writeFile(file, gzipSync(`${header}\nbinance,BTCUSDT,${row}\n`));
    await ingestFile(store, { ...KEY, type }, { file, maxRejectedShare: 0 });
  }
  expect(await ask(`${all} ORDER BY levels`)).toEqual(["levels", [2, null, 5], [3, 7, 25]]);
  // Only what a query can see is read.
  const deep = partitionFolder({ ...KEY, type: "book_snapshot_25" });
  await appendFile(store.path(`${deep}/${PARQUET_FILE}`), "x");
  expect(await ask(`${all} WHERE levels = 5`)).toEqual(["levels", [2, null, 5]]);
  await expect(ask(`${all} WHERE levels > 5`)).rejects.toThrow(/book_snapshot_25/);
});

/** Names of a book's levels in a vendor file's header. */
function levelNames(depth: number): string {
  const level = (i: number): string =>
    `asks[${i}].price,asks[${i}].amount,bids[${i}].price,bids[${i}].amount`;
  return Array.from({ length: depth }, (_, i) => level(i)).join(",");
}

test("zeros and line ends that inflate without end are stopped", async () => {
  const store = await freshStore();
  const attempt = async (body: Buffer): Promise<string> => {
    const root = await mirror({ "BTCUSDT 2024-08-08": gzipSync(body, { level: 1 }) });
    return (await ingestFrom(root, store))[0]!.reason!;
  };
  expect(await attempt(Buffer.alloc(1 << 26))).toMatch(/row 1: was longer than 65536 bytes/);
  const lines = Buffer.alloc(1 << 26, "\n");
  lines.write(HEADER);
  expect(await attempt(lines)).toMatch(/100000 of 100000 rows \(100 %\) break a rule/);
}, 30_000);
