import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DatasetServer, startDatasetServer } from "./dataset-server.js";

const LINES = [
  '2024-03-01T00:00:01.0000000Z {"stream":"btcusdt@trade","data":{}}',
  '2024-03-01T00:00:02.0000000Z {"stream":"ethusdt@trade","data":{}}',
  "",
  '2024-03-01T00:00:03.0000000Z {"stream":"btcusdt@depth@100ms","data":{}}',
  '2024-03-01T00:00:04.0000000Z {"stream":"btcusdt@depthSnapshot","data":{}}',
  '2024-03-01T00:00:05.0000000Z {"result":null,"id":1}',
];

let root: string;
let server: DatasetServer;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "tickbook-feed-"));
  const put = (file: string, bytes: Buffer): void => {
    const full = path.join(root, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, bytes);
  };
  const gzip = gzipSync(LINES.map((line) => `${line}\n`).join(""));
  put("raw/binance/2024/03/01/00/00.json.gz", gzip);
  put("raw/bitmex/2024/03/01/00/00.json.gz", gzip);
  put("raw/binance/2024/03/01/23/59.json.gz", gzip);
  put("raw/binance/2024/03/02/00/00.json.gz", gzip.subarray(0, 40));
  put("secret.json.gz", gzip);
  symlinkSync(path.join(tmpdir()), path.join(root, "raw/binance/2024/04"));
  server = await startDatasetServer(root, { key: "k3y", hasFreeDays: true });
});

afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly encoding: string | undefined;
}

function ask(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const options = {
    ca: readFileSync(server.certificate),
    headers: { "Accept-Encoding": "gzip", Authorization: "Bearer k3y", ...headers },
  };
  return new Promise((resolve, reject) => {
    https
      .get(`${server.url}/v1/data-feeds/${url}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode!,
            body: Buffer.concat(chunks),
            encoding: response.headers["content-encoding"],
          }),
        );
      })
      .on("error", reject);
  });
}

function wanted(...filters: { channel: string; symbols?: string[] }[]): string {
  return `&filters=${encodeURIComponent(JSON.stringify(filters))}`;
}

async function lines(url: string): Promise<readonly string[]> {
  const { status, body, encoding } = await ask(url);
  expect([status, encoding]).toEqual([200, "gzip"]);
  return gunzipSync(body).toString().split("\n").slice(0, -1);
}

test("a minute is found from date and offset, whole without filters", async () => {
  for (const when of [
    "from=2024-03-01",
    "from=2024-03-01T00:00:00.000Z&offset=0",
    "from=2024-02-29&offset=1440",
  ]) {
    expect(await lines(`binance?${when}`)).toEqual(LINES);
  }
  expect(await lines("binance?from=2024-03-01T23:50&offset=9")).toEqual(LINES);
});

test("filters keep their channels and symbols, and every lost connection", async () => {
  const at = "binance?from=2024-03-01&offset=0";
  const trades = wanted({ channel: "trade", symbols: ["btcusdt"] });
  expect(await lines(at + trades)).toEqual([LINES[0], ""]);
  expect(await lines(at + wanted({ channel: "trade" }))).toEqual([LINES[0], LINES[1], ""]);
  const book = wanted(
    { channel: "depth", symbols: ["btcusdt"] },
    { channel: "depthSnapshot", symbols: ["btcusdt", "ethusdt"] },
  );
  expect(await lines(at + book)).toEqual(["", LINES[3], LINES[4]]);
  // Whose messages cannot be told apart is given whole, as the vendor does for some exchanges.
  expect(await lines(`bitmex?from=2024-03-01${trades}`)).toEqual(LINES);
  const [first, second] = [await ask(at + trades), await ask(at + trades)];
  expect(first.body.equals(second.body)).toBe(true);
});

test("a damaged minute is given as it is", async () => {
  const { status, body } = await ask(`binance?from=2024-03-02${wanted({ channel: "trade" })}`);
  expect([status, body.length]).toEqual([200, 40]);
});

test("what is no request is 400, what is not there 404, whom it does not know 401", async () => {
  for (const url of [
    "binance",
    "binance?from=yesterday",
    "binance?from=2024-02-31T99:00",
    "binance?from=2024-03-01&offset=-1",
    "binance?from=2024-03-01&offset=1.5",
    "binance?from=2024-03-01&from=2024-03-02",
    "binance?from=2024-03-01&filters=trade",
    `binance?from=2024-03-01&filters=${encodeURIComponent('[{"symbols":["x"]}]')}`,
    "nowhere?from=2024-03-01",
    "..?from=2024-03-01",
    "%2e%2e%2f%2e%2e?from=2024-03-01",
    "binance%00?from=2024-03-01",
  ]) {
    const { status } = await ask(url);
    expect([url, status < 500 && status >= 400]).toEqual([url, true]);
  }
  expect((await ask("binance?from=2024-03-01", { "Accept-Encoding": "identity" })).status).toBe(
    400,
  );
  expect((await ask("binance?from=2024-03-01&offset=1")).status).toBe(404);
  expect((await ask("binance?from=2024-04-01")).status).toBe(404);
  expect((await ask("binance?from=2024-03-02", { Authorization: "Bearer no" })).status).toBe(401);
  expect((await ask("binance?from=2024-03-02", { Authorization: "" })).status).toBe(401);
});

test("the first day of a month needs no key where the server says so", async () => {
  const options = { ca: readFileSync(server.certificate), headers: { "Accept-Encoding": "gzip" } };
  const status = (date: string): Promise<number> =>
    new Promise((resolve, reject) => {
      https
        .get(`${server.url}/v1/data-feeds/binance?from=${date}`, options, (response) => {
          response.resume();
          resolve(response.statusCode!);
        })
        .on("error", reject);
    });
  expect(await status("2024-03-01")).toBe(200);
  expect(await status("2024-03-02")).toBe(401);
});
