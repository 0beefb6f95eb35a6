import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import {
  type Answer,
  type TestServer,
  testCertificates,
  testServer,
} from "../ingest/test-server.js";
import { type EndedCommand, runCommandLine } from "./test-output.js";

const HEADER = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n";
const START_US = Date.parse("2024-08-08") * 1000;
const FILE = gzipSync(`${HEADER}binance,BTCUSDT,${START_US},${START_US},1,buy,60000,1\n`);
const TYPES = "trades,incremental_book_L2,quotes";

let folder: string;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-cli-plan-"));
  vi.stubEnv("TICKBOOK_CACHE", path.join(folder, "cache"));
  server = await testServer(await testCertificates(folder));
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  server.requests.length = 0;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const ingest = (data: string, ...more: readonly string[]): Promise<EndedCommand> =>
  runCommandLine(
    ...["ingest", "--source", server.url, "--certificate", server.certificate],
    ...["--exchange", "binance", "--data", path.join(folder, data), ...more],
  );

/** A server that has every file, as long as it says. */
const having =
  (bytes: number): Answer =>
  (request, response) => {
    response.writeHead(200, { "content-length": request.method === "HEAD" ? bytes : FILE.length });
    response.end(request.method === "HEAD" ? undefined : FILE);
  };

test("two years of three symbols and three types are planned with some hundred requests", async () => {
  server.answers = [having(1_000_000)];
  const wanted = ["--symbols", "BTC,ETH,SOL", "--types", TYPES, "--from", "2023-01-01"];
  const plan = await ingest("big", ...wanted, "--to", "2025-01-01", "--dry-run", "--json");
  expect(server.requests.length).toBeLessThanOrEqual(200);
  expect(server.requests.every(({ method }) => method === "HEAD")).toBe(true);
  const json = JSON.parse(plan.out);
  expect(json).toMatchObject({ days: 731, symbols: 3, types: 3, bytesToFetch: 6579e6 });
  expect(json.counts).toEqual({ files: 6579, new: 6579, stored: 0, absent: 0, refused: 0 });
  expect(json.sizes.asked + json.sizes.estimated).toBe(6579);
  expect(json.files).toHaveLength(6579);
  expect(json.disk.needed).toBe(((9 + 9 + 11) / 30) * 6579e6 + 2e6);
  expect(plan.code).toBe(json.disk.fits ? 0 : 1);
  const lines = plan.err.split("\n");
  expect(
    lines.filter((line) => /^binance (BTC|ETH|SOL)USDT \w+ +731 to fetch, 731\.0 MB$/.test(line)),
  ).toHaveLength(9);
  expect(plan.err).toMatch(/731 days × 3 symbols × 3 types: 6579 files, 0 in the store/);
  expect(plan.err).toMatch(/6\.6 GB \(\d+ sizes asked, \d+ estimated from the days around them\)/);
  expect(plan.err).toMatch(/10\.0 MB\/s \(assumed, no run has measured it yet\)/);
  expect(await readdir(folder)).not.toContain("big");
});

test("a run that would not fit is refused before it starts; its dry run says so", async () => {
  server.answers = [having(1e15)];
  const wanted = ["--symbols", "BTC", "--types", "trades", "--from", "2024-08-08"];
  const refused = await ingest("full", ...wanted);
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.err).toMatch(
    /^tickbook: --data: was ".*full", which has [\d.]+ .B free, and this run needs about 900\.0 TB for partitions and 1\.0 PB for downloads; make room/,
  );
  const plan = await ingest("full", ...wanted, "--dry-run");
  expect(plan.code).toBe(1);
  expect(plan.out).toMatch(/1\.9 PB needed .* free: IT DOES NOT FIT/);
  expect(server.requests.every(({ method }) => method === "HEAD")).toBe(true);
  expect(await readdir(folder)).not.toContain("full");
});

test("a server that tells no size leaves bytes, fit and time unknown", async () => {
  server.answers = [(_, response) => response.writeHead(405).end()];
  const wanted = ["--symbols", "BTC", "--types", "trades", "--from", "2024-08-08", "--dry-run"];
  const plan = await ingest("untold", ...wanted);
  expect(plan.code).toBe(0);
  expect(plan.out).toMatch(/to fetch {2}unknown: no size is told\n/);
  expect(plan.out).toMatch(
    /disk {6}unknown in .*untold, [\d.]+ .B free: whether it fits is unknown/,
  );
  expect(plan.out).toMatch(/time {6}unknown: download/);
  expect(plan.out).not.toMatch(/ 0 bytes|: it fits/);
  const long = await ingest("untold", ...wanted, "--to", "2024-12-01");
  expect(long.out).toMatch(/BTCUSDT trades +115 to fetch, size not told\n/);
  const { bytesToFetch, disk, time } = JSON.parse(
    (await ingest("untold", ...wanted, "--json")).out,
  );
  expect([bytesToFetch, disk.needed, disk.fits, time.seconds]).toEqual([null, null, null, null]);
});

test("sizes that are not told among such that are leave the fit open for them", async () => {
  const told = having(1000);
  server.answers = [told, (_, response) => response.writeHead(405).end()];
  const wanted = ["--symbols", "BTC,ETH", "--types", "trades", "--from", "2024-08-08", "--dry-run"];
  const plan = await ingest("some", ...wanted);
  expect(plan.out).toMatch(
    /to fetch {2}1\.0 kB \(1 sizes asked, 1 told by nobody and not counted\)/,
  );
  expect(plan.out).toMatch(/free: what is known of fits/);
});

test("a server whose certificate is not trusted ends a dry run as it ends a run", async () => {
  server.answers = [having(FILE.length)];
  const place = [
    "--source",
    server.url,
    "--exchange",
    "binance",
    "--data",
    path.join(folder, "tls"),
  ];
  const wanted = [...place, "--symbols", "BTC", "--types", "trades", "--from", "2024-08-08"];
  const dry = await runCommandLine("ingest", ...wanted, "--dry-run");
  expect(dry).toMatchObject({ code: 2, out: "" });
  expect(dry.err).toMatch(/certificate is not trusted \(.*\); give the certificate/);
  expect(await runCommandLine("ingest", ...wanted)).toEqual(dry);
});

test("a run measures its speeds, for the next plan; they are in the cache and not in the store", async () => {
  server.answers = [having(FILE.length)];
  const wanted = ["--symbols", "BTC", "--types", "trades", "--from", "2024-08-08"];
  expect((await ingest("measured", ...wanted)).code).toBe(0);
  expect(await readdir(path.join(folder, "cache"))).toEqual(["ingest-speed.json"]);
  const stored = await readdir(path.join(folder, "measured"), { recursive: true });
  expect(stored.filter((name) => /speed/.test(name))).toEqual([]);

  const plan = await ingest("measured", ...wanted, "--to", "2024-08-10", "--dry-run", "--json");
  const { files, disk, time, counts } = JSON.parse(plan.out);
  expect(counts).toMatchObject({ stored: 1, new: 1 });
  expect(files[0]).toMatchObject({ status: "stored", bytes: FILE.length, saidBy: "store" });
  expect(files[0].storedBytes).toBeGreaterThan(0);
  expect(disk.ratios.trades).toEqual({
    ratio: files[0].storedBytes / FILE.length,
    isMeasured: true,
  });
  expect(time.download).toMatchObject({ isMeasured: true });
  expect(time.processing).toMatchObject({ isMeasured: true });
  expect(plan.err).toMatch(/measured in earlier runs/);
});

test("slips of the years end at once with a sentence", async () => {
  const wanted = ["--symbols", "BTC", "--from", "0001-01-01", "--to", "9999-12-31"];
  const many = await ingest("years", ...wanted, "--dry-run");
  expect(many).toMatchObject({ code: 2, out: "" });
  expect(many.err).toMatch(
    /--to: was "9999-12-31", which is 3652058 days after --from .* is the most/,
  );
  const symbols = Array.from({ length: 40 }, (_, i) => `S${i}`).join(",");
  const files = ["--symbols", symbols, "--from", "2000-01-01", "--to", "2025-01-01"];
  const wide = await ingest("years", ...files, "--dry-run");
  expect(wide).toMatchObject({ code: 2, out: "" });
  expect(wide.err).toMatch(/one run takes 250000 at most/);
  expect(server.requests).toHaveLength(0);
});

test("a source that has nothing of it ends a dry run as it ends a run", async () => {
  server.answers = [(_, response) => response.writeHead(404).end()];
  const wanted = ["--symbols", "BTC", "--from", "2024-08-08", "--dry-run"];
  const nothing = await ingest("none", ...wanted, "--types", "trades");
  expect(nothing).toMatchObject({ code: 2, out: "" });
  expect(nothing.err).toMatch(/--source: was https.* has none of the files asked for; check/);
  expect((await ingest("none", ...wanted)).code).toBe(2);
});

test("wrong types, jobs and files of no bytes are named by the flag and the word", async () => {
  const wanted = ["--symbols", "BTC", "--from", "2024-08-08"];
  const type = await ingest("words", ...wanted, "--types", "trade");
  expect(type.err).toMatch(/^tickbook: --types: was "trade", which is no data type; use one of/);
  const jobs = await ingest("words", ...wanted, "--jobs", "0");
  expect(jobs.err).toMatch(/^tickbook: --jobs: was "0"/);
  const mirror = path.join(folder, "mirror");
  await mkdir(path.join(mirror, "binance/trades/2024/08/08"), { recursive: true });
  await writeFile(path.join(mirror, "binance/trades/2024/08/08/BTCUSDT.csv.gz"), "");
  const place = ["--source", mirror, "--exchange", "binance", "--data", path.join(folder, "words")];
  const empty = await runCommandLine("ingest", ...place, ...wanted);
  expect(empty.code).toBe(1);
  expect(empty.out).toMatch(/BTCUSDT\.csv\.gz: was empty/);
});
