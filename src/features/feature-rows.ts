// Second tier: bars in order become rows of features. All recursion over bars happens here.
import { numbersToText, textToNumbers } from "../core/exact-numbers.js";
import type { BookSource } from "../market/book-source.js";
import type { OpenBar } from "./bar.js";
import { createWithin } from "./book-levels.js";
import { FEATURES, NO_BOOK_BIT, NO_TRADE_BIT } from "./catalogue.js";
import type { Accumulator } from "./feature.js";
import { SharedParts } from "./shared-parts.js";

/** The features of one bar. */
export interface FeatureRow {
  /** t: the row is what was known then, and not a moment later. */
  readonly barEndUs: number;
  /** Mid of the book in force at t; NaN when there is no valid book. */
  readonly mid: number;
  /** Values in the order of `FEATURES`. */
  readonly values: Float64Array;
  /** Bit i − 1: feature number i is valid; bit 53: no trade in the bar; bit 54: no valid book at t. */
  readonly valid: bigint;
}

/** State after a bar, as plain JSON. */
export interface FeatureRowsState {
  readonly lastClose: string;
  readonly shared: Readonly<Record<string, string>>;
  /** By feature name: the value and the parts of its accumulator. */
  readonly features: Readonly<Record<string, readonly string[]>>;
}

/** All accumulators of the catalogue, fed bar by bar without a gap. */
export class FeatureRows {
  private readonly shared = new SharedParts();
  private readonly accumulators: readonly Accumulator[];
  private lastClose = Number.NaN;

  /** @param bookSource - kind of data the book comes from; features that look deeper than it shows are NaN */
  constructor(bookSource: BookSource) {
    this.accumulators = FEATURES.map((feature) => createWithin(feature, bookSource, this.shared));
  }

  /** Takes the next bar, which gets the last close as its prices when nothing was traded in it. */
  next(bar: OpenBar): FeatureRow {
    if (bar.tradeCount === 0) bar.open = bar.high = bar.low = bar.close = this.lastClose;
    this.lastClose = bar.close;
    this.shared.update(bar);
    const values = new Float64Array(FEATURES.length);
    // Two halves of 32 bits: a bigint for each feature would cost more than most features do.
    let low = 0;
    let high = 0;
    for (let i = 0; i < values.length; i++) {
      const accumulator = this.accumulators[i]!;
      accumulator.update(bar);
      const value = accumulator.value();
      values[i] = value;
      if (Number.isNaN(value)) continue;
      const bit = FEATURES[i]!.number - 1;
      if (bit < 32) low |= 1 << bit;
      else high |= 1 << (bit - 32);
    }
    if (bar.tradeCount === 0) high |= 1 << (NO_TRADE_BIT - 32);
    if (Number.isNaN(bar.mid)) high |= 1 << (NO_BOOK_BIT - 32);
    const valid = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    return { barEndUs: bar.endUs, mid: bar.mid, values, valid };
  }

  save(): FeatureRowsState {
    return {
      lastClose: numbersToText([this.lastClose]),
      shared: mapValues(this.shared.save(), numbersToText),
      features: Object.fromEntries(
        FEATURES.map(({ name }, i) => [name, this.accumulators[i]!.save().map(numbersToText)]),
      ),
    };
  }

  restore(state: FeatureRowsState): void {
    this.lastClose = textToNumbers(state.lastClose)[0]!;
    this.shared.restore(mapValues(state.shared, textToNumbers));
    FEATURES.forEach(({ name }, i) => {
      this.accumulators[i]!.restore(state.features[name]!.map(textToNumbers));
    });
  }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
