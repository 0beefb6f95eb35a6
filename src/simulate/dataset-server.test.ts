import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { type DatasetServer, startDatasetServer } from "./dataset-server.js";

const parent = mkdtempSync(path.join(tmpdir(), "tickbook-serve-"));
const root = path.join(parent, "mirror");
const FOLDER = "simulated/trades/2024/01/01";
const BODY = gzipSync("exchange,symbol\n");
let server: DatasetServer;
let locked: DatasetServer;

beforeAll(async () => {
  mkdirSync(path.join(root, FOLDER), { recursive: true });
  writeFileSync(path.join(root, FOLDER, "BTCUSDT.csv.gz"), BODY);
  writeFileSync(path.join(parent, "secret.csv.gz"), "secret");
  symlinkSync(path.join(parent, "secret.csv.gz"), path.join(root, FOLDER, "LINK.csv.gz"));
  server = await startDatasetServer(root);
  locked = await startDatasetServer(root, { key: "right" });
});
afterAll(async () => {
  await server.close();
  await locked.close();
  rmSync(parent, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function ask(
  { url, certificate }: DatasetServer,
  asked: string,
  {
    method = "GET",
    authorization,
  }: { readonly method?: string; readonly authorization?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const headers = authorization === undefined ? {} : { authorization };
    const ca = readFileSync(certificate);
    // The path goes out as it is: a URL object would tidy up "..".
    request({ hostname, port, path: asked, method, headers, ca, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    })
      .on("error", reject)
      .end();
  });
}

test("a file comes back byte for byte, with its length, to a client that trusts the certificate", async () => {
  const { status, headers, body } = await ask(server, `/v1/${FOLDER}/BTCUSDT.csv.gz`);
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("application/gzip");
  expect(headers["content-length"]).toBe(String(BODY.length));
  expect(body.equals(BODY)).toBe(true);
});

test("HEAD says the same without the body", async () => {
  const answer = await ask(server, `/v1/${FOLDER}/BTCUSDT.csv.gz`, { method: "HEAD" });
  expect(answer.status).toBe(200);
  expect(answer.headers["content-length"]).toBe(String(BODY.length));
  expect(answer.body).toHaveLength(0);
});

test("what is absent is 404 and what is no dataset path is 400, each with a JSON reason", async () => {
  const cases: readonly [string, number][] = [
    [`/v1/${FOLDER}/ETHUSDT.csv.gz`, 404],
    ["/v1/nowhere", 404],
    ["/v1/simulated/trades/2024/02/30/BTCUSDT.csv.gz", 400],
    ["/v1/simulated/trades/2024/1/01/BTCUSDT.csv.gz", 400],
    [`/v1/${FOLDER}/BTCUSDT.csv`, 400],
  ];
  for (const [asked, expected] of cases) {
    const { status, body } = await ask(server, asked);
    expect([asked, status]).toEqual([asked, expected]);
    expect(JSON.parse(body.toString())).toHaveProperty("message");
  }
});

test("no path leads out of the folder", async () => {
  for (const asked of [
    "/v1/../../secret.csv.gz",
    `/v1/${FOLDER}/../../../../../../secret.csv.gz`,
    `/v1/${FOLDER}/..%2f..%2f..%2f..%2f..%2f..%2fsecret.csv.gz`,
    "/v1/%2e%2e/%2e%2e/2024/01/01/secret.csv.gz",
    `/v1/${FOLDER}/%00.csv.gz`,
    `/v1/${FOLDER}/LINK.csv.gz`,
  ]) {
    const { status, body } = await ask(server, asked);
    expect([400, 404]).toContain(status);
    expect(body.toString()).not.toContain("secret\n");
    expect(body.toString()).not.toBe("secret");
  }
});

test("with a key set, only its bearer is served", async () => {
  const asked = `/v1/${FOLDER}/BTCUSDT.csv.gz`;
  expect((await ask(locked, asked)).status).toBe(401);
  expect((await ask(locked, asked, { authorization: "Bearer wrong" })).status).toBe(401);
  expect((await ask(locked, asked, { authorization: "Bearer right" })).status).toBe(200);
});

test("with free days, a first day of a month needs no key, and a wrong key is refused all the same", async () => {
  const second = "simulated/trades/2024/01/02";
  mkdirSync(path.join(root, second), { recursive: true });
  writeFileSync(path.join(root, second, "BTCUSDT.csv.gz"), BODY);
  const free = await startDatasetServer(root, { key: "right", hasFreeDays: true });
  try {
    const first = `/v1/${FOLDER}/BTCUSDT.csv.gz`;
    const other = `/v1/${second}/BTCUSDT.csv.gz`;
    expect((await ask(free, first)).status).toBe(200);
    expect((await ask(free, first, { authorization: "Bearer wrong" })).status).toBe(401);
    expect((await ask(free, other)).status).toBe(401);
    expect((await ask(free, other, { authorization: "Bearer right" })).status).toBe(200);
  } finally {
    await free.close();
    rmSync(path.join(root, second), { recursive: true });
  }
});

test("the API says what the key opens and what there is of an exchange, as the vendor's does", async () => {
  const from = "2024-01-01T00:00:00.000Z";
  const to = "2024-01-02T00:00:00.000Z";
  const info = "/v1/api-key-info";
  expect((await ask(locked, info)).status).toBe(401);
  expect((await ask(server, info)).status).toBe(401);
  expect((await ask(locked, info, { authorization: "Bearer wrong" })).status).toBe(401);
  const { status, body } = await ask(locked, info, { authorization: "Bearer right" });
  expect(status).toBe(200);
  expect(JSON.parse(body.toString())).toEqual([
    { exchange: "simulated", accessType: "local", dataPlan: "mirror", symbols: [], from, to },
  ]);

  const listed = JSON.parse((await ask(locked, "/v1/exchanges")).body.toString());
  expect(listed).toMatchObject([{ id: "simulated", availableSince: from }]);
  const details = JSON.parse((await ask(locked, "/v1/exchanges/simulated")).body.toString());
  expect(details.datasets).toMatchObject({ formats: ["csv"], exportedFrom: from });
  expect(details.datasets.exportedUntil).toBe(to);
  const symbols = details.datasets.symbols as readonly { id: string; dataTypes: string[] }[];
  expect(symbols.find(({ id }) => id === "BTCUSDT")!.dataTypes).toEqual(["trades"]);
  for (const name of ["nowhere", "..%2f..%2f", "%00"]) {
    expect((await ask(locked, `/v1/exchanges/${name}`)).status).toBe(404);
  }
});

test("a missing folder and a port in use are refused in a sentence", async () => {
  await expect(startDatasetServer(path.join(root, "none"))).rejects.toThrow(OptionError);
  const port = Number(new URL(server.url).port);
  await expect(startDatasetServer(root, { port })).rejects.toThrow(/--port/);
});
