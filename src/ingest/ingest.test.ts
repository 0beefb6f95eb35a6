import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { dayStartUs } from "../core/time.js";
import { query } from "../store/query.js";
import { readColumns, readManifest } from "../store/read.js";
import { openStore, type Store } from "../store/store.js";
import type { DataType, PartitionKey } from "../store/tables.js";
import { type IngestedPartition, type IngestOptions, ingest } from "./ingest.js";
import { ingestFile, vendorPath } from "./ingest-file.js";
import { openSource } from "./open-source.js";
import { planIngest } from "./plan.js";

const MARKET_DATA = path.resolve(__dirname, "..", "..", "..", "shared", "market-data");
const HAS_MARKET_DATA = existsSync(MARKET_DATA);
if (!HAS_MARKET_DATA) console.warn("skipped: real captures are not at ../shared/market-data");

const KEY: PartitionKey = {
  type: "trades",
  exchange: "binance",
  symbol: "BTCUSDT",
  date: "2024-08-08",
};
const HEADER = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount";
const START_US = dayStartUs(KEY.date);

const opened: Store[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-ingest-"));
  folders.push(folder);
  return folder;
}

async function open(root?: string): Promise<Store> {
  const store = await openStore(root ?? (await freshFolder()));
  opened.push(store);
  return store;
}

/** A mirror of trades files: bytes by symbol and day. */
async function mirror(files: Readonly<Record<string, Buffer>>): Promise<string> {
  const root = await freshFolder();
  for (const [name, bytes] of Object.entries(files)) {
    const [symbol, date] = name.split(" ") as [string, string];
    const file = path.join(root, vendorPath({ ...KEY, symbol, date }));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  return root;
}

function csv(rows: readonly string[], header = HEADER): Buffer {
  return gzipSync([header, ...rows].map((row) => `${row}\n`).join(""));
}

function trade(i: number, change: Readonly<Record<string, string>> = {}): string {
  const row = {
    exchange: "binance",
    symbol: "BTCUSDT",
    timestamp: String(START_US + i),
    local_timestamp: String(START_US + i),
    id: String(i),
    side: "buy",
    price: "60000.5",
    amount: "0.25",
    ...change,
  };
  return Object.values(row).join(",");
}

async function run(
  root: string,
  store: Store,
  options: Partial<IngestOptions> = {},
): Promise<readonly IngestedPartition[]> {
  const source = await openSource(root);
  const { exchange, symbol, date } = KEY;
  return ingest(store, source, { exchange, symbols: [symbol], days: [date], ...options });
}

/** Every file below a folder with its SHA-256. */
async function contents(root: string): Promise<Record<string, string>> {
  const names = (await readdir(root, { recursive: true })).sort();
  const files = names.filter((name) => /\.(parquet|json|csv)$/.test(name));
  const hash = (name: string): string =>
    createHash("sha256")
      .update(readFileSync(path.join(root, name)))
      .digest("hex");
  return Object.fromEntries(files.map((name) => [name, hash(name)]));
}

test.skipIf(!HAS_MARKET_DATA)(
  "every real file ingests with the rows it has, twice, byte for byte",
  async () => {
    const root = path.join(MARKET_DATA, "datasets");
    const files = readdirSync(root, { recursive: true, encoding: "utf8" });
    const keys = files.flatMap((file) => {
      const match = /^([^/]+)\/([^/]+)\/(\d+)\/(\d+)\/(\d+)\/([^/]+)\.csv\.gz$/.exec(file);
      if (match === null) return [];
      const [, exchange, type, year, month, day, symbol] = match as unknown as string[];
      return [{ exchange, type, symbol, date: `${year}-${month}-${day}` }] as PartitionKey[];
    });
    expect(keys.length).toBe(34);
    const ingestAll = async (store: Store): Promise<readonly IngestedPartition[]> => {
      const source = await openSource(root);
      const results: IngestedPartition[] = [];
      for (const { exchange, symbol, type, date } of keys) {
        const options = { exchange, symbols: [symbol], types: [type], days: [date] };
        results.push(...(await ingest(store, source, options)));
      }
      return results;
    };
    const store = await open();
    for (const file of await ingestAll(store)) {
      const bytes = readFileSync(path.join(root, vendorPath(file)));
      const lines = gunzipSync(bytes).toString("latin1").split("\n").length - 1;
      expect(file).toMatchObject({ status: "written", rejected: 0, rows: lines - 1 });
      expect(file.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
    expect((await ingestAll(store)).map(({ status }) => status)).toEqual(keys.map(() => "kept"));
    // Another store of one exchange's files is the same to the byte.
    const again = await open();
    const source = await openSource(root);
    const symbols = ["BTCUSDT", "ETHUSDT"];
    const days = ["2024-08-08", "2024-08-09"];
    const part = await ingest(again, source, { exchange: "binance", symbols, days });
    expect(part).toHaveLength(12);
    const first = await contents(store.root);
    for (const [name, hash] of Object.entries(await contents(again.root))) {
      expect(first[name]).toBe(hash);
    }
  },
  60_000,
);

test.skipIf(!HAS_MARKET_DATA)(
  "a real damaged gzip among good files fails alone and is named; its place stays empty",
  async () => {
    const broken = readFileSync(path.join(MARKET_DATA, "broken", "CORRUPT_tardis_trades.csv.gz"));
    const good = csv([trade(0), trade(1)]);
    const nextDay = csv([trade(86_400e6), trade(86_400e6 + 1)]);
    const root = await mirror({
      "BTCUSDT 2024-08-08": good,
      "BTCUSDT 2024-08-09": nextDay,
      "BTCUSDT 2024-08-10": broken,
    });
    const store = await open();
    const days = ["2024-08-08", "2024-08-09", "2024-08-10"];
    const results = await run(root, store, { days });
    expect(results.map(({ status }) => status)).toEqual(["written", "written", "failed"]);
    expect(results[2]!.reason).toMatch(
      /^binance\/trades\/2024\/08\/10\/BTCUSDT.csv.gz: was damaged: .* at byte \d+ of 1904978; fetch the file again$/,
    );
    const folder = "lake/trades/exchange=binance/symbol=BTCUSDT";
    expect((await readdir(store.path(folder))).sort()).toEqual([
      "date=2024-08-08",
      "date=2024-08-09",
    ]);
    expect(
      await readdir(store.path(".tmp")).then(([run]) => readdir(store.path(`.tmp/${run}`))),
    ).toEqual([]);
  },
);

test("gzip that is cut anywhere, altered in a bit or followed by bytes never passes", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => trade(i, { price: String(60_000 + i ** 3) }));
  const whole = csv(rows);
  const store = await open();
  const file = path.join(await freshFolder(), "file.csv.gz");
  const attempt = async (bytes: Buffer): Promise<string> => {
    await writeFile(file, bytes);
    return ingestFile(store, KEY, { file, kind: "folder", maxRejectedShare: 0 }).then(
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
  const store = await open();
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
    const [result] = await run(root, store, { maxRejectedShare: 1 });
    expect(result).toMatchObject({ status: "failed", rows: 0, sha256: null });
    expect(result!.reason).toMatch(/row 1: the header was .* expected "exchange,symbol,timestamp/);
  }
  const empty = await mirror({ "BTCUSDT 2024-08-08": gzipSync("") });
  expect((await run(empty, store))[0]!.status).toBe("failed");
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
  const store = await open();
  const [result] = await run(root, store, { maxRejectedShare: 0.99 });
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

  const [failed] = await run(root, await open(), {});
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
  const store = await open();
  const file = path.join(await freshFolder(), "file.csv.gz");
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 300 }), async (rows) => {
      let local = START_US;
      const locals = rows.map(({ step }) => (local += step));
      const text = rows.map(({ delay, id, side, price, amount }, i) =>
        ["binance", "BTCUSDT", locals[i]! + delay, locals[i], id, side, price, amount].join(","),
      );
      await writeFile(file, csv(text));
      await ingestFile(store, KEY, { file, kind: "folder", maxRejectedShare: 0 });
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
  const store = await open();
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
    await ingestFile(store, { ...KEY, type }, { file, kind: "folder", maxRejectedShare: 0 });
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

  const level = (i: number): string =>
    `asks[${i}].price,asks[${i}].amount,bids[${i}].price,bids[${i}].amount`;
  const snapshot = [0, 1, 2, 3, 4].map(level).join(",");
  await put("book_snapshot_5", snapshot, [`2,1,1,3${",".repeat(16)}`]);
  const book = await query(
    store,
    'SELECT "asks[0].price", "bids[0].amount", isnan("asks[4].price") FROM book_snapshots',
  );
  expect(book.rows).toEqual([[2, 3, true]]);
});

test("a second run keeps, a changed source is written anew, --verify mends a damaged partition", async () => {
  const root = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0)]) });
  const store = await open();
  expect((await run(root, store))[0]!.status).toBe("written");
  expect((await run(root, store))[0]).toMatchObject({ status: "kept", rows: 1 });
  const changed = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0), trade(1)]) });
  expect((await run(changed, store))[0]).toMatchObject({ status: "written", rows: 2 });

  const before = await contents(store.root);
  const parquet = Object.keys(before).find((name) => name.endsWith(".parquet"))!;
  const bytes = await readFile(path.join(store.root, parquet));
  bytes[100]! ^= 4;
  await writeFile(path.join(store.root, parquet), bytes);
  expect((await run(changed, store))[0]!.status).toBe("kept");
  expect((await run(changed, store, { verify: true }))[0]!.status).toBe("written");
  expect(await contents(store.root)).toEqual(before);
});

test("a file that is not there is absent while another is; none at all is wrong usage", async () => {
  const root = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0)]) });
  const store = await open();
  const days = ["2024-08-08", "2024-08-09"];
  const results = await run(root, store, { days });
  expect(results.map(({ type, status }) => `${type} ${status}`)).toEqual([
    "trades written",
    "trades absent",
  ]);
  const asked = await run(root, store, { types: ["trades", "quotes"] });
  expect(asked.map(({ status }) => status)).toEqual(["kept", "absent"]);
  const plan = await planIngest(store, await openSource(root), {
    exchange: "binance",
    symbols: ["BTCUSDT"],
    days,
  });
  expect(plan.map(({ status }) => status)).toEqual(["stored", "absent"]);

  const wrong: readonly Partial<IngestOptions>[] = [
    { days: ["2024-08-09"] },
    { exchange: "bitmex" },
    { symbols: ["BTCUSDT", "XXX"] },
    { types: ["trade"] },
    { symbols: ["../BTCUSDT"] },
    { exchange: "/etc" },
    { symbols: ["a\0b"] },
    { types: ["trades'; DROP TABLE x;--"] },
    { days: ["2024-02-31"] },
    { days: ["../../2024"] },
  ];
  for (const options of wrong) {
    await expect(run(root, store, options)).rejects.toThrow(OptionError);
  }
  await expect(openSource(path.join(root, "missing"))).rejects.toThrow(OptionError);
  const file = path.join(await freshFolder(), "file");
  await writeFile(file, "");
  await expect(openSource(file)).rejects.toThrow(/is|no folder/);
  await expect(run(root, await open(file))).rejects.toThrow(/nothing can be written/);
});

test("a file of zeros that inflates without end is stopped", async () => {
  const zeros = gzipSync(Buffer.alloc(1 << 28), { level: 1 });
  const store = await open();
  const root = await mirror({ "BTCUSDT 2024-08-08": zeros });
  const started = performance.now();
  expect((await run(root, store))[0]!.reason).toMatch(/longer than 65536 bytes/);
  const lines = gzipSync(Buffer.alloc(1 << 28, "\n"), { level: 1 });
  const other = await mirror({ "BTCUSDT 2024-08-08": lines });
  expect((await run(other, store))[0]!.reason).toMatch(/inflated to more than|header/);
  expect(performance.now() - started).toBeLessThan(5000);
});
