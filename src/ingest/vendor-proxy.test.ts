// The vendor itself, through a proxy of this machine that leads all its hosts to a server here.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { PartitionKey } from "../store/tables.js";
import type { Source } from "./source.js";
import {
  type Answer,
  status,
  type TestServer,
  testCertificates,
  testProxy,
  testServer,
  tracesOf,
} from "./test-server.js";

const SECRET = "TD.canary-1a2b3c4d5e6f";
const FILE = gzipSync("exchange,symbol\n");
const QUICK = { firstWaitMs: 1, stallMs: 2000 };
const HOSTS = ["datasets.tardis.dev", "api.tardis.dev", "elsewhere.example"];

let folder: string;
let server: TestServer;
let proxy: Awaited<ReturnType<typeof testProxy>>;
let options: { readonly certificate: string; readonly apiKey: string };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-proxy-"));
  const certificate = await testCertificates(folder, HOSTS);
  server = await testServer(certificate);
  proxy = await testProxy(() => server.port);
  // The vendor's client looks for a proxy once, when it is loaded.
  process.env["HTTP_PROXY"] = proxy.url;
  options = { ...QUICK, certificate: certificate.file, apiKey: SECRET };
});

afterAll(async () => {
  delete process.env["HTTP_PROXY"];
  await proxy.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  server.requests.length = 0;
  proxy.asked.length = 0;
});

const whole: Answer = (_, response) => {
  response.writeHead(200, { "content-length": FILE.length }).end(FILE);
};
const day = (date: string): PartitionKey => ({
  type: "book_snapshot_25",
  exchange: "binance",
  symbol: "BTCUSDT",
  date,
});

async function vendor(apiKey: string = SECRET): Promise<Source> {
  const { openSource } = await import("./open-source.js");
  return openSource("tardis", { ...options, apiKey });
}

test("a file of any type comes from the vendor's host through HTTP_PROXY, with the key", async () => {
  const source = await vendor();
  const file = path.join(folder, "x.csv.gz");
  for (const type of [
    "trades",
    "incremental_book_L2",
    "book_snapshot_5",
    "book_snapshot_25",
    "quotes",
    "derivative_ticker",
  ] as const) {
    server.answers = [status(503), whole];
    server.requests.length = 0;
    expect(await source.fetch({ ...day("2024-08-08"), type }, file)).toBe(file);
    expect(await readFile(file)).toEqual(FILE);
    expect(server.requests.map(({ url }) => url)).toEqual(
      new Array(2).fill(`/v1/binance/${type}/2024/08/08/BTCUSDT.csv.gz`),
    );
    expect(server.requests[1]!.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(server.requests[1]!.headers.host).toBe("datasets.tardis.dev");
  }
  expect(new Set(proxy.asked)).toEqual(new Set(["datasets.tardis.dev:443"]));
});

test("the key does not follow a redirect to another host", async () => {
  const source = await vendor();
  const elsewhere: Answer = (_, response) => {
    response.writeHead(302, { location: "https://elsewhere.example/file" }).end();
  };
  server.answers = [elsewhere, whole];
  await source.fetch(day("2024-08-08"), path.join(folder, "y.csv.gz"));
  expect(server.requests.map(({ headers }) => headers.host)).toEqual([
    "datasets.tardis.dev",
    "elsewhere.example",
  ]);
  expect(server.requests[1]!.headers.authorization).toBeUndefined();
});

test("the key of another server never goes to the vendor", async () => {
  const { openSource } = await import("./open-source.js");
  server.answers = [whole];
  for (const apiKey of ["", "TD.own"]) {
    server.requests.length = 0;
    const source = await openSource("tardis", { ...options, apiKey, serverKey: SECRET });
    await source.size(day("2024-08-01"));
    await source.fetch(day("2024-08-01"), path.join(folder, "s.csv.gz"));
    const sent = server.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(Array(2).fill(apiKey === "" ? undefined : `Bearer ${apiKey}`));
  }
});

test("without a key only first days are asked for, and a refusal names the variable", async () => {
  const source = await vendor("");
  server.answers = [whole];
  expect(source.refusal(day("2024-08-01"))).toBeUndefined();
  expect(source.refusal(day("2024-08-02"))!.message).toMatch(
    /first day of each month only; .*TARDIS_API_KEY/,
  );
  await expect(source.fetch(day("2024-08-02"), path.join(folder, "z"))).rejects.toThrow(
    /was not asked for/,
  );
  await expect(source.size(day("2024-08-02"))).rejects.toThrow(/was not asked for/);
  expect(server.requests).toHaveLength(0);
  expect(await source.size(day("2024-08-01"))).toBe(FILE.length);
  expect(server.requests[0]!.headers.authorization).toBeUndefined();

  const withKey = await vendor();
  server.answers = [status(401)];
  const failure = (await withKey
    .fetch(day("2024-08-02"), path.join(folder, "z"))
    .catch((error: Error) => error)) as Error;
  expect(failure.message).toMatch(/answered 401; ask `npx tickbook doctor --tardis` what/);
  for (const trace of tracesOf(SECRET)) expect(failure.message).not.toContain(trace);
});

test("what a key opens is asked through the same proxy", async () => {
  const { keyAccess } = await import("./key-access.js");
  server.answers = [(_, response) => response.end("[]")];
  expect(await keyAccess(SECRET, { ...QUICK, certificate: options.certificate })).toEqual([]);
  expect(proxy.asked).toEqual(["api.tardis.dev:443"]);
});
