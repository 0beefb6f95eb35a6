import { classOf, middleOf } from "./number-classes.js";

/** Classes of intervals of a microsecond to a day and more. */
const FIRST_CLASS = classOf(1);
const CLASSES = classOf(2 ** 38) - FIRST_CLASS;

function placeOf(intervalUs: number): number {
  return Math.min(CLASSES - 1, classOf(intervalUs) - FIRST_CLASS);
}

/** Middle of a place's class, µs. */
function intervalAt(place: number): number {
  return middleOf(place + FIRST_CLASS);
}

/** How long the intervals of a stream are: a histogram, of the same size for any number of them. */
export class Intervals {
  private readonly counts = new Float64Array(CLASSES);

  /** Takes an interval of a microsecond or more. */
  add(intervalUs: number): void {
    this.counts[placeOf(intervalUs)]!++;
  }

  /**
   * The interval that a share of them does not exceed, µs, to 2 %; NaN where there is none.
   *
   * @param mostUs - longer ones are left out
   */
  quantileUs(share: number, mostUs: number = Number.POSITIVE_INFINITY): number {
    return this.reached(share, mostUs, () => 1);
  }

  /** Intervals up to this long make up a share of the time, µs, to 2 %; NaN where there is none. */
  timeQuantileUs(share: number): number {
    return this.reached(share, Number.POSITIVE_INFINITY, intervalAt);
  }

  /** The class at which a share of the weights of all up to an interval is reached. */
  private reached(share: number, mostUs: number, weightOf: (place: number) => number): number {
    const end = mostUs < 1 ? 0 : placeOf(mostUs) + 1;
    let total = 0;
    for (let i = 0; i < end; i++) total += this.counts[i]! * weightOf(i);
    let below = 0;
    for (let i = 0; i < end; i++) {
      below += this.counts[i]! * weightOf(i);
      if (total > 0 && below >= share * total) return intervalAt(i);
    }
    return Number.NaN;
  }
}
