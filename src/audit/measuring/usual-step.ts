/** Steps are counted by the bps; a longer one is no market's usual. */
const MOST_STEP_BPS = 10_000;

/** Steps before their greater ones are the market's own; of fewer, but not of one error's two, the least is. */
const USUAL_STEPS = 20;
const LEAST_STEPS = 4;

/** Steps so many times longer than the shortest quarter are may be errors', however many they are. */
const SHORT_SHARE = 0.25;
const USUAL_SHORTS = 20;

/** How long the steps are that a market takes from one price to another. */
export class UsualStep {
  /** The usual step by those counted until their number last doubled, bps; 0 while there are too few. */
  bps = 0;
  private readonly counts = new Float64Array(MOST_STEP_BPS + 1);
  private count = 0;
  private nextLook = LEAST_STEPS;

  /** Takes the length of a step, bps; NaN is none. */
  add(bps: number): void {
    if (!(bps <= MOST_STEP_BPS)) return;
    this.counts[Math.ceil(bps)]!++;
    if (++this.count < this.nextLook) return;
    this.nextLook = 2 * this.count;
    this.look();
  }

  /**
   * Measures by all steps so far. Nine in ten are no longer than the usual one. Where errors are common they make more than one
   * step in ten, and more than half where the market often stands still, but not all: the shortest are its own.
   */
  look(): void {
    if (this.count < LEAST_STEPS) return;
    const short = this.quantileBps(SHORT_SHARE * this.count);
    this.bps = Math.min(this.longBps(), USUAL_SHORTS * short);
  }

  /** The usual step where all that were counted are the market's own, bps. */
  longBps(): number {
    if (this.count < LEAST_STEPS) return 0;
    return this.quantileBps(this.count < USUAL_STEPS ? 1 : 0.9 * this.count);
  }

  /** So many steps are no longer. */
  private quantileBps(count: number): number {
    let left = count;
    let bps = 0;
    while (left > 0) left -= this.counts[bps++]!;
    return bps - 1;
  }
}
