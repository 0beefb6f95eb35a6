import type { LatencyView } from "./monitor-state.js";

const BUCKETS_PER_DECADE = 20;
const DECADES = 8;

/**
 * Durations counted in buckets of equal width on a log scale, from 1 µs to 100 s: as much memory after a year as after a
 * minute. A quantile is the upper end of its bucket, so at most 12.3 % too high and never too low.
 */
export class LatencyBuckets {
  private readonly buckets = new Float64Array(BUCKETS_PER_DECADE * DECADES + 1);
  private total = 0;
  private longestUs = 0;

  /** Counts one; a duration that is no number, or below 0, is none. */
  add(durationUs: number): void {
    if (!(durationUs >= 0)) return;
    const place = Math.ceil(BUCKETS_PER_DECADE * Math.log10(Math.max(durationUs, 1)));
    const last = this.buckets.length - 1;
    this.buckets[Math.min(place, last)]! += 1;
    this.total += 1;
    if (durationUs > this.longestUs) this.longestUs = durationUs;
  }

  /** What has been counted so far. */
  view(): LatencyView {
    const filled = Array.from(this.buckets.keys()).filter((i) => this.buckets[i]! > 0);
    return {
      count: this.total,
      p50Us: this.quantile(0.5),
      p99Us: this.quantile(0.99),
      maxUs: this.total === 0 ? Number.NaN : this.longestUs,
      upToUs: filled.map(upperEnd),
      counts: filled.map((i) => this.buckets[i]!),
    };
  }

  private quantile(level: number): number {
    if (this.total === 0) return Number.NaN;
    let below = 0;
    for (let i = 0; i < this.buckets.length; i++) {
      below += this.buckets[i]!;
      // Never above what was really seen.
      if (below >= level * this.total) return Math.min(upperEnd(i), this.longestUs);
    }
    return this.longestUs;
  }
}

function upperEnd(bucket: number): number {
  return Number((10 ** (bucket / BUCKETS_PER_DECADE)).toPrecision(4));
}
