import fc from "fast-check";
import { expect, test } from "vitest";
import { SECOND_US } from "../../core/time.js";
import { COINS } from "../../market/contract.js";
import { OrderBook } from "../../market/order-book.js";
import { fillAtTouch, walkBook } from "../../trading/fill.js";
import type { BrokerOrder, BrokerReport } from "./broker.js";
import { PaperBroker } from "./paper-broker.js";

const SETTINGS = {
  latencyUs: 1000,
  fill: fillAtTouch,
  staleAfterUs: SECOND_US,
  contractOf: () => COINS,
};

const order = (id: string, amount: number, decidedUs: number, waits = false): BrokerOrder => {
  return { id, symbol: "BTCUSDT", amount, decidedUs, waits };
};

/** A book of one bid and one ask of two coins each, as of a time. */
function bookAt(timeUs: number, bid = 99, ask = 101): OrderBook {
  const book = new OrderBook();
  book.apply(
    {
      localTimestampUs: Float64Array.of(timeUs, timeUs),
      timestampUs: Float64Array.of(timeUs, timeUs),
      isSnapshot: Uint8Array.of(1, 1),
      side: Int8Array.of(1, -1),
      price: Float64Array.of(bid, ask),
      amount: Float64Array.of(2, 2),
    },
    0,
    2,
  );
  return book;
}

test("an order meets the book that is in force when it is due, and no earlier one", async () => {
  const broker = new PaperBroker(SETTINGS);
  await broker.submit(order("a", 3, 5000));
  // Due at 6,000: a state of that very time is the one that it meets.
  expect(broker.onTime("BTCUSDT", 6000, bookAt(5500))).toBe(false);
  expect(broker.onTime("ETHUSDT", 7000, bookAt(5500))).toBe(false);
  expect(broker.onTime("BTCUSDT", 6001, bookAt(6000, 98, 102))).toBe(true);
  const [fill, end] = broker.reports();
  expect(fill).toMatchObject({ kind: "fill", atUs: 6000, amount: 3, valueUsd: 306, mid: 100 });
  expect(end).toMatchObject({ kind: "end", atUs: 6000, status: "filled" });
  expect(broker.reports()).toEqual([]);
  expect(broker.open()).toEqual([]);
});

test("without a valid book an order ends unfilled, and one that waits meets the first book there is", async () => {
  const broker = new PaperBroker(SETTINGS);
  await broker.submit(order("a", 3, 5000));
  await broker.submit(order("b", -3, 5000, true));
  broker.onTime("BTCUSDT", 8000, new OrderBook());
  expect(broker.reports()).toMatchObject([{ kind: "end", status: "unfilled", atUs: 6000 }]);
  expect(broker.open().map(({ id }) => id)).toEqual(["b"]);
  // A book that is too old is none either.
  broker.onTime("BTCUSDT", 9000, bookAt(5000 - 2 * SECOND_US));
  expect(broker.reports()).toEqual([]);
  broker.onTime("BTCUSDT", 10_001, bookAt(10_000));
  expect(broker.reports()[0]).toMatchObject({
    kind: "fill",
    atUs: 10_000,
    amount: -3,
    valueUsd: -297,
  });
});

test("what a book does not hold stays unfilled, and the order is over", async () => {
  const broker = new PaperBroker({ ...SETTINGS, fill: walkBook });
  await broker.submit(order("a", 5, 0));
  broker.onTime("BTCUSDT", 5000, bookAt(500));
  expect(broker.reports()).toMatchObject([
    { kind: "fill", amount: 2 },
    { kind: "end", status: "unfilled" },
  ]);
});

test("an identity is executed once, also where it is sent again after a restart", async () => {
  let broker = new PaperBroker(SETTINGS);
  const told: BrokerReport[] = [];
  const restart = (): void => {
    const saved = JSON.parse(JSON.stringify(broker.save()));
    broker = new PaperBroker(SETTINGS);
    broker.restore(saved);
  };
  await broker.submit(order("a", 1, 0));
  await broker.submit(order("a", 1, 0));
  restart();
  await broker.submit(order("a", 1, 0));
  broker.onTime("BTCUSDT", 5000, bookAt(500));
  told.push(...broker.reports());
  restart();
  await broker.submit(order("a", 1, 0));
  broker.onTime("BTCUSDT", 9000, bookAt(8000));
  told.push(...broker.reports());
  expect(told.filter(({ kind }) => kind === "fill")).toHaveLength(1);
});

test("an order that was withdrawn, or of which it is known that it is over, is not filled", async () => {
  const broker = new PaperBroker(SETTINGS);
  for (const id of ["a", "b", "c"]) await broker.submit(order(id, 1, 0));
  await broker.withdraw("a", 500, "not any more");
  await broker.withdraw("a", 600, "again");
  broker.forget(new Set(["b", "x"]));
  await broker.submit(order("b", 1, 0));
  broker.onTime("BTCUSDT", 5000, bookAt(500));
  const reports = broker.reports();
  expect(reports.filter(({ kind }) => kind === "fill").map((one) => one.order.id)).toEqual(["c"]);
});

test("whenever a broker is saved and taken over, it fills the same", async () => {
  const steps = fc.array(
    fc.record({
      isOrder: fc.boolean(),
      amount: fc.constantFrom(-2, -1, 1, 2),
      waits: fc.boolean(),
      hasBook: fc.boolean(),
      gapUs: fc.integer({ min: 1, max: 3000 }),
    }),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const whole = new PaperBroker(SETTINGS);
      let cut = new PaperBroker(SETTINGS);
      let timeUs = 0;
      for (const [i, { isOrder, amount, waits, hasBook, gapUs }] of list.entries()) {
        timeUs += gapUs;
        const book = hasBook ? bookAt(timeUs - 1) : new OrderBook();
        for (const broker of [whole, cut]) {
          if (isOrder) await broker.submit(order(`${i}`, amount, timeUs, waits));
          else broker.onTime("BTCUSDT", timeUs, book);
        }
        expect(cut.reports()).toEqual(whole.reports());
        const saved = JSON.parse(JSON.stringify(cut.save()));
        cut = new PaperBroker(SETTINGS);
        cut.restore(saved);
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});
