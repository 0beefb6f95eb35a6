import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { gzipLines, rawTrade } from "../ingest/replay/test-raw-feed.js";
import { type EndedCommand, runCommandLine } from "./test-output.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-cli-replay-"));
  vi.stubEnv("TICKBOOK_CACHE", path.join(folder, "cache"));
  const hour = path.join(folder, "mirror", "raw", "binance", "2024", "03", "01", "00");
  await mkdir(hour, { recursive: true });
  await writeFile(path.join(hour, "00.json.gz"), gzipLines([rawTrade(1)]));
  await writeFile(path.join(hour, "07.json.gz"), gzipLines([rawTrade(7 * 60e6)]));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function replay(...more: readonly string[]): Promise<EndedCommand> {
  const place = ["--source", path.join(folder, "mirror"), "--data", path.join(folder, "data")];
  const wanted = ["--exchange", "binance", "--symbols", "BTC", "--from", "2024-03-01"];
  return runCommandLine("ingest", "--replay", ...place, ...wanted, ...more);
}

test("a dry run of a folder's replay says minutes, bytes and disk, and that the time is unknown", async () => {
  const { code, out } = await replay("--types", "trades", "--dry-run");
  expect(code).toBe(0);
  expect(out).toMatch(/new {5}binance BTCUSDT trades 2024-03-01 2 of 1,440 minutes, \d+ bytes\n/);
  expect(out).toMatch(/1 days × 1 symbols × 1 types: 1 to replay, 0 in the store, 0 absent, 0 re/);
  expect(out).toMatch(/to read {3}\d+ bytes in 2 minutes.*whether they hold the symbols/);
  expect(out).toMatch(/disk {6}unknown in .*data, [\d.]+ .B free: whether it fits is unknown/);
  expect(out).toMatch(/time {6}unknown/);
  expect(await readdir(folder)).toEqual(["mirror"]);
});

test("a run measures how long a day takes, for the next plan of the types that it replayed", async () => {
  const store = ["--data", path.join(folder, "measured")];
  expect((await replay("--types", "trades", ...store)).code).toBe(0);
  const again = ["--symbols", "ETH", "--dry-run", ...store];
  const { code, out } = await replay("--types", "trades", ...again);
  expect(code).toBe(0);
  expect(out).toMatch(
    /time {6}about \d+ s: about \d+ s a day of trades, measured in earlier runs\n/,
  );
  const both = await replay("--types", "trades,quotes", ...again, "--json");
  const { time } = JSON.parse(both.out);
  expect(time).toEqual({
    seconds: null,
    secondsADay: { trades: expect.any(Number), quotes: null },
  });
  expect(both.err).toMatch(/unknown: about .*; no run has measured a day of quotes/);
});

test("a dry run of a server's replay says that nothing was asked", async () => {
  const { code, out } = await replay("--source", "tardis", "--types", "trades", "--dry-run");
  expect(code).toBe(0);
  expect(out).toMatch(/to read {3}unknown in 1,440 requests of a minute each/);
});

test("a long replay's refused days are counted, and the first of each stream says why", async () => {
  const wanted = ["--from", "2024-03-01", "--to", "2024-05-01", "--types", "trades,quotes"];
  const { code, err } = await replay("--source", "tardis", ...wanted, "--dry-run", "--json");
  expect(code).toBe(0);
  const lines = err.split("\n");
  expect(
    lines.filter((line) => /BTCUSDT (trades|quotes) +2 new, 59 refused$/.test(line)),
  ).toHaveLength(2);
  const reasons = lines.filter((line) => line.startsWith("refused"));
  expect(reasons.map((line) => line.slice(0, 50))).toEqual(
    ["trades", "quotes"].map((type) =>
      `refused binance BTCUSDT ${type} 2024-03-02 binance/2024/`.slice(0, 50),
    ),
  );
});

test.each([
  [["--exchange", "nope", "--symbols", "X"], /--exchange: was "nope", of which ".*" has no raw/],
  [["--from", "2024-03-02"], /--source: was .* has no raw message of the 3 days asked for; check/],
])("%j ends a dry run as it ends a run: with 2 and one sentence", async (wrong, said) => {
  const dry = await replay(...wrong, "--dry-run");
  expect(dry).toMatchObject({ code: 2, out: "" });
  expect(dry.err).toMatch(said);
  expect(await replay(...wrong)).toEqual(dry);
});

test("a replay takes one day after another, so that --jobs is refused", async () => {
  for (const more of [[], ["--dry-run"]]) {
    const refused = await replay("--jobs", "2", ...more);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toBe(
      "tickbook: --jobs: was given with --replay, which takes one day after another; leave it out\n",
    );
  }
});

test("a symbol that the exchange writes with / or : cannot be replayed, and is not called unknown", async () => {
  const refused = await replay("--symbols", "BTC,XBT/USD", "--dry-run");
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.err).toMatch(
    /--symbols: was "BTC,XBT\/USD", and a replay cannot ask for a symbol with \/ or :; leave out --replay/,
  );
});

test("the disk of a replay is estimated from the days that are stored", async () => {
  expect((await replay("--types", "trades")).code).toBe(0);
  const more = ["--types", "trades", "--to", "2024-03-03"];
  const hour = path.join(folder, "mirror", "raw", "binance", "2024", "03", "02", "00");
  await mkdir(hour, { recursive: true });
  await writeFile(path.join(hour, "00.json.gz"), gzipLines([]));
  const { out } = await replay(...more, "--dry-run");
  expect(out).toMatch(/stored {2}binance BTCUSDT trades 2024-03-01\n/);
  expect(out).toMatch(
    /disk {6}[\d.]+ (kB|bytes) needed in .* \(by the days that are stored\), .*: it fits/,
  );
});

test("a dry run with --verify finds a damaged day, and the run replays it anew", async () => {
  expect((await replay("--types", "trades")).code).toBe(0);
  const partition = "lake/trades/exchange=binance/symbol=BTCUSDT/date=2024-03-01";
  const table = path.join(folder, "data", partition, "part-0.parquet");
  const bytes = await readFile(table);
  bytes[9]! ^= 1;
  await writeFile(table, bytes);
  expect((await replay("--types", "trades", "--dry-run")).out).toMatch(/^stored {2}binance BTC/);
  const plan = await replay("--types", "trades", "--dry-run", "--verify");
  expect(plan.out).toMatch(/^new {5}binance BTCUSDT trades 2024-03-01 2 of 1,440 minutes/);
  expect((await replay("--types", "trades", "--verify")).out).toMatch(/^written binance BTCUSDT/);
});
