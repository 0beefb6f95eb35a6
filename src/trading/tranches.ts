import { numbersToText, textToNumbers } from "../core/exact-numbers.js";

/** Bars, and for how many of them a tranche is held. */
export interface TrancheSettings {
  readonly horizonBars: number;
  readonly barUs: number;
}

/**
 * Position from decisions: every bar stakes one tranche, an amount that is held unchanged for the horizon that the
 * probability is about and then given back, or earlier where what it is about ends earlier, so that bet and label are the
 * same thing. Bars without a decision stake nothing, and what became due in them is given back late, at the next decision.
 *
 * @see Jegadeesh & Titman (1993), Returns to Buying Winners and Selling Losers: overlapping portfolios
 */
export class Tranches {
  private readonly barUs: number;
  /** Amount staked at a bar, by the bar's number modulo the horizon. */
  private readonly lots: Float64Array;
  /** End of the bar from which on each of them is given back. */
  private readonly dueUs: Float64Array;
  private gaveBackLate = 0;

  constructor({ horizonBars, barUs }: TrancheSettings) {
    this.barUs = barUs;
    this.lots = new Float64Array(horizonBars);
    this.dueUs = new Float64Array(horizonBars);
  }

  /**
   * Stakes a bar's tranche and gives back those whose time is up.
   *
   * @param barEndUs - later than at the call before
   * @param amount - signed; 0 stakes nothing
   * @param dueUs - the tranche is given back at the first call for a bar that ends at or after this, if that comes before its
   *   horizon
   * @returns the sum of the tranches that are held from now on
   */
  update(barEndUs: number, amount: number, dueUs: number = Number.POSITIVE_INFINITY): number {
    const { lots } = this;
    this.gaveBackLate = 0;
    for (let i = 0; i < lots.length; i++) {
      if (this.dueUs[i]! > barEndUs) continue;
      if (lots[i] !== 0 && this.dueUs[i]! < barEndUs) this.gaveBackLate++;
      lots[i] = 0;
    }
    // One horizon apart, bars share a place; what was staked there before is due by now.
    const place = Math.round(barEndUs / this.barUs) % lots.length;
    const horizonEndUs = barEndUs + lots.length * this.barUs;
    this.dueUs[place] = Math.min(dueUs, horizonEndUs);
    lots[place] = this.dueUs[place]! > barEndUs ? amount : 0;
    // Summed anew: a running sum would leave a rest of rounding where nothing is held.
    let sum = 0;
    for (let i = 0; i < lots.length; i++) sum += lots[i]!;
    return sum;
  }

  /** Gives all tranches back. */
  clear(): void {
    this.lots.fill(0);
  }

  /** Tranches that the last update gave back after their time, since no bar was decided on when it came. */
  get late(): number {
    return this.gaveBackLate;
  }

  /** What is held, as text that gives back the same bits. */
  save(): string {
    return numbersToText([...this.lots, ...this.dueUs]);
  }

  /**
   * Takes over what was saved with the same settings.
   *
   * @throws {DataError} it is no saved state
   */
  restore(state: string): void {
    const numbers = textToNumbers(state);
    this.lots.set(numbers.slice(0, this.lots.length));
    this.dueUs.set(numbers.slice(this.lots.length));
  }
}
