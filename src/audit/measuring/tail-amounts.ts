/** Amounts are counted in classes 2 % wide around 1. */
const CLASS_WIDTH = Math.log(1.02);
const CLASSES = 8_192;

/** The largest that are kept with their times. */
const KEPT = 64;

/** Counts amounts by their size and keeps the largest. */
export class TailAmounts {
  private readonly counts = new Float64Array(CLASSES);
  private total = 0;
  private largest: (readonly [number, number])[] = [];
  private least = 0;

  /** Takes an amount; one that is not above zero is left out. */
  add(localUs: number, amount: number): void {
    if (!(amount > 0)) return;
    const place = Math.floor(Math.log(amount) / CLASS_WIDTH) + CLASSES / 2;
    this.counts[Math.max(0, Math.min(CLASSES - 1, place))]!++;
    this.total++;
    if (amount <= this.least) return;
    this.largest.push([localUs, amount]);
    if (this.largest.length < 2 * KEPT) return;
    this.largest = this.largest.sort((a, b) => b[1] - a[1]).slice(0, KEPT);
    this.least = this.largest.at(-1)![1];
  }

  /**
   * Amounts, at most 64 of them, so many times the one that one in a thousand exceeds, or the largest but one where there
   * are fewer than a thousand.
   *
   * @param times - how many times
   */
  beyond(times: number): {
    readonly timesUs: readonly number[];
    readonly largest: number;
    readonly tail: number;
  } {
    const allowed = Math.max(1, this.total / 1000);
    let above = 0;
    let place = CLASSES - 1;
    for (; place > 0; place--) {
      above += this.counts[place]!;
      if (above > allowed) break;
    }
    const tail = Number(Math.exp((place + 1 - CLASSES / 2) * CLASS_WIDTH).toPrecision(3));
    const found = this.largest
      .filter(([, amount]) => amount > times * tail)
      .sort((a, b) => a[0] - b[0])
      .slice(0, KEPT);
    const largest = Math.max(0, ...found.map(([, amount]) => amount));
    return { timesUs: found.map(([localUs]) => localUs), largest, tail };
  }
}
