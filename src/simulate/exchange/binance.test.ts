import { afterEach, expect, test } from "vitest";
import {
  at,
  cleanUp,
  connect,
  DATE,
  freshFolder,
  type PlainClient,
  putLines,
  rawLine,
  serve,
} from "./test-exchange.js";

afterEach(cleanUp);

const DEPTH = "btcusdt@depth@100ms";

function change(us: number, first: number, last: number, bid: readonly [string, string]): string {
  const data = { e: "depthUpdate", E: 1, s: "BTCUSDT", U: first, u: last, b: [bid], a: [] };
  return rawLine(us, DEPTH, data);
}

function whole(us: number, last: number): string {
  const data = { lastUpdateId: last, bids: [["100.0", "1"]], asks: [["101.0", "2"]] };
  return rawLine(us, "btcusdt@depthSnapshot", data);
}

function trade(us: number, id: number): string {
  return rawLine(us, "btcusdt@trade", { t: id });
}

/** A folder with minutes of lines. */
function minutes(...list: readonly (readonly string[] | undefined)[]): string {
  const folder = freshFolder();
  list.forEach((lines, minute) => {
    const file = `hand/2024/03/01/00/${String(minute).padStart(2, "0")}.json.gz`;
    if (lines !== undefined) putLines(folder, file, lines);
  });
  return folder;
}

const MARKET = { protocol: "binance", symbols: [], from: DATE, to: `${DATE}T00:05` } as const;
const REQUESTS = [
  { method: "SUBSCRIBE", params: [DEPTH], id: 1 },
  { method: "SUBSCRIBE", params: ["btcusdt@trade"], id: 2 },
];

function kinds(client: PlainClient): readonly string[] {
  return client.texts.map((text) => {
    const { stream, data, result, type } = JSON.parse(text);
    return result === null
      ? "answer"
      : `${stream ?? type} ${data?.u ?? data?.t ?? data?.lastUpdateId}`;
  });
}

test("the recorded messages come as they are; whole books and times to those who ask for times", async () => {
  const lines = [
    change(1, 4, 6, ["99.0", "5"]),
    rawLine(2, "btcusdt@bookTicker", {}),
    whole(3, 5),
    trade(4, 9),
    change(5, 7, 7, ["100.0", "0"]),
  ];
  const folder = minutes(lines);
  const server = await serve({ ...MARKET, folder });
  const [plain, told] = [
    await connect(server.url, ...REQUESTS),
    await connect(`${server.url}?arrivals=true`, ...REQUESTS),
  ];
  await server.ended;
  await plain.received(5);
  await told.received(7);
  expect(kinds(plain)).toEqual(["answer", "answer", `${DEPTH} 6`, "btcusdt@trade 9", `${DEPTH} 7`]);
  expect(plain.texts[2]).toBe(lines[0]!.slice(29));
  expect(kinds(told)).toEqual([
    "answer",
    "answer",
    `${DEPTH} 6`,
    "btcusdt@depthSnapshot 5",
    "btcusdt@trade 9",
    `${DEPTH} 7`,
    "end undefined",
  ]);
  expect(JSON.parse(told.texts[3]!).arrivalUs).toBe(at(3));
});

test("REST gives the book as it stands, and waits for it where it was not recorded yet", async () => {
  const folder = minutes([
    change(1, 4, 6, ["99.0", "5"]),
    whole(2, 5),
    change(3, 7, 8, ["100.0", "0"]),
  ]);
  const server = await serve({ ...MARKET, folder });
  const info = await fetch(`${server.restUrl}/exchangeInfo`);
  expect(info.headers.get("x-mbx-used-weight-1m")).toBe("1");
  expect(await info.json()).toMatchObject({ rateLimits: [{ rateLimitType: "REQUEST_WEIGHT" }] });
  const asked = fetch(`${server.restUrl}/depth?symbol=BTCUSDT&limit=1000`);
  await connect(server.url, ...REQUESTS);
  const book = (await (await asked).json()) as { readonly lastUpdateId: number };
  expect([5, 6, 8]).toContain(book.lastUpdateId);
  await server.ended;
  const last = await fetch(`${server.restUrl}/depth?symbol=BTCUSDT`);
  expect(await last.json()).toEqual({
    lastUpdateId: 8,
    bids: [["99.0", "5"]],
    asks: [["101.0", "2"]],
  });
  expect((await fetch(`${server.restUrl}/nothing`)).status).toBe(404);
});

test("a recorded loss of the connection, and a minute that is missing, cut the connections", async () => {
  const s = 1e6;
  const folder = minutes([whole(s, 1), "", trade(2 * s, 1)], undefined, [trade(121 * s, 2)]);
  const server = await serve({ ...MARKET, folder });
  const first = await connect(`${server.url}?arrivals=true`, ...REQUESTS);
  await first.closed;
  const second = await connect(`${server.url}?arrivals=true`, ...REQUESTS);
  await second.closed;
  const third = await connect(`${server.url}?arrivals=true`, ...REQUESTS);
  await server.ended;
  await third.received(4);
  expect(kinds(first)).toEqual(["answer", "answer", "btcusdt@depthSnapshot 1"]);
  // The book of before is not known any more.
  expect(kinds(second)).toEqual(["answer", "answer", "btcusdt@trade 1"]);
  expect(kinds(third)).toEqual(["answer", "answer", "btcusdt@trade 2", "end undefined"]);
});

test("a book whose changes do not follow each other is given to nobody", async () => {
  const folder = minutes([
    whole(1, 5),
    change(2, 6, 6, ["99.0", "1"]),
    change(3, 9, 9, ["98.0", "1"]),
    change(4, 10, 10, ["97.0", "1"]),
  ]);
  const server = await serve({ ...MARKET, folder });
  await connect(`${server.url}?arrivals=true`, ...REQUESTS);
  await server.ended;
  const late = await connect(`${server.url}?arrivals=true`, ...REQUESTS);
  await late.received(4);
  expect(kinds(late)).toEqual(["answer", "end undefined", "answer", "end undefined"]);
});

test("what is no request is answered with an error, and no request ends the server", async () => {
  const server = await serve({ ...MARKET, folder: minutes([trade(1, 1)]) });
  const client = await connect(server.url, { method: "LOGIN", id: 1 });
  client.socket.send("{");
  const texts = await client.received(2);
  expect(texts.map((text) => JSON.parse(text).error.code)).toEqual([2, 2]);
  client.socket.send("x".repeat(1 << 17));
  await client.closed;
  expect((await fetch(`${server.restUrl}/exchangeInfo`)).status).toBe(200);
});
