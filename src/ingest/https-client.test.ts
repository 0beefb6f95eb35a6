import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DataError, OptionError } from "../core/errors.js";
import { type ClientLimits, clientLimits } from "./client-limits.js";
import { httpsClient } from "./https-client.js";
import { body, FILE, QUICK, type TestClient, testClient, whole } from "./test-client.js";
import { type Answer, raw, status } from "./test-server.js";

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

/** Those that are waited for. */
const SLOW: readonly Passing[] = [
  ["no answer at all", () => undefined, /sent nothing for 1 s/],
  ["a body that stops", stall, /sent nothing for 1 s/, { minBytesPerSecond: 0 }],
  ["a slow drip", drip, /sent \d+ bytes in 1 s, less than 50000 a second/],
];

const PASSING: readonly Passing[] = [
  ["500", status(500), /answered 500/],
  ["502", status(502), /answered 502/],
  ["503", status(503), /answered 503/],
  ["504", status(504), /answered 504/],
  ["408", status(408), /answered 408/],
  ["425", status(425), /answered 425/],
  ["429 with seconds", status(429, { "retry-after": "0" }), /answered 429/],
  ["a reset before the answer", (r) => r.socket.destroy(), /ECONNRESET/],
  ["a body that is cut", cut, /sent 20 of the \d+ bytes/],
  ["a chunked body that is cut", chunkedCut, /ECONNRESET|PREMATURE/],
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

/** On servers of its own, so that others can be waited for meanwhile. */
async function alone(work: (own: TestClient) => Promise<void>): Promise<void> {
  const own = await testClient(at.certificates);
  try {
    await work(own);
  } finally {
    await own.close();
  }
}

test.concurrent.each([
  { what: "silences", answer: (() => undefined) as Answer, said: /sent nothing for/ },
  { what: "resets", answer: ((r) => r.socket.destroy()) as Answer, said: /ECONNRESET/ },
])(
  "$what before any answer are survived within the first file's requests",
  async ({ answer, said }) => {
    const recovering = alone(async ({ server, download }) => {
      expect(await download([...Array<Answer>(5).fill(answer), whole])).toEqual(FILE);
      expect(server.requests).toHaveLength(6);
    });
    const lasting = alone(async ({ server, download }) => {
      const failure = (await download([answer])) as Error;
      expect(failure).toBeInstanceOf(DataError);
      expect(failure.message).toMatch(
        /^x\.csv\.gz: .* after 6 tries.*; run the same command again/,
      );
      expect(failure.message).toMatch(said);
      expect(server.requests).toHaveLength(6);
    });
    await Promise.all([recovering, lasting]);
  },
);

test.concurrent.each(SLOW.map((passing) => ({ what: passing[0], passing })))(
  "$what is tried again and done when the server recovers",
  ({ passing }) => triedAgain(passing),
);

test.each(PASSING.map((passing) => ({ what: passing[0], passing })))(
  "$what is tried again and done when the server recovers",
  ({ passing }) => triedAgain(passing),
);

async function triedAgain([, answer, said, limits = {}]: Passing): Promise<void> {
  const recovering = alone(async ({ server, download }) => {
    expect(await download([answer, answer, whole], limits)).toEqual(FILE);
    expect(server.requests).toHaveLength(3);
  });
  const lasting = alone(async ({ server, download }) => {
    const failure = (await download([answer], { ...limits, triesPerFile: 2 })) as Error;
    expect(failure).toBeInstanceOf(Error);
    expect(failure.message).toMatch(said);
    expect(failure.message).toMatch(
      /after 2 tries.*; (run the same command again|check the address)/,
    );
    expect(server.requests).toHaveLength(2);
  });
  await Promise.all([recovering, lasting]);
}

test("Retry-After is obeyed in seconds and as a date: a server that is ready only then is asked twice", async () => {
  const date = "Thu, 08 Aug 2024 00:00:00 GMT";
  const until = "Thu, 08 Aug 2024 00:00:01 GMT";
  const told = [{ "retry-after": "1" }, { date, "retry-after": until }].map((headers, i) =>
    alone(async ({ download }) => {
      const answer = readyAfter(900, status([429, 503][i]!, headers));
      expect(await download([answer], { ...UNHURRIED, triesPerFile: 2 })).toEqual(FILE);
    }),
  );
  await Promise.all(told);
});

test("a server that is asked too much is left alone by all files, not only by the one it told", () =>
  alone(async ({ server, client, request, file: place }) => {
    server.answers = [readyAfter(900, status(429, { "retry-after": "1" }))];
    const one = client({ ...UNHURRIED, requestsAtOnce: 1 });
    const files = ["a", "b", "c"].map((name) => `${place}.${name}`);
    await Promise.all(files.map((file) => one.download(request, file, "x.csv.gz")));
    expect(server.requests).toHaveLength(files.length + 1);
  }));

/** Where waits are asked for, a busy machine's own are none to count. */
const UNHURRIED = { stallMs: 10_000, paceWindowMs: 10_000 };

/** Answers in one way until some time after the first request, then gives the file. */
function readyAfter(ms: number, busy: Answer): Answer {
  let isReady: boolean | undefined;
  return (request, response) => {
    if (isReady === undefined) setTimeout(() => (isReady = true), ms);
    isReady ??= false;
    (isReady ? whole : busy)(request, response);
  };
}

test("a server that hangs up before TLS is asked as often as any, one that is not there thrice", async () => {
  let calls = 0;
  const server = net.createServer((socket) => {
    calls++;
    socket.resetAndDestroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const download = (): Promise<unknown> =>
    at.client().download({ url: `${url}/v1/x.csv.gz`, headers: {} }, at.file, "x.csv.gz");
  await expect(download()).rejects.toThrow(DataError);
  expect(calls).toBe(6);
  await new Promise((resolve) => server.close(resolve));
  const failure = await download().catch((error: Error) => error);
  expect(failure).toBeInstanceOf(OptionError);
  expect((failure as Error).message).toMatch(/could not be reached after 3 tries \(ECONNREFUSED\)/);
});

test.each([400, 401, 402, 403, 410])(
  "%i is never tried again and its error is one sentence",
  async (code) => {
    const failure = (await at.download([status(code)])) as Error;
    expect(failure).toBeInstanceOf(DataError);
    expect(failure.message).toContain(
      `x.csv.gz: was not given: ${at.server.url} answered ${code};`,
    );
    if (code === 401 || code === 403) expect(failure.message).toMatch(/; use another key$/);
    expect(at.server.requests).toHaveLength(1);
  },
);

test("404 is an absent file after one request", async () => {
  expect(await at.download([status(404)])).toBeUndefined();
  expect(at.server.requests).toHaveLength(1);
});

test("what is left of a broken try is overwritten by the next one", async () => {
  const long = Buffer.concat([FILE, Buffer.alloc(5000, 7)]);
  const cutLong: Answer = (_, response) => {
    response.writeHead(200, { "content-length": long.length + 1 });
    response.write(long, () => response.socket?.destroy());
  };
  expect(await at.download([cutLong, whole])).toEqual(FILE);
});

test("a run repeats no more requests than its budget, however many files it has", async () => {
  at.server.answers = [status(500)];
  const one = at.client({ repeatsPerRun: 4 });
  const failures: Error[] = [];
  for (let i = 0; i < 6; i++) {
    await one
      .download(at.request, at.file, "x.csv.gz")
      .catch((error: Error) => failures.push(error));
  }
  // Six first requests, four repeats, and one more for each of the six files.
  expect(at.server.requests.length).toBeLessThanOrEqual(6 + 4 + 6);
  expect(at.server.requests.length).toBeGreaterThan(6 + 4);
  expect(failures).toHaveLength(6);
  expect(failures.at(-1)!.message).toMatch(/used up its repeated requests/);
});

test("a server that asks for a day is waited for as long as the limit says", async () => {
  const never = status(429, { "retry-after": "86400" });
  expect(await at.download([never, never, whole], { longestWaitMs: 20 })).toEqual(FILE);
  const failure = (await at.download([never], { longestWaitMs: 20 })) as Error;
  expect(failure.message).toMatch(/answered 429, asking for 86400 s after 6 tries/);
});

test("sizes are asked by HEAD: known, absent, not told, refused", async () => {
  const size = (answer: Answer): Promise<number | undefined> => {
    at.server.answers = [answer];
    return at.client().size(at.request, "x.csv.gz");
  };
  const untold: Answer = (_, response) => {
    response.writeHead(200, { "transfer-encoding": "chunked" }).end();
  };
  expect(await size(whole)).toBe(FILE.length);
  expect(at.server.requests[0]!.method).toBe("HEAD");
  expect(await size(status(404))).toBeUndefined();
  expect(await size(untold)).toBeNaN();
  expect(await size(status(405))).toBeNaN();
  expect(await size(status(500))).toBeNaN();
  await expect(size(status(401))).rejects.toThrow(/answered 401; use another key/);
});

test("no more requests are under way at once than the limit", async () => {
  let open = 0;
  let most = 0;
  at.server.answers = [
    (req, res) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        whole(req, res);
      }, 20);
    },
  ];
  const one = at.client({ requestsAtOnce: 3 });
  await Promise.all(
    Array.from({ length: 12 }, (_, i) => one.download(at.request, `${at.file}.${i}`, "x.csv.gz")),
  );
  expect(most).toBe(3);
});

test("a full disk and an unknown certificate are wrong usage, without another try", async () => {
  at.server.answers = [whole];
  const full = at.client().download(at.request, "/dev/full", "x.csv.gz");
  await expect(full).rejects.toThrow(OptionError);
  await expect(full).rejects.toThrow(/--data: has no room for x\.csv\.gz \(ENOSPC\); make room/);
  expect(at.server.requests).toHaveLength(1);
  const agent = new https.Agent();
  const untrusting = httpsClient(at.server.url, {
    agent,
    limits: clientLimits(QUICK),
    refusalFix: "",
  });
  await expect(untrusting.download(at.request, at.file, "x")).rejects.toThrow(/not trusted/);
  const size = untrusting.size(at.request, "x");
  await expect(size).rejects.toThrow(OptionError);
  await expect(size).rejects.toThrow(/certificate is not trusted .*; give the certificate/);
});
