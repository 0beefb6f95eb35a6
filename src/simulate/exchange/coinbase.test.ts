import { afterEach, expect, test } from "vitest";
import { at, cleanUp, connect, freshFolder, putRows, serve } from "./test-exchange.js";

afterEach(cleanUp);

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];

function subscription(...symbols: readonly string[]): object {
  const channels = ["level2_batch", "matches"].map((name) => ({ name, product_ids: symbols }));
  return { type: "subscribe", channels };
}

/** Three states of one book, two trades, and a book of another symbol that arrives between. */
function market(): string {
  const folder = freshFolder();
  putRows(folder, "trades", "BTCUSDT", [
    [3_000_000, "17,buy,100.50,0.25"],
    [4_000_000, ",sell,100.0,1e-8"],
  ]);
  putRows(folder, "incremental_book_L2", "BTCUSDT", [
    [1_000_000, "true,bid,100.0,1"],
    [1_000_000, "true,bid,99.5,2"],
    [1_000_000, "true,ask,100.50,3"],
    [3_000_000, "false,bid,100.0,0.5"],
    [3_000_000, "false,ask,100.50,0.000"],
    [3_000_000, "false,ask,101,4"],
    [3_000_000, "false,bid,99.5,0"],
  ]);
  putRows(folder, "incremental_book_L2", "ETHUSDT", [
    [2_000_000, "true,bid,10,1"],
    [2_000_000, "true,ask,11,1"],
  ]);
  return folder;
}

test("rows of one time and kind are one message, in the order of arrival, trades first", async () => {
  const folder = market();
  const server = await serve({ folder, protocol: "coinbase", symbols: SYMBOLS });
  const client = await connect(server.url, subscription(...SYMBOLS));
  await server.ended;
  const [answer, ...messages] = (await client.received(7)).map((text) => JSON.parse(text));
  expect(answer).toMatchObject({ type: "subscriptions" });
  const book = { product_id: "BTCUSDT" };
  expect(messages).toEqual([
    {
      type: "snapshot",
      ...book,
      bids: [
        ["100.0", "1"],
        ["99.5", "2"],
      ],
      asks: [["100.50", "3"]],
      time: "2024-03-01T00:00:00.999993Z",
    },
    {
      type: "snapshot",
      product_id: "ETHUSDT",
      bids: [["10", "1"]],
      asks: [["11", "1"]],
      time: "2024-03-01T00:00:01.999993Z",
    },
    // Coinbase names the side that waited in the book.
    {
      type: "match",
      trade_id: "17",
      side: "sell",
      size: "0.25",
      price: "100.50",
      ...book,
      time: "2024-03-01T00:00:02.999993Z",
    },
    {
      type: "l2update",
      ...book,
      changes: [
        ["buy", "100.0", "0.5"],
        ["sell", "100.50", "0.000"],
        ["sell", "101", "4"],
      ],
      time: "2024-03-01T00:00:02.999993Z",
    },
    // A bid after an ask would change places in one message with it.
    {
      type: "l2update",
      ...book,
      changes: [["buy", "99.5", "0"]],
      time: "2024-03-01T00:00:02.999993Z",
    },
    {
      type: "match",
      trade_id: "",
      side: "buy",
      size: "1e-8",
      price: "100.0",
      ...book,
      time: "2024-03-01T00:00:03.999993Z",
    },
  ]);
});

test("a client gets what it asked for, with the times of arrival where it asked for those", async () => {
  const server = await serve({ folder: market(), protocol: "coinbase", symbols: SYMBOLS });
  const channels = [{ name: "matches", product_ids: ["BTCUSDT"] }];
  const client = await connect(`${server.url}?arrivals=true`, { type: "subscribe", channels });
  const [, first, second, end] = await client.received(4);
  expect(first).toContain(`{"arrivalUs":${at(3_000_000)},"type":"match","trade_id":"17"`);
  expect(JSON.parse(second!)).toMatchObject({ arrivalUs: at(4_000_000), price: "100.0" });
  expect(JSON.parse(end!)).toMatchObject({ type: "end" });
  expect(server.sentMessages).toBe(2);
});

test("whoever times a server is told the arrival time of each message that goes to a client, before it goes", async () => {
  const told: number[] = [];
  const server = await serve({
    ...{ folder: market(), protocol: "coinbase", symbols: SYMBOLS },
    onSend: (localUs) => told.push(localUs),
  });
  const channels = [{ name: "matches", product_ids: ["BTCUSDT"] }];
  const client = await connect(server.url, { type: "subscribe", channels });
  await client.received(3);
  await server.ended;
  expect(told).toEqual([at(3_000_000), at(4_000_000)]);
});

test("a client that comes late gets the whole book as it stands, best levels first", async () => {
  const server = await serve({ folder: market(), protocol: "coinbase", symbols: SYMBOLS });
  await connect(server.url, subscription("BTCUSDT"));
  await server.ended;
  const late = await connect(`${server.url}?arrivals=1`, subscription("BTCUSDT"));
  const book = JSON.parse((await late.received(2))[1]!);
  expect(book).toEqual({
    arrivalUs: at(3_000_000),
    type: "snapshot",
    product_id: "BTCUSDT",
    bids: [["100.0", "0.5"]],
    asks: [["101", "4"]],
    time: "2024-03-01T00:00:02.999993Z",
  });
});

test("a market that begins later begins with the book of that time", async () => {
  const folder = market();
  const startUs = at(2_500_000);
  const server = await serve({ folder, protocol: "coinbase", symbols: SYMBOLS, startUs });
  const client = await connect(server.url, subscription("BTCUSDT"));
  await server.ended;
  const types = (await client.received(6)).slice(1).map((text) => JSON.parse(text).type);
  expect(types).toEqual(["snapshot", "match", "l2update", "l2update", "match"]);
  expect(JSON.parse(client.texts[1]!).asks).toEqual([["100.50", "3"]]);
});

test("what is no subscription, or of no symbol or channel, is refused in Coinbase's words", async () => {
  const server = await serve({ folder: market(), protocol: "coinbase", symbols: SYMBOLS });
  const requests = [
    { type: "hello" },
    { type: "subscribe", channels: ["matches"], product_ids: ["DOGE"] },
    { type: "subscribe", channels: [{ name: "candles", product_ids: ["BTCUSDT"] }] },
  ];
  const client = await connect(server.url, ...requests);
  const reasons = (await client.received(3)).map((text) => JSON.parse(text));
  expect(reasons.map(({ type, reason }) => [type, reason])).toEqual([
    ["error", "Malformed JSON"],
    ["error", "DOGE is not a valid product"],
    ["error", "candles is not a valid channel"],
  ]);
});

test("rows without a time or with a side of no name are left out", async () => {
  const folder = freshFolder();
  putRows(folder, "trades", "BTCUSDT", [
    [1, "1,unknown,100,1"],
    [Number.NaN, "2,buy,100,1"],
    [3, "3,buy,-100,abc"],
  ]);
  putRows(folder, "incremental_book_L2", "BTCUSDT", [[4, "true,bid,1,1"]]);
  const server = await serve({ folder, protocol: "coinbase", symbols: ["BTCUSDT"] });
  const client = await connect(server.url, subscription("BTCUSDT"));
  const texts = await client.received(3);
  // Values that are wrong go out as they are: to reject them is the client's part.
  expect(JSON.parse(texts[1]!)).toMatchObject({ trade_id: "3", price: "-100", size: "abc" });
  expect(JSON.parse(texts[2]!)).toMatchObject({ type: "snapshot" });
  await server.ended;
  expect(server.sentMessages).toBe(2);
});
