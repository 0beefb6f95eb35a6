import { seededRandom } from "../../core/random.js";

/** How many levels of each side are compared. */
export const LEVELS = 5;

/** Slots a price of 1 takes: prices of the made day are tenths. */
const TICKS_PER_PRICE = 10;

/**
 * The best levels of a book at one moment: prices in ticks and amounts of the bids, then of the asks, the best first; null
 * where a side has fewer.
 */
export type BestLevels = readonly (number | null)[];

/** One side of a book: price and amount of level i. */
export interface LevelReader {
  readonly price: (i: number) => number | undefined;
  readonly amount: (i: number) => number | undefined;
}

/** The best levels of a book as it is now. */
export function bestLevels(bids: LevelReader, asks: LevelReader): BestLevels {
  return [bids, asks].flatMap(({ price, amount }) => [
    ...Array.from({ length: LEVELS }, (_, i) => ticksOf(price(i))),
    ...Array.from({ length: LEVELS }, (_, i) => given(amount(i))),
  ]);
}

/**
 * Seeded moments of a day: numbers of messages, rising, the last message among them.
 *
 * @param messages - how many the day has
 * @param most - how many moments besides the end; fewer where messages are
 */
export function moments(messages: number, most: number, seed: number): readonly number[] {
  const random = seededRandom(seed, "moments");
  const chosen = new Set([messages - 1]);
  for (let i = 0; i < most; i++) chosen.add(random.below(messages));
  return [...chosen].sort((a, b) => a - b);
}

/**
 * Whether two contestants had the same best levels at all moments, prices and amounts to the last bit.
 *
 * @returns undefined when they had, else the first difference
 */
export function levelDifference(
  found: readonly BestLevels[],
  expected: readonly BestLevels[],
  at: readonly number[],
): string | undefined {
  if (found.length !== at.length || expected.length !== at.length) {
    return `levels at ${found.length} and ${expected.length} of ${at.length} moments`;
  }
  for (let i = 0; i < at.length; i++) {
    for (let k = 0; k < 4 * LEVELS; k++) {
      const [one, other] = [found[i]![k], expected[i]![k]];
      if (one !== undefined && one === other) continue;
      return `after message ${at[i]}: ${nameOf(k)} was ${one}, expected ${other}`;
    }
  }
  return undefined;
}

function nameOf(k: number): string {
  const side = k < 2 * LEVELS ? "bid" : "ask";
  const value = k % (2 * LEVELS) < LEVELS ? "price in ticks" : "amount";
  return `${side} ${(k % LEVELS) + 1}'s ${value}`;
}

/** A price off the grid stays as it is, and so equals nobody's ticks. */
function ticksOf(price: number | undefined): number | null {
  const exact = given(price);
  if (exact === null) return null;
  const ticks = Math.round(exact * TICKS_PER_PRICE);
  return ticks / TICKS_PER_PRICE === exact ? ticks : exact;
}

function given(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
