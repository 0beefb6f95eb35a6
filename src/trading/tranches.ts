/**
 * Position from probabilities: every bar stakes one tranche of 1/horizon on the more probable side and holds it for the
 * horizon that the probability is about, so that bet and label are the same thing. A probability of ½ stakes nothing.
 *
 * @see Jegadeesh & Titman (1993), Returns to Buying Winners and Selling Losers: overlapping portfolios
 */
export class Tranches {
  private readonly sides: Int8Array;
  private next = 0;
  private sum = 0;

  /** @param horizonBars - bars that a tranche is held */
  constructor(horizonBars: number) {
    this.sides = new Int8Array(horizonBars);
  }

  /**
   * Stakes the bar's tranche in place of the one whose time is up.
   *
   * @param probability - of "up"; NaN stakes nothing
   * @returns the target position as a share of the capital, in [−1, 1]
   */
  update(probability: number): number {
    const side = probability > 0.5 ? 1 : probability < 0.5 ? -1 : 0;
    this.sum += side - this.sides[this.next]!;
    this.sides[this.next] = side;
    this.next = (this.next + 1) % this.sides.length;
    return this.sum / this.sides.length;
  }
}
