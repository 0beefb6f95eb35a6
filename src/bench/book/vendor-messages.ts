import type { BookChange } from "tardis-dev";
import type { BookChanges } from "../../store/tables.js";

/** Whose book it is; tardis-dev's own does not look at it. */
const OF = { type: "book_change", symbol: "BTCUSDT", exchange: "binance-futures" } as const;

/**
 * Rows as the messages that tardis-dev's client makes of an exchange's: one an arrival time, and another where snapshot rows
 * follow others.
 *
 * @param from - first row, the first of its arrival time
 * @param to - row after the last, the first of another arrival time
 */
export function* vendorMessages(
  changes: BookChanges,
  from: number,
  to: number,
): Generator<BookChange, void> {
  const { localTimestampUs, timestampUs, isSnapshot, side, price, amount } = changes;
  for (let row = from; row < to; ) {
    const [localUs, kind] = [localTimestampUs[row]!, isSnapshot[row]!];
    const message: BookChange = {
      ...OF,
      isSnapshot: kind === 1,
      bids: [],
      asks: [],
      timestamp: new Date(timestampUs[row]! / 1000),
      localTimestamp: new Date(localUs / 1000),
    };
    for (; row < to && localTimestampUs[row] === localUs && isSnapshot[row] === kind; row++) {
      const levels = side[row] === 1 ? message.bids : message.asks;
      levels.push({ price: price[row]!, amount: amount[row]! });
    }
    yield message;
  }
}
