/** Intervals are counted in classes 1 to 2 % wide, 64 to a power of two: the upper bits of their doubles. */
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
const CLASSES_BITS = 14;
const FIRST_CLASS = 1023 << (20 - CLASSES_BITS);
const CLASSES = 38 << (20 - CLASSES_BITS);

/** Class of an interval of a microsecond to a day and more. */
function classOf(intervalUs: number): number {
  double[0] = intervalUs;
  return Math.min(CLASSES - 1, (halves[1]! >>> CLASSES_BITS) - FIRST_CLASS);
}

/** Middle of a class, µs. */
function middleOf(place: number): number {
  halves[0] = 0;
  halves[1] = ((place + FIRST_CLASS) << CLASSES_BITS) | (1 << (CLASSES_BITS - 1));
  return double[0]!;
}

/** How long the intervals of a stream are: a histogram, of the same size for any number of them. */
export class Intervals {
  private readonly counts = new Float64Array(CLASSES);

  /** Takes an interval of a microsecond or more. */
  add(intervalUs: number): void {
    this.counts[classOf(intervalUs)]!++;
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
    return this.reached(share, Number.POSITIVE_INFINITY, middleOf);
  }

  /** The class at which a share of the weights of all up to an interval is reached. */
  private reached(share: number, mostUs: number, weightOf: (place: number) => number): number {
    const end = mostUs < 1 ? 0 : classOf(mostUs) + 1;
    let total = 0;
    for (let i = 0; i < end; i++) total += this.counts[i]! * weightOf(i);
    let below = 0;
    for (let i = 0; i < end; i++) {
      below += this.counts[i]! * weightOf(i);
      if (total > 0 && below >= share * total) return middleOf(i);
    }
    return Number.NaN;
  }
}
