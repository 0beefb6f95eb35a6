import type { Random } from "../../core/random.js";
import type { Trades } from "../../store/tables.js";
import type { WalkPath } from "./walk-path.js";

/** Bars whose trades are given at once. */
const BATCH_BARS = 2048;

/** Where in a bar its trades lie: one between its moves, one after them, and another in every second bar. */
const BETWEEN = 0.5;
const AFTER = 0.85;
const LAST = 0.95;

/**
 * A few trades around a random walk, of random side and amount: at the touch where there is a book, else at the walk's price,
 * whose closes then have no bounce.
 *
 * @param random - of its own; the same one gives the same trades
 */
export function* walkTrades(
  { barEndUs, barUs, early, late, tick }: WalkPath,
  { hasBook, random }: { readonly hasBook: boolean; readonly random: Random },
): Generator<Trades> {
  for (let from = 0; from < barEndUs.length; from += BATCH_BARS) {
    const timeUs: number[] = [];
    const side: number[] = [];
    const price: number[] = [];
    const add = (row: number, share: number, bid: number): void => {
      const isBuy = random.uniform() < 0.5;
      timeUs.push(barEndUs[row]! - barUs + Math.floor(share * barUs));
      side.push(isBuy ? 1 : -1);
      price.push((bid + Number(hasBook && isBuy)) * tick);
    };
    for (let row = from; row < Math.min(from + BATCH_BARS, barEndUs.length); row++) {
      add(row, BETWEEN, early[row]!);
      add(row, AFTER, late[row]!);
      if (random.uniform() < 0.5) add(row, LAST, late[row]!);
    }
    const localTimestampUs = Float64Array.from(timeUs);
    yield {
      localTimestampUs,
      timestampUs: localTimestampUs,
      side: Int8Array.from(side),
      price: Float64Array.from(price),
      amount: localTimestampUs.map(() => 0.1 + random.exponential()),
    };
  }
}
