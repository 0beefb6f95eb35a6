import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { resolveSettings } from "../core/settings.js";
import { REPLAY_TYPES } from "../ingest/replay/ingest-replay.js";
import { tardisSource } from "../ingest/server-source.js";
import { type EndedCommand, runCommandLine } from "./test-output.js";

const HEADER = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n";
let folder: string;
let mirror: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-cli-ingest-"));
  vi.stubEnv("TICKBOOK_CACHE", path.join(folder, "cache"));
  mirror = path.join(folder, "mirror");
  for (const date of ["2024-08-08", "2024-08-09"]) {
    const timeUs = Date.parse(date) * 1000;
    const day = path.join(mirror, "binance", "trades", ...date.split("-"));
    await mkdir(day, { recursive: true });
    const file = gzipSync(`${HEADER}binance,BTCUSDT,${timeUs},${timeUs},1,buy,60000,1\n`);
    await writeFile(path.join(day, "BTCUSDT.csv.gz"), file);
    await writeFile(path.join(day, "ETHUSDT.csv.gz"), "");
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const ingest = (data: string, ...more: readonly string[]): Promise<EndedCommand> =>
  runCommandLine(
    ...["ingest", "--source", mirror, "--exchange", "binance", "--from", "2024-08-08"],
    ...["--data", path.join(folder, data), ...more],
  );

test("ingest, list and query print one JSON document each", async () => {
  const plan = await ingest(
    "good",
    "--symbols",
    "BTC",
    "--to",
    "2024-08-11",
    "--dry-run",
    "--json",
  );
  const { files, bytesToFetch } = JSON.parse(plan.out);
  expect(files.map(({ status }: { status: string }) => status)).toEqual(["new", "new", "absent"]);
  expect(bytesToFetch).toBe(files[0].bytes + files[1].bytes);
  expect(await readdir(folder)).toEqual(["mirror"]);

  const written = await ingest("good", "--symbols", "BTC", "--to", "2024-08-10", "--json");
  expect(written.code).toBe(0);
  const { partitions } = JSON.parse(written.out);
  expect(partitions).toHaveLength(2);
  expect(partitions[0]).toMatchObject({ symbol: "BTCUSDT", rows: 1, status: "written" });

  const data = ["--data", path.join(folder, "good"), "--json"];
  const list = await runCommandLine("store", "list", ...data);
  expect(JSON.parse(list.out).partitions).toMatchObject([{ rows: 1 }, { rows: 1 }]);
  const sql = await runCommandLine(
    "sql",
    "SELECT count(*) AS n, sum(price) AS s FROM trades",
    ...data,
  );
  expect(JSON.parse(sql.out)).toEqual({
    columns: ["n", "s"],
    types: ["BIGINT", "DOUBLE"],
    rows: [[2, 120_000]],
  });
});

test("a damaged file among good ones exits 1 and says so; the others are stored", async () => {
  const result = await ingest("mixed", "--symbols", "BTC,ETH");
  expect(result.code).toBe(1);
  expect(result.out).toMatch(/failed {2}binance ETHUSDT trades 2024-08-08 .*ETHUSDT.csv.gz: was /);
  expect(result.out).toMatch(/2 files: 1 written, 0 kept, 0 absent, 1 failed; 1 rows/);
});

test("a dry run with --verify finds what is damaged, and says what the run will do", async () => {
  const wanted = ["--symbols", "BTC", "--types", "trades"];
  expect((await ingest("verified", ...wanted)).code).toBe(0);
  const partition = "lake/trades/exchange=binance/symbol=BTCUSDT/date=2024-08-08";
  const table = path.join(folder, "verified", partition, "part-0.parquet");
  const bytes = await readFile(table);
  bytes[9]! ^= 1;
  await writeFile(table, bytes);
  expect((await ingest("verified", ...wanted, "--dry-run")).out).toMatch(/^stored {2}binance BTC/);
  const plan = await ingest("verified", ...wanted, "--dry-run", "--verify");
  expect(plan).toMatchObject({ code: 0, out: expect.stringMatching(/^new {5}binance BTCUSDT/) });
  const run = await ingest("verified", ...wanted, "--verify");
  expect(run).toMatchObject({ code: 0, out: expect.stringMatching(/^written binance BTCUSDT/) });
});

test("beyond 40 files, what is absent or kept is one line a stream; what was written or failed stays one a file", async () => {
  const wide = ["--symbols", "BTC,ETH", "--to", "2024-09-08"];
  const summary = (written: number, kept: number): string =>
    `62 files: ${written} written, ${kept} kept, 58 absent, 2 failed; 2 rows`;
  const first = await ingest("wide", ...wide);
  expect(first.code).toBe(1);
  expect(first.out.trim().split("\n")).toEqual([
    "written binance BTCUSDT trades 2024-08-08 1 rows",
    "written binance BTCUSDT trades 2024-08-09 1 rows",
    expect.stringMatching(/^failed {2}binance ETHUSDT trades 2024-08-08 .*was empty/),
    expect.stringMatching(/^failed {2}binance ETHUSDT trades 2024-08-09 .*was empty/),
    expect.stringMatching(/^binance BTCUSDT trades +29 absent$/),
    expect.stringMatching(/^binance ETHUSDT trades +29 absent$/),
    summary(2, 0),
  ]);
  const second = (await ingest("wide", ...wide)).out.trim().split("\n");
  expect(second).toHaveLength(5);
  expect(second[2]).toMatch(/^binance BTCUSDT trades +2 kept, 29 absent$/);
  expect(second.at(-1)).toBe(summary(0, 2));
  const json = JSON.parse((await ingest("wide", ...wide, "--json")).out);
  expect(json.partitions).toHaveLength(62);
});

test("beyond 40 files, a plan counts what is refused by stream, and says of the first why", async () => {
  const days = ["2024-08-09", "2024-08-10"].map((date) => date.replaceAll("-", "/"));
  const places = days.map((day) => path.join(mirror, `binance/trades/${day}/SOLUSDT.csv.gz`));
  for (const place of places) await mkdir(place, { recursive: true });
  const plan = await ingest("refused", "--symbols", "BTC,SOL", "--to", "2024-09-08", "--dry-run");
  for (const place of places) await rm(place, { recursive: true });
  const lines = plan.out.split("\n");
  expect(lines[0]).toMatch(/^binance BTCUSDT trades +2 to fetch, \d+ bytes, 29 absent$/);
  expect(lines[1]).toMatch(/^binance SOLUSDT trades +0 to fetch, 0 bytes, 29 absent, 2 refused$/);
  expect(lines[2]).toMatch(/^refused binance SOLUSDT trades 2024-08-09 .*: is a folder, expected/);
  expect(lines[3]).toMatch(/^31 days × 2 symbols/);
});

test("a symbol in the vendor's spelling is looked for under the name of its file", async () => {
  const { code, err } = await ingest("slash", "--symbols", "LTC/USDT");
  expect(code).toBe(2);
  expect(err).toMatch(
    /--symbols: was "LTC-USDT", of which ".*" has no file for binance; it has BTC/,
  );
  const path = await ingest("slash", "--symbols", "../../etc");
  expect(path.err).toMatch(/--symbols: was "..\/..\/etc", which no exchange or symbol is called/);
});

test("symbols and types named twice are one", async () => {
  const twice = ["--symbols", "BTC,btcusdt,BTCUSDT", "--types", "trades, trades", "--json"];
  const { code, out } = await ingest("twice", ...twice);
  expect(code).toBe(0);
  expect(JSON.parse(out).partitions).toMatchObject([{ symbol: "BTCUSDT", status: "written" }]);
});

test.each([
  [["--jobs", "0"], /--jobs: was "0", expected a number from 1 to \d+, which is what/],
  [["--jobs", "0", "--replay"], /--jobs: was "0", expected a number from 1 to \d+, which/],
  [["--jobs", "100"], /--jobs: was "100", expected a number from 1 to \d+, .*; leave it out for/],
  [["--max-rejected-share", ""], /--max-rejected-share: was "", expected a number from 0 to 1/],
  [["--data", ""], /--data: was "", expected a folder/],
  [["--from", "2024-08-10"], /which has no trades of BTCUSDT on 2024-08-10; check/],
  [["--from", "2024-08-10", "--to", "2024-08-12"], /none of the 2 files asked for \(trades of/],
  [["--source", "https://127.0.0.1:70000"], /expected an https address without a user, as/],
  [
    ["--source", "https://127.0.0.1:1", "--certificate", __filename],
    /--certificate: was ".*", which holds no certificate; give the PEM file/,
  ],
  [
    ["--certificate", __filename],
    /--certificate: was given with the folder ".*", which .*; leave it out, or/,
  ],
  [["--certificate", __filename, "--replay"], /--certificate: was given with the folder/],
])("%j exits 2 with one sentence, prints no JSON and writes nothing", async (options, said) => {
  const usual = ["--symbols", "BTC", "--types", "trades", "--json"];
  const { code, out, err } = await ingest("wrong", ...usual, ...options);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(said);
  expect(err.trim().split("\n")).toHaveLength(1);
  expect(await readdir(folder)).not.toContain("wrong");
});

test("a folder of the source that cannot be read is not one without files", async () => {
  const loop = path.join(mirror, "okex");
  await symlink(loop, loop);
  const { code, err } = await ingest("wrong", "--exchange", "okex", "--symbols", "BTC-USDT");
  await rm(loop);
  expect(code).toBe(2);
  expect(err).toMatch(/--source: was a folder of which ".*okex" could not be read \(ELOOP\); let/);
});

test("a folder beside those that were asked for may be unreadable", async () => {
  const loop = path.join(mirror, "binance", "quotes-of-old");
  await symlink(loop, loop);
  const wanted = ["--symbols", "BTC", "--types", "trades", "--dry-run"];
  const { code, out } = await ingest("beside", ...wanted);
  await rm(loop);
  expect(code).toBe(0);
  expect(out).toMatch(/new {5}binance BTCUSDT trades/);
});

test("a store that cannot be written to ends a dry run as it ends a run", async () => {
  const wanted = ["--symbols", "BTC", "--types", "trades", "--data", path.join(__filename, "data")];
  for (const more of [["--dry-run"], []]) {
    const { code, err } = await ingest("unused", ...wanted, ...more);
    expect(code).toBe(2);
    expect(err).toMatch(
      /^tickbook: --data: was ".*data", where nothing can be written \(ENOTDIR\); /,
    );
  }
});

test("wrong usage exits 2 with one sentence and writes nothing", async () => {
  const wrong: readonly (readonly string[])[] = [
    ["--symbols", "XXX"],
    ["--symbols", "BTC", "--to", "2024-08-01"],
    ["--symbols", "BTC", "--types", "trade"],
    ["--symbols", "BTC", "--source", path.join(folder, "missing")],
    ["--symbols", "BTC", "--exchange", "bitmex"],
    ["--symbols", "BTC", "--from", "2020-01-01"],
    ["--symbols", "BTC", "--max-rejected-share", "2"],
    ["--symbols", "BTC", "--data", "/dev/null/x"],
  ];
  for (const options of wrong) {
    const { code, out, err } = await ingest("wrong", ...options);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).toMatch(/^tickbook: .*; /);
  }
  expect(await readdir(folder)).not.toContain("wrong");
  expect((await runCommandLine("store", "burn")).code).toBe(2);
  expect((await runCommandLine("sql", "SELECT", "--data", path.join(folder, "wrong"))).code).toBe(
    2,
  );
});

async function helpOf(command: string): Promise<string> {
  const { code, out } = await runCommandLine(command, "--help");
  expect(code).toBe(0);
  return out.replaceAll(/\s+/g, " ");
}

test("--help tells the types and the share of bad rows that are taken when none are named", async () => {
  const help = await helpOf("ingest");
  const types = (await tardisSource({})).defaultTypes;
  expect(REPLAY_TYPES).toEqual(types);
  expect(help).toContain(
    `(default: all that the source has; of tardis, and with --replay, ${types.join(", ")})`,
  );
  const settings = resolveSettings({ flags: {}, environment: {}, dotEnv: {}, file: {} });
  const share = settings.find(({ name }) => name === "maxRejectedShare")!.value;
  expect(help).toContain(
    `share of bad rows above which a file brought in now fails (default: ${share})`,
  );
  expect(await helpOf("candles")).toContain(
    `share of bad rows above which a day brought in now fails (default: ${share})`,
  );
});

test("--help tells what a dry run cannot know, and that memory bounds the files at once", async () => {
  const help = await helpOf("ingest");
  expect(help).toContain("only the run finds a mirror's file that changed but kept its size");
  expect(help).toContain("files in work at once, no more than half of the memory holds (default:");
});
