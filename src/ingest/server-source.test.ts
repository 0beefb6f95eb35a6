import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { generate } from "selfsigned";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { startDatasetServer } from "../simulate/dataset-server.js";
import { openStore, type Store } from "../store/store.js";
import type { PartitionKey } from "../store/tables.js";
import { ingest } from "./ingest.js";
import { openSource } from "./open-source.js";
import { planIngest } from "./plan.js";
import { downloadByTardis } from "./tardis-border.js";

const KEY: PartitionKey = {
  type: "trades",
  exchange: "binance",
  symbol: "BTCUSDT",
  date: "2024-08-08",
};
const START_US = Date.parse("2024-08-08") * 1000;
const ROW = `binance,BTCUSDT,${START_US},${START_US},1,buy,60000,1\n`;
const HEADER = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n";
const FILE = gzipSync(HEADER + ROW);
const SECRET = "canary-5f1c9d3a77";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: https.Server;
let url: string;
let folder: string;
let certificate: string;
let requests: IncomingMessage[] = [];
let answers: Answer[] = [];
let store: Store;

const whole: Answer = (_, response) => {
  response.writeHead(200, { "content-length": FILE.length }).end(FILE);
};
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(code, headers).end(`no ${SECRET}`);
  };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-server-test-"));
  const altNames = [{ type: 2 as const, value: "localhost" }];
  const pems = await generate([{ name: "commonName", value: "localhost" }], {
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames }],
  });
  certificate = path.join(folder, "certificate.pem");
  await writeFile(certificate, pems.cert);
  server = https.createServer({ key: pems.private, cert: pems.cert }, (request, response) => {
    requests.push(request);
    (answers.length > 1 ? answers.shift()! : answers[0]!)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await store?.close();
  store = await openStore(await mkdtemp(path.join(folder, "store-")));
  requests = [];
});

async function run(given: readonly Answer[], types: readonly string[] = ["trades"]) {
  answers = [...given];
  const source = await openSource(url, { certificate, apiKey: SECRET, firstWaitMs: 1 });
  const { exchange, symbol, date } = KEY;
  try {
    return await ingest(store, source, { exchange, symbols: [symbol], types, days: [date] });
  } finally {
    source.close();
  }
}

test("a file comes through the vendor's client, from the vendor's path, without the vendor's key", async () => {
  expect(await run([whole])).toMatchObject([{ status: "written", rows: 1 }]);
  expect(requests[0]!.url).toBe("/v1/binance/trades/2024/08/08/BTCUSDT.csv.gz");
  expect(requests[0]!.headers["user-agent"]).toMatch(/^tardis-dev\//);
  expect(requests[0]!.headers.authorization).toBeUndefined();
  expect(await run([whole])).toMatchObject([{ status: "kept", rows: 1 }]);
  expect(requests).toHaveLength(1);
});

test("busy, failing, broken and cut answers are tried again", async () => {
  const reset: Answer = (request) => request.socket.destroy();
  const cut: Answer = (_, response) => {
    response.writeHead(200, { "content-length": FILE.length });
    response.write(FILE.subarray(0, 20), () => response.socket?.destroy());
  };
  const busy = status(429, { "retry-after": "0" });
  const results = await run([status(500), busy, reset, cut, status(503), whole]);
  expect(results).toMatchObject([{ status: "written", rows: 1 }]);
  expect(requests).toHaveLength(6);
});

test("refusals are not tried again: 404 is absent, 401 and 403 name the key, none prints it", async () => {
  const [trades, quotes] = await run([whole, status(404)], ["trades", "quotes"]);
  expect([trades!.status, quotes!.status].sort()).toEqual(["absent", "written"]);
  expect(requests).toHaveLength(2);
  for (const code of [401, 403]) {
    requests = [];
    const [result] = await run([status(code)], ["quotes"]);
    expect(result!.status).toBe("failed");
    expect(result!.reason).toMatch(
      new RegExp(`answered ${code}; put the key .* into TICKBOOK_SERVER_KEY`),
    );
    expect(result!.reason).not.toContain(SECRET);
    expect(requests).toHaveLength(1);
  }
  await expect(run([status(404)], ["quotes"])).rejects.toThrow(/which has no quotes of BTCUSDT on/);
});

test("what a plan was told of a file is not asked again by the run, but by the next", async () => {
  const { exchange, symbol, date } = KEY;
  const request = { exchange, symbols: [symbol], types: ["trades", "quotes"], days: [date] };
  for (const [code, expected] of [
    [404, { status: "absent" }],
    [403, { status: "failed", reason: expect.stringContaining("answered 403") }],
  ] as const) {
    requests = [];
    answers = [
      (asked, response) => (asked.url!.includes("trades") ? whole : status(code))(asked, response),
    ];
    const source = await openSource(url, { certificate, firstWaitMs: 1 });
    const statuses = (await planIngest(store, source, request)).map((file) => file.status);
    expect(statuses.sort()).toEqual([code === 404 ? "absent" : "refused", "new"].sort());
    const methods = (): readonly string[] =>
      requests.filter((one) => one.url!.includes("quotes")).map(({ method }) => method!);
    expect(methods()).toEqual(["HEAD"]);
    const results = await ingest(store, source, request);
    expect(results.find(({ type }) => type === "quotes")).toMatchObject(expected);
    expect(methods()).toEqual(["HEAD"]);
    await ingest(store, source, request);
    expect(methods()).toEqual(["HEAD", "GET"]);
    source.close();
    await store.close();
    store = await openStore(await mkdtemp(path.join(folder, "again-")));
  }
});

test("an answer that is no csv.gz fails, and downloads leave nothing behind", async () => {
  const page: Answer = (_, response) => response.writeHead(200).end("<html>come in</html>");
  const empty: Answer = (_, response) => response.writeHead(200).end();
  const bad = Buffer.from(FILE);
  bad[40]! ^= 8;
  const damaged: Answer = (_, response) => response.writeHead(200).end(bad);
  for (const answer of [page, empty, damaged]) {
    expect(await run([answer])).toMatchObject([{ status: "failed", sha256: null }]);
    expect(await readdir(path.dirname(await store.temporaryPath()))).toEqual([]);
  }
  await store.close();
  await expect(readdir(store.root)).rejects.toThrow("ENOENT");
});

test("a server that fails for good is named with how often it was asked", async () => {
  const [result] = await run([status(500)]);
  expect(result!.reason).toMatch(/answered 500 after 6 tries; run the same command again/);
});

test("an unknown certificate, a silent address and http are wrong usage", async () => {
  answers = [whole];
  const options = {
    exchange: "binance",
    symbols: ["BTCUSDT"],
    types: ["trades"],
    days: [KEY.date],
  };
  const untrusted = await openSource(url, { firstWaitMs: 1 });
  await expect(ingest(store, untrusted, options)).rejects.toThrow(/not trusted.*--certificate/);
  const silent = await openSource("https://localhost:1", { firstWaitMs: 1 });
  await expect(ingest(store, silent, options)).rejects.toThrow(/could not be reached after 3/);
  for (const address of ["http://localhost", "https://me:pass@localhost", "ftp://x", "https://"]) {
    const opening = openSource(address);
    await expect(opening).rejects.toThrow(OptionError);
    await expect(opening).rejects.not.toThrow(/pass/);
  }
  const spaced = openSource(url, { certificate, serverKey: `${SECRET}\n` });
  await expect(spaced).rejects.toThrow(/^TICKBOOK_SERVER_KEY: held a space, a line break or/);
  const missing = openSource(url, { certificate: path.join(folder, "missing.pem") });
  await expect(missing).rejects.toThrow(/--certificate: was .* could not be read \(ENOENT\)/);
});

test("the vendor's client puts day, type and symbol where the vendor has them, and hands on the key", async () => {
  const seen: string[] = [];
  const file = path.join(folder, "x.csv.gz");
  await downloadByTardis(
    { ...KEY, type: "incremental_book_L2", date: "2024-12-31" },
    {
      endpoint: "https://elsewhere.example/v1",
      apiKey: SECRET,
      file,
      download: async (request) => {
        seen.push(request.url, request.apiKey, request.downloadPath);
      },
    },
  );
  const asked =
    "https://elsewhere.example/v1/binance/incremental_book_L2/2024/12/31/BTCUSDT.csv.gz";
  expect(seen).toEqual([asked, SECRET, file]);
});

test("the workbench's own server serves what a plan sizes and an ingest stores", async () => {
  const mirror = await mkdtemp(path.join(folder, "mirror-"));
  const own = await startDatasetServer(mirror);
  const source = await openSource(own.url, { certificate: own.certificate, firstWaitMs: 1 });
  const request = { exchange: "binance", symbols: ["BTCUSDT"], days: [KEY.date] };
  try {
    await expect(ingest(store, source, request)).rejects.toThrow(OptionError);
    const day = path.join(mirror, "binance/trades/2024/08/08");
    await mkdir(day, { recursive: true });
    await writeFile(path.join(day, "BTCUSDT.csv.gz"), FILE);
    const plan = await planIngest(store, source, request);
    expect(plan).toEqual([
      { ...KEY, status: "new", bytes: FILE.length, saidBy: "source", storedBytes: null },
    ]);
    const [result] = await ingest(store, source, request);
    expect(result).toMatchObject({ type: "trades", status: "written", rows: 1 });
  } finally {
    source.close();
    await own.close();
  }
});

test("a download whose checksum fails is fetched once more, past caches, and then stored", async () => {
  const bad = Buffer.from(FILE);
  bad[40]! ^= 8;
  const damaged: Answer = (_, response) => {
    response.writeHead(200, { "content-length": bad.length }).end(bad);
  };
  expect(await run([damaged, whole])).toMatchObject([{ status: "written", rows: 1 }]);
  expect(requests.map(({ headers }) => headers["cache-control"])).toEqual([undefined, "no-cache"]);

  requests = [];
  const [result] = await run([damaged, damaged, whole], ["quotes"]);
  expect(result).toMatchObject({ status: "failed", sha256: null });
  expect(result!.reason).toMatch(/quotes.*was damaged: .*, and the same bytes came twice; ask the/);
  expect(requests).toHaveLength(2);
});

test("a server with a key gives its files to who has it, and says where to put it to who has not", async () => {
  const mirror = await mkdtemp(path.join(folder, "locked-"));
  for (const date of ["2024/08/08", "2024/09/01"]) {
    const day = path.join(mirror, "binance/trades", date);
    await mkdir(day, { recursive: true });
    await writeFile(path.join(day, "BTCUSDT.csv.gz"), FILE);
  }
  const own = await startDatasetServer(mirror, { key: SECRET, hasFreeDays: true });
  const { certificate: trusted } = own;
  const request = { exchange: "binance", symbols: ["BTCUSDT"], types: ["trades"] };
  const days = [KEY.date, "2024-09-01"];
  try {
    const stranger = await openSource(own.url, { certificate: trusted, firstWaitMs: 1 });
    const plan = await planIngest(store, stranger, { ...request, days });
    expect(plan.map(({ status: found }) => found)).toEqual(["refused", "new"]);
    const [refused] = await ingest(store, stranger, { ...request, days: [KEY.date] });
    expect(refused!.reason).toMatch(/answered 401; put the key .* into TICKBOOK_SERVER_KEY/);
    stranger.close();
    const friend = await openSource(own.url, { certificate: trusted, serverKey: SECRET });
    const [written] = await ingest(store, friend, { ...request, days: [KEY.date] });
    expect(written).toMatchObject({ status: "written", rows: 1 });
    friend.close();
  } finally {
    await own.close();
  }
});
