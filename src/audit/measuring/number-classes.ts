// Numbers above zero by size, in classes that a histogram counts: the upper bits of their doubles.
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/** Lower bits of the upper half that are dropped: classes are 1 to 2 % wide, 64 to a power of two. */
const DROPPED_BITS = 14;

/** Classes in all. */
export const NUMBER_CLASSES: number = 1 << (31 - DROPPED_BITS);

/** Class of a number above zero; larger numbers have none before it. */
export function classOf(value: number): number {
  double[0] = value;
  return halves[1]! >>> DROPPED_BITS;
}

/** The least number of a class. */
export function leastOf(place: number): number {
  halves[0] = 0;
  halves[1] = place << DROPPED_BITS;
  return double[0]!;
}

/** The middle of a class. */
export function middleOf(place: number): number {
  halves[0] = 0;
  halves[1] = (place << DROPPED_BITS) | (1 << (DROPPED_BITS - 1));
  return double[0]!;
}
