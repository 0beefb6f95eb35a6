import { SECOND_US } from "../../core/time.js";

/** A candle as exchanges send it: start of the minute in seconds since the epoch, low, high, open, close, volume. */
export type CandleRow = readonly [
  time: number,
  low: number,
  high: number,
  open: number,
  close: number,
  volume: number,
];

/** Candles of one symbol in time order; all columns have the same length. */
export interface Candles {
  /** Start of the minute, µs since the epoch. */
  readonly barStartUs: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly open: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** Takes candles one by one and gives them back as columns: 48 bytes a candle, no row objects. */
export class CandleBuffer {
  #values: Float64Array = new Float64Array(6 * 256);
  #rows = 0;

  /** Candles taken so far. */
  get rows(): number {
    return this.#rows;
  }

  add(row: CandleRow): void {
    if (6 * this.#rows === this.#values.length) {
      const larger = new Float64Array(2 * this.#values.length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values.set(row, 6 * this.#rows++);
  }

  /** All candles, in the order they were added. */
  columns(): Candles {
    const column = (field: number, scale = 1): Float64Array =>
      Float64Array.from({ length: this.#rows }, (_, i) => scale * this.#values[6 * i + field]!);
    return {
      barStartUs: column(0, SECOND_US),
      low: column(1),
      high: column(2),
      open: column(3),
      close: column(4),
      volume: column(5),
    };
  }
}
