import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyAccess } from "./key-access.js";

const SECRET = "canary-77b1e0";
const OPENED = [
  {
    exchange: "binance",
    from: "2019-03-30T00:00:00.000Z",
    to: "2026-01-01T00:00:00.000Z",
    symbols: [],
  },
];

let server: http.Server;
let endpoint: string;
let answer: { readonly status: number; readonly body: string };
let asked: http.IncomingMessage | undefined;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    asked = request;
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("the vendor is asked with the key, and its answer is returned", async () => {
  answer = { status: 200, body: JSON.stringify(OPENED) };
  expect(await keyAccess(SECRET, { endpoint })).toEqual(OPENED);
  expect(asked!.url).toBe("/v1/api-key-info");
  expect(asked!.headers.authorization).toBe(`Bearer ${SECRET}`);
});

test.each([
  ["a refused key", 401, "no", /refused the key \(401\); put a valid one into TARDIS_API_KEY/],
  ["a failing vendor", 500, "no", /\(500\); check the network/],
  ["an answer of another kind", 200, '{"code":1}', /something else than what a key opens/],
  ["an answer that is no JSON", 200, "<html>", /did not say what the key opens/],
])("%s is one sentence without the key", async (_, status, body, said) => {
  answer = { status, body };
  const failure = await keyAccess(SECRET, { endpoint }).catch((error: Error) => error);
  expect((failure as Error).message).toMatch(said);
  expect((failure as Error).message).not.toContain(SECRET);
});

test("a vendor that cannot be reached is named", async () => {
  const nobody = "http://127.0.0.1:1/v1";
  await expect(keyAccess(SECRET, { endpoint: nobody })).rejects.toThrow(
    /127\.0\.0\.1.*ECONNREFUSED/,
  );
});
