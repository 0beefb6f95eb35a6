import type { DayBarsJob, LoneDayBars } from "./day-bars.js";
import type { DayBarsPool } from "./day-bars-pool.js";

/** Days that wait to be taken beyond those at work, so that no thread waits for whoever takes them. */
const WAITING = 2;

/** Bars of days in a known order, made ahead of whoever takes them, but only a few days ahead. */
export class DaysAhead {
  private readonly pool: DayBarsPool;
  private readonly jobs: readonly DayBarsJob[];
  private readonly made = new Map<DayBarsJob, Promise<LoneDayBars>>();
  private next = 0;

  /** @param jobs - in the order in which they will be taken; some may be passed over */
  constructor(pool: DayBarsPool, jobs: readonly DayBarsJob[]) {
    this.pool = pool;
    this.jobs = jobs;
  }

  /**
   * A day's bars; days behind it are begun.
   *
   * @param job - one of those given, behind the last one taken; another is made when its turn comes
   * @throws {DataError} a partition is damaged
   */
  async take(job: DayBarsJob): Promise<LoneDayBars> {
    const at = this.jobs.indexOf(job);
    // What was passed over will not be asked for.
    for (const one of this.jobs.slice(0, Math.max(at, 0))) this.made.delete(one);
    this.next = Math.max(this.next, at);
    while (this.next < this.jobs.length && this.next <= at + this.pool.jobs + WAITING) {
      this.begin(this.jobs[this.next++]!);
      // In the caller's thread a day that is made ahead would only be in the way.
      if (this.pool.jobs === 1) break;
    }
    const bars = this.made.get(job) ?? this.pool.run(job);
    this.made.delete(job);
    return bars;
  }

  private begin(job: DayBarsJob): void {
    const bars = this.pool.run(job);
    // A failure waits until it is asked for, which it need not be.
    bars.catch(() => {});
    this.made.set(job, bars);
  }
}
