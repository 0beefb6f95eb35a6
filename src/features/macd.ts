import type { Stateful } from "./feature.js";
import { SeededAverage } from "./seeded-average.js";

const FAST = 12;

/** Periods of the slow average and of the signal, the two that stand in a row. */
export const MACD_SLOW = 26;
export const MACD_SIGNAL = 9;

/**
 * Moving average convergence and divergence: EMA12 − EMA26, and its EMA9.
 *
 * @see TA-Lib, ta_MACD.c: the fast average is seeded with the last 12 of the slow one's first 26 values, so that both
 * begin with the same one
 */
export class Macd implements Stateful {
  private readonly fast = ema(FAST);
  private readonly slow = ema(MACD_SLOW);
  private readonly ofLine = ema(MACD_SIGNAL);
  /** EMA12 − EMA26; NaN for the first 25 values. */
  line: number = Number.NaN;
  /** EMA9 of the line; NaN for the first 33 values. */
  signal: number = Number.NaN;

  /** Number of values so far. */
  get size(): number {
    return this.slow.size;
  }

  /** Takes a new value. */
  next(value: number): void {
    const slow = this.slow.next(value);
    const fast = this.size > MACD_SLOW - FAST ? this.fast.next(value) : Number.NaN;
    this.line = fast - slow;
    if (this.size >= MACD_SLOW) this.signal = this.ofLine.next(this.line);
  }

  save(): readonly number[] {
    const averages = [this.fast, this.slow, this.ofLine];
    return [this.line, this.signal, ...averages.flatMap((average) => average.save())];
  }

  restore(state: ArrayLike<number>): void {
    const [line, signal, ...averages] = Array.from(state);
    this.line = line!;
    this.signal = signal!;
    this.fast.restore(averages.slice(0, 3));
    this.slow.restore(averages.slice(3, 6));
    this.ofLine.restore(averages.slice(6));
  }
}

function ema(n: number): SeededAverage {
  return new SeededAverage(n, 2 / (n + 1));
}
