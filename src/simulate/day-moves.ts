import { SYMBOL_COUNT } from "./settings.js";

/** When the mids of all symbols move in a day, in order: a row a move, three magnitudes each, see `MinuteMoves`. */
export interface DayMoves {
  /** µs since 00:00. */
  readonly moveTimeUs: Float64Array;
  readonly moveMagnitude: Int16Array;
  readonly moveSign: Int8Array;
}

/** The moves of one day after the other, as they are made; room for them is kept from day to day. */
export class GrowingMoves {
  private count = 0;
  private timeUs = new Float64Array(1 << 17);
  private magnitude = new Int16Array(SYMBOL_COUNT << 17);
  private sign = new Int8Array(1 << 17);

  /** Adds a move; its magnitudes begin at a place of a column. */
  add(timeUs: number, sign: 1 | -1, magnitude: Int16Array, from: number): void {
    if (this.count === this.sign.length) this.grow();
    this.timeUs[this.count] = timeUs;
    this.sign[this.count] = sign;
    const at = SYMBOL_COUNT * this.count++;
    for (let s = 0; s < SYMBOL_COUNT; s++) this.magnitude[at + s] = magnitude[from + s]!;
  }

  /** The day's columns; the next day begins. */
  take(): DayMoves {
    const { count } = this;
    this.count = 0;
    return {
      moveTimeUs: this.timeUs.slice(0, count),
      moveMagnitude: this.magnitude.slice(0, SYMBOL_COUNT * count),
      moveSign: this.sign.slice(0, count),
    };
  }

  private grow(): void {
    const { timeUs, magnitude, sign } = this;
    this.timeUs = new Float64Array(2 * timeUs.length);
    this.magnitude = new Int16Array(2 * magnitude.length);
    this.sign = new Int8Array(2 * sign.length);
    this.timeUs.set(timeUs);
    this.magnitude.set(magnitude);
    this.sign.set(sign);
  }
}
