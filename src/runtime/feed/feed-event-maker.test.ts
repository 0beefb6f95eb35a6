import { expect, test } from "vitest";
import { microsecondDate as date } from "../../store/rows/microsecond-date.js";
import type { NormalizedMessage } from "../../store/rows/normalized-message.js";
import type { FeedEvent } from "./feed-event.js";
import { FeedEventMaker, feedEvents } from "./feed-event-maker.js";

const T = Date.UTC(2024, 2, 1) * 1000;

/** A message of the vendor's client; live ones have a time of arrival without µs. */
function message(
  type: string,
  fields: object,
  localTimestamp: Date = date(T + 5),
): NormalizedMessage {
  const times = { timestamp: date(T + 1), localTimestamp };
  return { type, symbol: "BTCUSDT", ...times, ...fields } as NormalizedMessage;
}

const TRADE = { id: "7", side: "sell", price: 100, amount: 2 };
const level = (price: number, amount: number): object => ({ price, amount });

test("a trade is an event with its fields", () => {
  const events = new FeedEventMaker().push(message("trade", TRADE));
  expect(events).toEqual([
    {
      kind: "trade",
      symbol: "BTCUSDT",
      localUs: T + 5,
      exchangeUs: T + 1,
      id: "7",
      side: -1,
      price: 100,
      amount: 2,
    },
  ]);
});

test("a change of the book is an event with its rows, bids first, each side in the exchange's order", () => {
  const maker = new FeedEventMaker();
  const fields = {
    isSnapshot: false,
    bids: [level(99, 0), level(100, 1)],
    asks: [level(102, 3), level(101, 4)],
  };
  const [event] = maker.push(message("book_change", fields));
  expect(event).toEqual({
    kind: "book",
    symbol: "BTCUSDT",
    localUs: T + 5,
    exchangeUs: T + 1,
    isSnapshot: false,
    rows: {
      localTimestampUs: new Float64Array(4).fill(T + 5),
      timestampUs: new Float64Array(4).fill(T + 1),
      isSnapshot: new Uint8Array(4),
      side: Int8Array.of(1, 1, -1, -1),
      price: Float64Array.of(99, 100, 102, 101),
      amount: Float64Array.of(0, 1, 3, 4),
    },
  });
  // The event's columns are its own.
  maker.push(message("book_change", { ...fields, bids: [level(7, 7)] }));
  expect((event as { rows: { price: Float64Array } }).rows.price[0]).toBe(99);
});

test("what a file's reader would reject is left out and counted by reason", () => {
  const maker = new FeedEventMaker();
  expect(maker.push(message("trade", { ...TRADE, price: -1 }))).toEqual([]);
  expect(maker.push(message("trade", { ...TRADE, side: "both" }))).toEqual([]);
  const fields = { isSnapshot: true, bids: [level(0, 1), level(100, 1)], asks: [level(101, -1)] };
  const [book] = maker.push(message("book_change", fields)) as FeedEvent[];
  expect(book).toMatchObject({ isSnapshot: true, rows: { price: Float64Array.of(100) } });
  expect(maker.push(message("book_change", { ...fields, bids: [], asks: [] }))).toEqual([]);
  expect(maker.push(message("trade", TRADE, date(T + 10)))).toHaveLength(1);
  expect(maker.push(message("trade", TRADE, date(T + 9)))).toEqual([]);
  const late = { ...TRADE, timestamp: date(T - 864e8 - 10) };
  expect(maker.push(message("trade", late, date(T + 11)))).toEqual([]);
  expect(maker.push(message("derivative_ticker", {}))).toEqual([]);
  expect(maker.rejected).toEqual({
    "price: not positive": 2,
    "side: not buy, sell or unknown": 1,
    "amount: negative": 1,
    "local_timestamp: before the row above": 1,
    "timestamp: more than a day from local_timestamp": 1,
  });
});

test("a snapshot beyond the columns' size is several events of one time", () => {
  const bids = Array.from({ length: 50_000 }, (_, i) => level(i + 1, 1));
  const events = new FeedEventMaker().push(
    message("book_change", { isSnapshot: true, bids, asks: [] }),
  );
  const sizes = events.map((event) => (event.kind === "book" ? event.rows.price.length : 0));
  expect(sizes.length).toBeGreaterThan(1);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(50_000);
  expect(new Set(events.map(({ localUs }) => localUs)).size).toBe(1);
});

test("messages arrived when the server says, else when the replay says, else now", () => {
  let nowUs = T + 1000;
  const maker = new FeedEventMaker(() => nowUs++);
  const live = (): FeedEvent => maker.push(message("trade", TRADE, new Date(0)))[0]!;
  const replayed = (us: number): FeedEvent => maker.push(message("trade", TRADE, date(us)))[0]!;
  const say = (arrivalUs: number): unknown => maker.push(message("arrival", { arrivalUs }));
  expect([live().localUs, live().localUs]).toEqual([T + 1000, T + 1001]);
  expect(replayed(T + 2000).localUs).toBe(T + 2000);
  expect(maker.timeUs).toBe(T + 2000);
  expect(say(T + 3000)).toEqual([]);
  expect([live().localUs, live().localUs]).toEqual([T + 3000, T + 3000]);
  say(T + 3001);
  expect(live().localUs).toBe(T + 3001);
  expect(maker.push(message("end", {}))).toEqual([{ kind: "end", localUs: T + 3001 }]);
  expect(maker.timeUs).toBe(T + 3001);
});

test("an exchange without a time of its own has that of the arrival", () => {
  const maker = new FeedEventMaker(() => T + 77);
  const now = new Date(0);
  const fields = { isSnapshot: true, bids: [level(1, 1)], asks: [], timestamp: now };
  expect(maker.push(message("book_change", fields, now))[0]).toMatchObject({
    localUs: T + 77,
    exchangeUs: T + 77,
  });
});

test("attempts that fail one after the other are one lost connection", () => {
  const maker = new FeedEventMaker();
  const lost = (): readonly FeedEvent[] => maker.push(message("disconnect", {}, date(T + 9)));
  expect(lost()).toEqual([{ kind: "disconnect", localUs: T + 9 }]);
  expect(lost()).toEqual([]);
  maker.push(message("trade", TRADE, date(T + 10)));
  expect(lost()).toEqual([{ kind: "disconnect", localUs: T + 10 }]);
});

test("events of any stream of messages come one after the other, over midnight", async () => {
  async function* messages(): AsyncGenerator<NormalizedMessage> {
    for (const us of [T + 864e8 - 1, T + 864e8]) {
      yield message("trade", { ...TRADE, timestamp: date(us) }, date(us));
    }
  }
  const times: number[] = [];
  for await (const event of feedEvents(messages())) times.push(event.localUs);
  expect(times).toEqual([T + 864e8 - 1, T + 864e8]);
});
