import { HOUR_US } from "../../core/time.js";

/** Start of the hour that holds a time. */
export function hourOf(timeUs: number): number {
  return Math.floor(timeUs / HOUR_US) * HOUR_US;
}

/** Number of an hour within its day, by its start. */
export function hourOfDay(hourUs: number): number {
  return Math.floor(hourUs / HOUR_US) % 24;
}

/** Adds a stretch of time to the hours that it lies in: µs by start of the hour. */
export function addByHour(sums: Map<number, number>, startUs: number, endUs: number): void {
  for (let hour = hourOf(startUs); hour < endUs; hour += HOUR_US) {
    const inside = Math.min(endUs, hour + HOUR_US) - Math.max(startUs, hour);
    sums.set(hour, (sums.get(hour) ?? 0) + inside);
  }
}

/** Counts that are kept by hour. */
export class HourlyCount {
  /** By start of the hour, µs. */
  readonly counts: Map<number, number> = new Map();
  private hourUs = Number.NaN;
  private count = 0;

  /** Counts something at a time; times mostly grow. */
  add(timeUs: number, count = 1): void {
    if (!(timeUs >= this.hourUs && timeUs < this.hourUs + HOUR_US)) {
      this.flush();
      this.hourUs = hourOf(timeUs);
    }
    this.count += count;
  }

  /** What was counted in an hour. */
  of(hourUs: number): number {
    this.flush();
    return this.counts.get(hourUs) ?? 0;
  }

  /** Hours in which something was counted, with the counts. */
  entries(): ReadonlyMap<number, number> {
    this.flush();
    return this.counts;
  }

  private flush(): void {
    if (this.count > 0) {
      this.counts.set(this.hourUs, (this.counts.get(this.hourUs) ?? 0) + this.count);
    }
    this.count = 0;
  }
}
