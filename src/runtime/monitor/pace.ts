/** How fast something counts up, over the last seconds of the machine's clock. */
export class Pace {
  private readonly windowMs: number;
  private readonly marks: { readonly atMs: number; readonly count: number }[] = [];

  constructor(windowMs = 10_000) {
    this.windowMs = windowMs;
  }

  /**
   * Takes a reading of the counter; those within a quarter of a second count as one.
   *
   * @returns counts a second; NaN until there are two readings
   */
  perSecond(atMs: number, count: number): number {
    const newest = this.marks.at(-1);
    if (newest === undefined || atMs - newest.atMs >= 250) this.marks.push({ atMs, count });
    while (this.marks.length > 2 && atMs - this.marks[1]!.atMs >= this.windowMs) this.marks.shift();
    const oldest = this.marks[0]!;
    return atMs > oldest.atMs ? (1000 * (count - oldest.count)) / (atMs - oldest.atMs) : Number.NaN;
  }
}
