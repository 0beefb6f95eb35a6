import { mkdtemp, readFile, rm } from "node:fs/promises";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DataError, OptionError } from "../core/errors.js";
import { type ClientLimits, clientLimits } from "./client-limits.js";
import { type HttpsClient, httpsClient } from "./https-client.js";
import {
  type Answer,
  raw,
  status,
  type TestServer,
  testCertificates,
  testServer,
  tracesOf,
} from "./test-server.js";

const KEY = "TD.canary/5f1c9d3a77+e0b2==";
const FILE = gzipSync("exchange,symbol\n".repeat(500));
/** Quick limits: waits of a millisecond, a stall after 300, and 10,000 bytes in every 200. */
const QUICK: Partial<ClientLimits> = {
  firstWaitMs: 1,
  stallMs: 300,
  paceWindowMs: 200,
  minBytesPerSecond: 50_000,
  requestsPerSecond: 10_000,
};

let folder: string;
let file: string;
let server: TestServer;
let other: TestServer;
let certificates: readonly string[];
const clients: HttpsClient[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-client-"));
  file = path.join(folder, "file.csv.gz");
  const certificate = await testCertificates(folder);
  certificates = certificate.pems;
  server = await testServer(certificate);
  other = await testServer(certificate);
});

afterAll(async () => {
  for (const client of clients) client.close();
  await server.close();
  await other.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  for (const one of [server, other]) one.requests.length = 0;
  other.answers = [whole];
});

const whole: Answer = (_, response) => {
  response.writeHead(200, { "content-length": FILE.length }).end(FILE);
};
const body =
  (bytes: Buffer | string, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(200, headers).end(bytes);
  };
const redirect =
  (location: string, code = 302): Answer =>
  (_, response) => {
    response.writeHead(code, { location }).end();
  };

function client(limits: Partial<ClientLimits> = {}): HttpsClient {
  const made = httpsClient(server.url, {
    agent: new https.Agent({ keepAlive: true }),
    certificates,
    limits: clientLimits({ ...QUICK, ...limits }),
    refusalFix: "use another key",
  });
  clients.push(made);
  return made;
}

const request = () => ({
  url: `${server.url}/v1/x.csv.gz`,
  headers: { Authorization: `Bearer ${KEY}` },
});

/** Downloads with given answers; the file's bytes, or the error. */
async function download(
  answers: readonly Answer[],
  limits: Partial<ClientLimits> = {},
): Promise<Buffer | Error | undefined> {
  server.answers = [...answers];
  try {
    const isThere = await client(limits).download(request(), file, "x.csv.gz");
    return isThere ? await readFile(file) : undefined;
  } catch (error) {
    return error as Error;
  }
}

const stall: Answer = (_, response) => {
  response.writeHead(200, { "content-length": FILE.length });
  response.write(FILE.subarray(0, 20));
};
const drip: Answer = (_, response) => {
  response.writeHead(200, { "content-length": FILE.length });
  let sent = 0;
  const timer = setInterval(() => response.write(FILE.subarray(sent, ++sent)), 50);
  response.on("close", () => clearInterval(timer));
};
const cut: Answer = (_, response) => {
  response.writeHead(200, { "content-length": FILE.length });
  response.write(FILE.subarray(0, 20), () => response.socket?.destroy());
};
const chunkedCut: Answer = (_, response) => {
  response.writeHead(200);
  response.write(FILE.subarray(0, 20), () => response.socket?.destroy());
};
const head = (length: number): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/gzip\r\ncontent-length: ${length}\r\n\r\n`;

/** What happens, the answer that does it, what is said of it, and limits of its own. */
type Passing = readonly [string, Answer, RegExp, Partial<ClientLimits>?];

const PASSING: readonly Passing[] = [
  ["500", status(500), /answered 500/],
  ["502", status(502), /answered 502/],
  ["503", status(503), /answered 503/],
  ["504", status(504), /answered 504/],
  ["408", status(408), /answered 408/],
  ["429 with seconds", status(429, { "retry-after": "0" }), /answered 429/],
  ["a reset before the answer", (r) => r.socket.destroy(), /ECONNRESET/],
  ["a body that is cut", cut, /sent 20 of the \d+ bytes/],
  ["a chunked body that is cut", chunkedCut, /ECONNRESET|PREMATURE/],
  ["no answer at all", () => undefined, /sent nothing for 0\.3 s/],
  ["a body that stops", stall, /sent nothing for 0\.3 s/, { minBytesPerSecond: 0 }],
  ["a slow drip", drip, /sent \d bytes in 0\.2 s, less than 50000 a second/],
  ["a length that is too long", raw(head(FILE.length + 9), FILE), /sent \d+ of the \d+ bytes/],
  [
    "a length that is too short",
    raw(head(FILE.length - 9), FILE),
    /more bytes than it had announced/,
  ],
  [
    "an HTML page",
    body("<!DOCTYPE html><p>come in", { "content-type": "text/html" }),
    /an HTML page/,
  ],
  ["a page without its type", body("\n<html><body>"), /an HTML page/],
  ["JSON", body('{"code":1}', { "content-type": "application/json" }), /sent JSON/],
  ["plain csv", body("exchange,symbol\n"), /something else/],
  ["an empty body", body(""), /an empty body/],
  ["two bytes of gzip", body(FILE.subarray(0, 2)), /something else/],
];

test.each(PASSING.map(([what, answer, said, limits]) => ({ what, answer, said, limits })))(
  "$what is tried again and done when the server recovers",
  async ({ answer, said, limits }) => {
    expect(await download([answer, answer, whole], limits)).toEqual(FILE);
    expect(server.requests).toHaveLength(3);

    server.requests.length = 0;
    const failure = (await download([answer], { ...limits, triesPerFile: 2 })) as Error;
    expect(failure).toBeInstanceOf(Error);
    expect(failure.message).toMatch(said);
    expect(failure.message).toMatch(
      /after 2 tries.*; (run the same command again|check the address)/,
    );
    expect(server.requests).toHaveLength(2);
  },
);

test.each([400, 401, 402, 403, 410])(
  "%i is never tried again and its error is one sentence",
  async (code) => {
    const failure = (await download([status(code)])) as Error;
    expect(failure).toBeInstanceOf(DataError);
    expect(failure.message).toContain(`x.csv.gz: was not given: ${server.url} answered ${code};`);
    if (code === 401 || code === 403) expect(failure.message).toMatch(/; use another key$/);
    expect(server.requests).toHaveLength(1);
  },
);

test("404 is an absent file after one request", async () => {
  expect(await download([status(404)])).toBeUndefined();
  expect(server.requests).toHaveLength(1);
});

test("what is left of a broken try is overwritten by the next one", async () => {
  const long = Buffer.concat([FILE, Buffer.alloc(5000, 7)]);
  const cutLong: Answer = (_, response) => {
    response.writeHead(200, { "content-length": long.length + 1 });
    response.write(long, () => response.socket?.destroy());
  };
  expect(await download([cutLong, whole])).toEqual(FILE);
});

test("a run repeats no more requests than its budget, however many files it has", async () => {
  server.answers = [status(500)];
  const one = client({ repeatsPerRun: 4 });
  const failures: Error[] = [];
  for (let i = 0; i < 6; i++) {
    await one.download(request(), file, "x.csv.gz").catch((error: Error) => failures.push(error));
  }
  // Six first requests, four repeats, and one more for each of the six files.
  expect(server.requests.length).toBeLessThanOrEqual(6 + 4 + 6);
  expect(server.requests.length).toBeGreaterThan(6 + 4);
  expect(failures).toHaveLength(6);
  expect(failures.at(-1)!.message).toMatch(/used up its repeated requests/);
});

test("Retry-After is obeyed in seconds and as a date: a server that is ready only then is asked twice", async () => {
  const date = "Thu, 08 Aug 2024 00:00:00 GMT";
  const until = "Thu, 08 Aug 2024 00:00:01 GMT";
  for (const busy of [
    status(429, { "retry-after": "1" }),
    status(503, { date, "retry-after": until }),
  ]) {
    let isReady: boolean | undefined;
    const answer: Answer = (req, res) => {
      if (isReady === undefined) setTimeout(() => (isReady = true), 900);
      isReady ??= false;
      (isReady ? whole : busy)(req, res);
    };
    expect(await download([answer], { triesPerFile: 2 })).toEqual(FILE);
  }
});

test("a server that asks for a day is waited for as long as the limit says", async () => {
  const never = status(429, { "retry-after": "86400" });
  expect(await download([never, never, whole], { longestWaitMs: 20 })).toEqual(FILE);
  const failure = (await download([never], { longestWaitMs: 20 })) as Error;
  expect(failure.message).toMatch(/answered 429, asking for 86400 s after 6 tries/);
});

test("a redirect is followed, and the key stays with the host and port it was meant for", async () => {
  expect(await download([redirect("/v1/moved.csv.gz"), whole])).toEqual(FILE);
  expect(server.requests.map(({ url }) => url)).toEqual(["/v1/x.csv.gz", "/v1/moved.csv.gz"]);
  expect(server.requests[1]!.headers.authorization).toBe(`Bearer ${KEY}`);

  for (const code of [301, 302, 303, 307, 308]) {
    for (const one of [server, other]) one.requests.length = 0;
    expect(await download([redirect(`${other.url}/y?signature=1`, code)])).toEqual(FILE);
    expect(other.requests).toHaveLength(1);
    expect(other.requests[0]!.headers.authorization).toBeUndefined();
  }
  other.requests.length = 0;
  const withUser = other.url.replace("://", "://me:pass@");
  expect(await download([redirect(withUser)])).toEqual(FILE);
  expect(other.requests[0]!.headers.authorization).toBeUndefined();
});

test("a key that was left behind at a redirect is not picked up again on the way back", async () => {
  other.answers = [redirect(`${server.url}/back`)];
  expect(await download([redirect(other.url), whole])).toEqual(FILE);
  expect(server.requests[1]!.url).toBe("/back");
  expect(server.requests[1]!.headers.authorization).toBeUndefined();
});

test.each([
  [
    "to http",
    () => `http://localhost:${server.port}/`,
    /redirected to http:\/\/localhost:\d+, which is not https/,
  ],
  ["to a file", () => "file:///etc/passwd", /redirected to file:\/\/, which is not https/],
  ["to nothing that is an address", () => "https://", /redirected to no address/],
  ["in a circle", () => "/v1/x.csv.gz", /redirected more than 5 times/],
])("a redirect %s is refused at once", async (_, target, said) => {
  const failure = (await download([redirect(target())])) as Error;
  expect(failure).toBeInstanceOf(DataError);
  expect(failure.message).toMatch(said);
  expect(server.requests.length).toBe(said.source.includes("5 times") ? 6 : 1);
});

test("sizes are asked by HEAD: known, absent, not told, refused", async () => {
  const size = (answer: Answer): Promise<number | undefined> => {
    server.answers = [answer];
    return client().size(request(), "x.csv.gz");
  };
  const untold: Answer = (_, response) => {
    response.writeHead(200, { "transfer-encoding": "chunked" }).end();
  };
  expect(await size(whole)).toBe(FILE.length);
  expect(server.requests[0]!.method).toBe("HEAD");
  expect(await size(status(404))).toBeUndefined();
  expect(await size(untold)).toBeNaN();
  expect(await size(status(405))).toBeNaN();
  expect(await size(status(500))).toBeNaN();
  await expect(size(status(401))).rejects.toThrow(/answered 401; use another key/);
});

test("no more requests are under way at once than the limit", async () => {
  let open = 0;
  let most = 0;
  server.answers = [
    (req, res) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        whole(req, res);
      }, 20);
    },
  ];
  const one = client({ requestsAtOnce: 3 });
  await Promise.all(
    Array.from({ length: 12 }, (_, i) => one.download(request(), `${file}.${i}`, "x.csv.gz")),
  );
  expect(most).toBe(3);
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
    const failure = (await download([answer], { triesPerFile: 1 })) as Error;
    expect(failure).toBeInstanceOf(Error);
    const told = `${failure.message}\n${failure.stack}\n${JSON.stringify(failure)}`.toLowerCase();
    for (const trace of tracesOf(KEY)) expect(told).not.toContain(trace.toLowerCase());
  }
});

test("a full disk and an unknown certificate are wrong usage, without another try", async () => {
  server.answers = [whole];
  const full = client().download(request(), "/dev/full", "x.csv.gz");
  await expect(full).rejects.toThrow(OptionError);
  await expect(full).rejects.toThrow(/--data: has no room for x\.csv\.gz \(ENOSPC\); make room/);
  expect(server.requests).toHaveLength(1);
  const agent = new https.Agent();
  const untrusting = httpsClient(server.url, {
    agent,
    limits: clientLimits(QUICK),
    refusalFix: "",
  });
  await expect(untrusting.download(request(), file, "x")).rejects.toThrow(/not trusted/);
});
