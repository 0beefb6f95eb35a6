import { OrderBook as VendorBook } from "tardis-dev";
import { expect, test } from "vitest";
import { vendorMessages } from "../bench/book/vendor-messages.js";
import { OrderBook } from "./order-book.js";
import { captureBookChanges, hasCaptures } from "./test-captures.js";

const LEVELS = 5;
const NAMES = [
  "binance/incremental_book_L2/2024/08/08/BTCUSDT",
  "coinbase/incremental_book_L2/2018/04/17/BTC-USD",
];

/** Price and amount of the best levels in turn, NaN where there are fewer. */
function best(levels: Iterable<{ readonly price: number; readonly amount: number }>): number[] {
  const found: number[] = [];
  for (const { price, amount } of levels) {
    if (found.length === 2 * LEVELS) break;
    found.push(price, amount);
  }
  while (found.length < 2 * LEVELS) found.push(Number.NaN);
  return found;
}

test.skipIf(!hasCaptures).each(NAMES)(
  "after every message of %s the best five levels are those of the vendor's own book (needs ../shared/market-data)",
  (name) => {
    const changes = captureBookChanges(name);
    const { localTimestampUs: times } = changes;
    const [book, vendors] = [new OrderBook(), new VendorBook()];
    let messages = 0;
    for (let from = 0, to = 0; from < times.length; from = to, messages++) {
      while (to < times.length && times[to] === times[from]) to++;
      book.apply(changes, from, to);
      for (const message of vendorMessages(changes, from, to)) vendors.update(message);
      const ours = Array.from({ length: LEVELS }, (_, i) => [
        [book.bidPrice(i), book.bidAmount(i)],
        [book.askPrice(i), book.askAmount(i)],
      ]);
      const found = [0, 1].map((side) => ours.flatMap((level) => level[side]!));
      const expected = [best(vendors.bids()), best(vendors.asks())];
      if (found.flat().some((value, i) => !Object.is(value, expected.flat()[i]))) {
        expect({ row: to, found }).toEqual({ row: to, found: expected });
      }
    }
    expect(messages).toBeGreaterThan(1000);
    expect(book.bidLevels).toBeGreaterThan(LEVELS);
  },
  60_000,
);
