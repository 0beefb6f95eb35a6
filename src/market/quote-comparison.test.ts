import { expect, test } from "vitest";
import type { BookChanges, Quotes } from "../store/tables.js";
import { QuoteComparison } from "./quote-comparison.js";
import { Replay } from "./replay.js";
import { captureBookChanges, captureQuotes, hasCaptures } from "./test-captures.js";
import { emptyTouch } from "./touch.js";

/** Compares all states but the last, since the end of the data may cut its rows. */
async function compare(
  bookChanges: BookChanges,
  quotes: Quotes,
  windowUs = 200_000,
): Promise<Readonly<Record<"compared" | "pricesEqual" | "allEqual" | "crossed", number>>> {
  const counts = { compared: 0, pricesEqual: 0, allEqual: 0, crossed: 0 };
  const comparison = new QuoteComparison({ windowUs, withStanding: false }, (_, agreement) => {
    if (agreement === "none") return;
    counts.compared++;
    if (agreement !== "unequal") counts.pricesEqual++;
    if (agreement === "all") counts.allEqual++;
  });
  const touch = emptyTouch();
  const replay = new Replay({
    onTrade: () => {},
    onBook: (localUs, book) => {
      if (localUs === bookChanges.localTimestampUs.at(-1)) return;
      touch.bidPrice = book.bidPrice();
      touch.bidAmount = book.bidAmount();
      touch.askPrice = book.askPrice();
      touch.askAmount = book.askAmount();
      if (touch.bidPrice >= touch.askPrice) counts.crossed++;
      comparison.addState(localUs, touch);
    },
    onQuote: (localUs, rows, i) => {
      const { bidPrice, bidAmount, askPrice, askAmount } = rows;
      comparison.addQuote(localUs, {
        bidPrice: bidPrice[i]!,
        bidAmount: bidAmount[i]!,
        askPrice: askPrice[i]!,
        askAmount: askAmount[i]!,
      });
    },
  });
  await replay.run({ bookChanges: [bookChanges], quotes: [quotes] });
  comparison.finish();
  return counts;
}

/** Counts of an independent program: a book of plain dictionaries, a bisection over the quotes. */
const PAIRS = [
  ["binance", "2024/08/08/BTCUSDT", 3435, 0.9994, 0.9639],
  ["binance", "2024/08/08/ETHUSDT", 3394, 0.9997, 0.9417],
  ["binance", "2024/08/09/BTCUSDT", 3042, 0.9993, 0.9862],
  ["binance", "2024/08/09/ETHUSDT", 3028, 0.9997, 0.9782],
  ["binance-futures", "2024/08/08/BTCUSDT", 6544, 1.0, 0.9985],
] as const;

test.skipIf(!hasCaptures).each(PAIRS)(
  "the book of %s %s equals the quotes as often as an independent check says (needs ../shared/market-data)",
  async (exchange, file, compared, pricesShare, allShare) => {
    const result = await compare(
      captureBookChanges(`${exchange}/incremental_book_L2/${file}`),
      captureQuotes(`${exchange}/quotes/${file}`),
    );
    expect(result.compared).toBe(compared);
    expect((result.pricesEqual / compared).toFixed(4)).toBe(pricesShare.toFixed(4));
    expect((result.allEqual / compared).toFixed(4)).toBe(allShare.toFixed(4));
    expect(result.crossed).toBe(0);
    expect(result.pricesEqual / compared).toBeGreaterThanOrEqual(0.999);
    expect(result.allEqual / compared).toBeGreaterThanOrEqual(0.94);
  },
);

test("states are compared with quotes at most a window away, both ends included, and the last state is left out", async () => {
  const changes = {
    localTimestampUs: Float64Array.of(1000, 1000, 2000, 9000, 9500),
    timestampUs: new Float64Array(5),
    isSnapshot: Uint8Array.of(1, 1, 0, 0, 0),
    side: Int8Array.of(1, -1, 1, 1, 1),
    price: Float64Array.of(10, 11, 10.5, 10.6, 10.7),
    amount: Float64Array.of(1, 2, 3, 4, 5),
  };
  const quotes = {
    localTimestampUs: Float64Array.of(900, 2100),
    timestampUs: new Float64Array(2),
    bidPrice: Float64Array.of(10, 10.5),
    bidAmount: Float64Array.of(1, 4),
    askPrice: Float64Array.of(11, 11),
    askAmount: Float64Array.of(2, 2),
  };
  const result = await compare(changes, quotes, 100);
  expect(result).toEqual({ compared: 2, pricesEqual: 2, allEqual: 1, crossed: 0 });
});
