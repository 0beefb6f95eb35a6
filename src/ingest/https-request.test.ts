import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DataError } from "../core/errors.js";
import { body, FILE, KEY, redirect, type TestClient, testClient, whole } from "./test-client.js";
import { type Answer, raw, status, tracesOf } from "./test-server.js";

let at: TestClient;

beforeAll(async () => {
  at = await testClient();
});
afterAll(() => at.close());
beforeEach(() => {
  at.server.requests.length = 0;
  at.other.requests.length = 0;
  at.other.answers = [whole];
});

test("a redirect is followed, and the key stays with the host and port it was meant for", async () => {
  expect(await at.download([redirect("/v1/moved.csv.gz"), whole])).toEqual(FILE);
  expect(at.server.requests.map(({ url }) => url)).toEqual(["/v1/x.csv.gz", "/v1/moved.csv.gz"]);
  expect(at.server.requests[1]!.headers.authorization).toBe(`Bearer ${KEY}`);

  for (const code of [301, 302, 303, 307, 308]) {
    for (const one of [at.server, at.other]) one.requests.length = 0;
    expect(await at.download([redirect(`${at.other.url}/y?signature=1`, code)])).toEqual(FILE);
    expect(at.other.requests).toHaveLength(1);
    expect(at.other.requests[0]!.headers.authorization).toBeUndefined();
  }
  at.other.requests.length = 0;
  const withUser = at.other.url.replace("://", "://me:pass@");
  expect(await at.download([redirect(withUser)])).toEqual(FILE);
  expect(at.other.requests[0]!.headers.authorization).toBeUndefined();
});

test("a key that was left behind at a redirect is not picked up again on the way back", async () => {
  at.other.answers = [redirect(`${at.server.url}/back`)];
  expect(await at.download([redirect(at.other.url), whole])).toEqual(FILE);
  expect(at.server.requests[1]!.url).toBe("/back");
  expect(at.server.requests[1]!.headers.authorization).toBeUndefined();
});

test.each([
  [
    "to http",
    () => `http://localhost:${at.server.port}/`,
    /redirected to http:\/\/localhost:\d+, which is not https/,
  ],
  ["to a file", () => "file:///etc/passwd", /redirected to file:\/\/, which is not https/],
  ["to nothing that is an address", () => "https://", /redirected to no address/],
  ["in a circle", () => "/v1/x.csv.gz", /redirected more than 5 times/],
])("a redirect %s is refused at once", async (_, target, said) => {
  const failure = (await at.download([redirect(target())])) as Error;
  expect(failure).toBeInstanceOf(DataError);
  expect(failure.message).toMatch(said);
  expect(at.server.requests.length).toBe(said.source.includes("5 times") ? 6 : 1);
});

test("a key is in no error, whatever the server does with it", async () => {
  const echo = (text: string): Answer[] => [
    status(401),
    status(500, { "retry-after": text, date: text }),
    redirect(`http://${encodeURIComponent(text)}/`),
    redirect(`https://localhost:1/${text}`),
    body(text, { "content-type": text }),
    raw(`HTTP/1.1 200 ${text}\r\n${text}\r\n\r\n`),
  ];
  for (const answer of echo(KEY)) {
    const failure = (await at.download([answer], { triesPerFile: 1 })) as Error;
    expect(failure).toBeInstanceOf(Error);
    const told = `${failure.message}\n${failure.stack}\n${JSON.stringify(failure)}`.toLowerCase();
    for (const trace of tracesOf(KEY)) expect(told).not.toContain(trace.toLowerCase());
  }
});
