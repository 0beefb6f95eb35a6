import { readDerived } from "../store/derived.js";
import type { Store } from "../store/store.js";
import { FEATURES } from "./catalogue.js";
import type { FeatureEntry } from "./feature.js";
import { featuresFolder } from "./feature-partition.js";
import { missingCause, type RowSource } from "./missing-cause.js";

/** Stored values of one feature over some partitions. */
export interface FeatureCheck {
  readonly name: string;
  readonly rows: number;
  /** Smallest and largest value; null when there is none. */
  readonly least: number | null;
  readonly largest: number | null;
  /** Values outside the catalogue's range, or infinite. */
  readonly outside: number;
  /** Rows whose mask bit and value disagree. */
  readonly wrongBits: number;
  /** Share of rows without a value, by cause. */
  readonly missing: {
    readonly noDepth: number;
    readonly noBook: number;
    readonly noTrade: number;
    readonly warmUp: number;
  };
}

/**
 * Checks stored features: ranges, mask bits, and what is missing and why.
 *
 * @param partitions - days whose features are stored
 * @param barUs - length of a bar, µs
 * @throws {DataError} a partition is missing or damaged
 */
export async function checkFeatures(
  store: Store,
  partitions: readonly {
    readonly exchange: string;
    readonly symbol: string;
    readonly date: string;
  }[],
  barUs: number,
): Promise<readonly FeatureCheck[]> {
  const tallies = FEATURES.map(newTally);
  for (const day of partitions) {
    const { columns } = await readDerived(store, featuresFolder(day, barUs));
    const valid = columns["valid"] as BigUint64Array;
    const sources = columns["source"] as readonly RowSource[];
    for (const tally of tallies) {
      count(tally, columns[tally.entry.name] as Float64Array, { valid, sources });
    }
  }
  return tallies.map(summary);
}

interface Tally {
  readonly entry: FeatureEntry;
  rows: number;
  values: number;
  least: number;
  largest: number;
  outside: number;
  wrongBits: number;
  noDepth: number;
  noBook: number;
  noTrade: number;
}

/** What a table says of its rows beside their values. */
interface RowFacts {
  readonly valid: BigUint64Array;
  readonly sources: readonly RowSource[];
}

function newTally(entry: FeatureEntry): Tally {
  const none = { rows: 0, values: 0, outside: 0, wrongBits: 0, noDepth: 0, noBook: 0, noTrade: 0 };
  return {
    entry,
    ...none,
    least: Number.POSITIVE_INFINITY,
    largest: Number.NEGATIVE_INFINITY,
  };
}

function count(tally: Tally, values: Float64Array, { valid, sources }: RowFacts): void {
  const { number, range } = tally.entry;
  tally.rows += values.length;
  values.forEach((value, row) => {
    const mask = valid[row]!;
    const isValid = ((mask >> BigInt(number - 1)) & 1n) === 1n;
    if (isValid === Number.isNaN(value)) tally.wrongBits++;
    if (!Number.isNaN(value)) {
      tally.values++;
      tally.least = Math.min(tally.least, value);
      tally.largest = Math.max(tally.largest, value);
      if (value < range[0] || value > range[1] || !Number.isFinite(value)) tally.outside++;
      return;
    }
    const cause = missingCause(tally.entry, mask, sources[row]!);
    if (cause === "no depth") tally.noDepth++;
    else if (cause === "no book") tally.noBook++;
    else if (cause === "no trade") tally.noTrade++;
  });
}

function summary(tally: Tally): FeatureCheck {
  const { entry, rows, values, outside, wrongBits, noDepth, noBook, noTrade } = tally;
  const share = (missing: number): number => (rows === 0 ? 0 : missing / rows);
  return {
    name: entry.name,
    rows,
    least: values === 0 ? null : tally.least,
    largest: values === 0 ? null : tally.largest,
    outside,
    wrongBits,
    missing: {
      noDepth: share(noDepth),
      noBook: share(noBook),
      noTrade: share(noTrade),
      warmUp: share(rows - values - noDepth - noBook - noTrade),
    },
  };
}
