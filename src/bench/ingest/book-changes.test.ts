import { expect, test } from "vitest";
import { OrderBook } from "../../market/order-book.js";
import { bookChanges } from "./book-changes.js";

test("the made book has both sides and is never crossed", () => {
  const book = new OrderBook();
  let states = 0;
  let rows = 0;
  for (const message of bookChanges({ rows: 200_000, startUs: 0, seed: 3 })) {
    const filled = <T>(value: (i: number) => T): T[] =>
      Array.from({ length: message.rows }, (_, i) => value(i));
    book.apply(
      {
        localTimestampUs: Float64Array.from(filled(() => message.localTimestampUs)),
        timestampUs: Float64Array.from(filled(() => message.timestampUs)),
        isSnapshot: Uint8Array.from(filled(() => Number(message.isSnapshot))),
        side: Int8Array.from(filled((i) => (i < message.bids ? 1 : -1))),
        price: Float64Array.from(filled((i) => message.priceTicks[i]! / 10)),
        amount: Float64Array.from(filled((i) => message.amountMilli[i]! / 1000)),
      },
      0,
      message.rows,
    );
    rows += message.rows;
    states++;
    if (!book.isOrdered()) expect.fail(`message ${states} left a crossed or one-sided book`);
  }
  expect(rows).toBe(200_000);
  expect(states).toBeGreaterThan(1000);
});
