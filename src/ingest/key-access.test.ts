import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DataError, OptionError } from "../core/errors.js";
import { exchangeDays, keyAccess } from "./key-access.js";
import {
  type Answer,
  status,
  type TestServer,
  testCertificates,
  testServer,
  tracesOf,
} from "./test-server.js";

const SECRET = "TD.canary-77b1e0a94c";
const OPENED = [
  {
    exchange: "binance",
    accessType: "solo",
    from: "2019-03-30T00:00:00.000Z",
    to: "2026-01-01T00:00:00.000Z",
    symbols: [],
    dataPlan: "all-exchanges",
  },
];

let folder: string;
let server: TestServer;
let options: { endpoint: string; certificate: string; firstWaitMs: number; stallMs: number };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-key-"));
  const certificate = await testCertificates(folder);
  server = await testServer(certificate);
  options = {
    endpoint: `${server.url}/v1`,
    certificate: certificate.file,
    firstWaitMs: 1,
    stallMs: 200,
  };
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  server.requests.length = 0;
});

const json =
  (value: unknown): Answer =>
  (_, response) => {
    response.writeHead(200).end(JSON.stringify(value));
  };

test("the vendor is asked with the key, and its answer is returned, plan included where it says so", async () => {
  const [{ dataPlan: _, accessType: __, ...plain }] = OPENED as [(typeof OPENED)[0]];
  for (const opened of [OPENED, [plain], []]) {
    server.requests.length = 0;
    server.answers = [json(opened)];
    expect(await keyAccess(SECRET, options)).toEqual(opened);
    expect(server.requests[0]!.url).toBe("/v1/api-key-info");
    expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${SECRET}`);
  }
});

test("an exchange's days and symbols are asked without a key", async () => {
  const symbols = [
    { id: "BTCUSDT", type: "spot", availableSince: "2019-03-30T00:00:00.000Z", dataTypes: [] },
  ];
  const exportedFrom = "2019-03-30T00:00:00.000Z";
  const exportedUntil = "2026-01-01T00:00:00.000Z";
  server.answers = [json({ id: "binance", datasets: { exportedFrom, exportedUntil, symbols } })];
  expect(await exchangeDays("binance", options)).toEqual({
    exchange: "binance",
    from: exportedFrom,
    to: exportedUntil,
    symbols: [{ id: "BTCUSDT", availableSince: "2019-03-30T00:00:00.000Z" }],
  });
  expect(server.requests[0]!.url).toBe("/v1/exchanges/binance");
  expect(server.requests[0]!.headers.authorization).toBeUndefined();
});

test.each([
  ["a refused key", status(401), /answered 401; the key is wrong or has run out.*TARDIS_API_KEY/],
  ["a failing vendor", status(500), /answered 500 after 3 tries/],
  ["an answer of another kind", json({ code: 1 }), /was not what .* is known to answer/],
  [
    "an answer that is no JSON",
    (_: unknown, response: Parameters<Answer>[1]) => response.end("<html>"),
    /sent something else than JSON/,
  ],
  [
    "an answer that never ends",
    (_: unknown, response: Parameters<Answer>[1]) => response.writeHead(200).write("["),
    /sent no whole answer within 0\.2 s/,
  ],
])("%s is one sentence without the key", async (_, answer, said) => {
  server.answers = [answer as Answer];
  const failure = (await keyAccess(SECRET, options).catch((error: Error) => error)) as Error;
  expect(failure).toBeInstanceOf(DataError);
  expect(failure.message).toMatch(said);
  for (const trace of tracesOf(SECRET)) expect(failure.message).not.toContain(trace);
});

test("a vendor that cannot be reached is named, and a key that cannot be sent is not sent", async () => {
  const nobody = { ...options, endpoint: "https://localhost:1/v1" };
  await expect(keyAccess(SECRET, nobody)).rejects.toThrow(
    /localhost:1.*could not be reached after 3 tries \(ECONNREFUSED\); .*HTTP_PROXY/,
  );
  for (const key of ["two words", `${SECRET}\n`, "schlüssel"]) {
    const failure = (await keyAccess(key, options).catch((error: Error) => error)) as Error;
    expect(failure).toBeInstanceOf(OptionError);
    expect(failure.message).toMatch(/^TARDIS_API_KEY: held a space/);
    expect(failure.message).not.toContain(key.trim());
  }
  expect(server.requests).toHaveLength(0);
});
