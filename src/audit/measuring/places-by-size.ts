import { hourOf } from "./hours.js";

/** Sizes of a class are within 2 % of each other. */
const CLASS_WIDTH = Math.log(1.02);

/** Places of a class whose times are kept. */
const KEPT = 100;

/** What is known of some sizes together. */
export interface SizedPlaces {
  readonly count: number;
  readonly largest: number;
  /** Times of the first hundred, in order, µs. */
  readonly timesUs: readonly number[];
  /** How many there are in an hour and the largest of them, by start of the hour in µs. */
  readonly hours: ReadonlyMap<number, { readonly count: number; readonly largest: number }>;
}

/** A class of sizes: the lower end's logarithm, and how many lie in it. */
export interface SizeClass {
  readonly log: number;
  readonly count: number;
}

interface Kept {
  count: number;
  readonly timesUs: number[];
  readonly hours: Map<number, HourOfClass>;
  hour: HourOfClass;
}

interface HourOfClass {
  readonly hourUs: number;
  count: number;
  largest: number;
}

/** Counts sizes by class and hour, so that the limit of those that matter can be set after the last. */
export class PlacesBySize {
  private readonly classes = new Map<number, Kept>();

  /**
   * Takes a size above zero at a time; times grow.
   *
   * @param told - what the largest is told by, where that is not the size
   */
  add(localUs: number, size: number, told: number = size): void {
    const place = Math.floor(Math.log(size) / CLASS_WIDTH);
    const kept = this.classes.get(place) ?? this.begin(place, localUs);
    kept.count++;
    if (kept.timesUs.length < KEPT) kept.timesUs.push(localUs);
    if (!(localUs < kept.hour.hourUs + 3_600e6)) kept.hour = beginHour(kept.hours, localUs);
    kept.hour.count++;
    if (told > kept.hour.largest) kept.hour.largest = told;
  }

  /** Classes in which there are sizes, the smallest first. */
  sizes(): readonly SizeClass[] {
    const places = [...this.classes].sort(([a], [b]) => a - b);
    return places.map(([place, { count }]) => ({ log: place * CLASS_WIDTH, count }));
  }

  /** What lies in the classes from one on, told by the logarithm of its lower end. */
  from(log: number): SizedPlaces {
    const found = [...this.classes].filter(([place]) => place * CLASS_WIDTH >= log);
    const hours = new Map<number, { count: number; largest: number }>();
    for (const [, kept] of found) {
      for (const [hourUs, { count, largest }] of kept.hours) {
        const sum = hours.get(hourUs) ?? { count: 0, largest: 0 };
        hours.set(hourUs, {
          count: sum.count + count,
          largest: Math.max(sum.largest, largest),
        });
      }
    }
    const timesUs = found.flatMap(([, kept]) => kept.timesUs).sort((a, b) => a - b);
    return {
      count: found.reduce((sum, [, kept]) => sum + kept.count, 0),
      largest: Math.max(0, ...[...hours.values()].map(({ largest }) => largest)),
      timesUs: timesUs.slice(0, KEPT),
      hours,
    };
  }

  private begin(place: number, localUs: number): Kept {
    const hours = new Map<number, HourOfClass>();
    const kept = { count: 0, timesUs: [], hours, hour: beginHour(hours, localUs) };
    this.classes.set(place, kept);
    return kept;
  }
}

function beginHour(hours: Map<number, HourOfClass>, localUs: number): HourOfClass {
  const hour = { hourUs: hourOf(localUs), count: 0, largest: 0 };
  hours.set(hour.hourUs, hour);
  return hour;
}
