import { MINUTE_US } from "../core/time.js";
import type { Bar } from "./bar.js";
import type { SharedParts } from "./shared-parts.js";

/** Something whose whole state is a list of numbers. */
export interface Stateful {
  save(): readonly number[];
  /** Takes over what `save` gave, to the same bits. */
  restore(state: ArrayLike<number>): void;
}

/** One feature over time: fed bar by bar, in order. */
export interface Accumulator {
  update(bar: Bar): void;
  /** Value at the end of the last bar; NaN where it is undefined. */
  value(): number;
  /** State as lists of numbers, one for the value and one for each part. */
  save(): readonly (readonly number[])[];
  restore(state: readonly ArrayLike<number>[]): void;
}

/** Groups of features as the catalogue lists them. */
type FeatureFamily =
  | "ohlcv"
  | "returns"
  | "trend"
  | "momentum"
  | "volatility"
  | "volume"
  | "calendar"
  | "regime"
  | "book imbalance"
  | "trade flow"
  | "vwap"
  | "spread"
  | "price impact";

/** What the catalogue says of a feature. */
export interface FeatureEntry {
  /** 1 to 53; bit number − 1 of the mask is set when the value is valid. */
  readonly number: number;
  readonly name: string;
  readonly family: FeatureFamily;
  /** In words and symbols, for people. */
  readonly formula: string;
  readonly unit: "price" | "amount" | "ratio" | "log ratio" | "bps" | "deviations" | "log";
  /** Events it is made from. Without a book, those that need one are NaN. */
  readonly inputs: readonly ("trades" | "book" | "clock")[];
  /** Levels of a side that it looks at where it needs a book; left out, the best alone. */
  readonly bookLevels?: 1 | 5 | 20;
  /** Bars its value looks back on, its own included; Infinity for a recursion. */
  readonly lookbackBars: number;
  /**
   * Bars of a stream before the first value: counted from its first trade for what is made of prices, from its first bar for
   * what counts trades or sums amounts; of volume buckets, which fill when they fill, the least.
   */
  readonly warmUpBars: number;
  /** `time`: the two numbers above are of one-minute bars, and stand for the same time where bars are longer or shorter. */
  readonly span?: "time";
  /** True when it begins anew at 00:00 UTC, and warms up again, on days that the stream has from their start. */
  readonly isDaily?: true;
  /** When it is NaN beside warm-up. */
  readonly nullRule: string;
  /** Bounds that no value leaves. */
  readonly range: readonly [number, number];
  /** Paper or definition it follows. */
  readonly source: string;
}

/** Bars of a length after a stream's first trade before which a feature is NaN. */
export function warmUpOf({ warmUpBars, span }: FeatureEntry, barUs: number): number {
  return span === "time" ? Math.ceil((warmUpBars * MINUTE_US) / barUs) : warmUpBars;
}

/** Bars of a length that a feature's value looks back on, its own included. */
export function lookbackOf({ lookbackBars, span }: FeatureEntry, barUs: number): number {
  return span === "time" ? Math.ceil((lookbackBars * MINUTE_US) / barUs) : lookbackBars;
}

/** A feature: its catalogue entry and how to begin one. */
export interface Feature extends FeatureEntry {
  /** @param shared - what the stream's features have in common */
  readonly create: (shared: SharedParts) => Accumulator;
}

/**
 * An accumulator from its parts and one step.
 *
 * @param parts - everything the step changes
 * @param step - takes a bar, moves the parts on, gives the value
 */
export function accumulator(parts: readonly Stateful[], step: (bar: Bar) => number): Accumulator {
  let last = Number.NaN;
  return {
    update: (bar) => {
      const value = step(bar);
      last = Number.isFinite(value) ? value : Number.NaN;
    },
    value: () => last,
    save: () => [[last], ...parts.map((part) => part.save())],
    restore: ([value, ...states]) => {
      last = value?.[0] ?? Number.NaN;
      parts.forEach((part, i) => {
        part.restore(states[i] ?? []);
      });
    },
  };
}

/** Unbounded range. */
export const ANY: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Range of what cannot be negative. */
export const NOT_NEGATIVE: readonly [number, number] = [0, Number.POSITIVE_INFINITY];
