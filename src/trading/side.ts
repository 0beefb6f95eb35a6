/**
 * The side that a probability is traded on.
 *
 * @param probability - of "up"
 * @param threshold - least distance from ½ that is traded, in [0, ½]; ½ itself never is
 * @returns 1 long, −1 short, 0 nothing: too close to ½, or NaN
 */
export function sideOf(probability: number, threshold = 0): 1 | 0 | -1 {
  const distance = probability - 0.5;
  if (!(Math.abs(distance) >= threshold) || distance === 0) return 0;
  return distance > 0 ? 1 : -1;
}
