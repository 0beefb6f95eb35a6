// How far the values of a full window lie from their mean. Rounding puts equal values a little beside their mean, which
// must not pass for a deviation: what is small against the mean is 0.

import { ROUNDING } from "./rounding.js";
import type { Window } from "./window.js";

/**
 * Standard deviation of a population: √(Σ(x − mean)²/n).
 *
 * @param window - full
 * @param mean - of its values
 */
export function standardDeviation(window: Window, mean: number): number {
  let squares = 0;
  for (let i = window.size - 1; i >= 0; i--) squares += (window.ago(i) - mean) ** 2;
  return withoutRounding(Math.sqrt(squares / window.size), mean);
}

/**
 * Mean deviation: Σ|x − mean|/n.
 *
 * @param window - full
 * @param mean - of its values
 */
export function meanDeviation(window: Window, mean: number): number {
  let sum = 0;
  for (let i = window.size - 1; i >= 0; i--) sum += Math.abs(window.ago(i) - mean);
  return withoutRounding(sum / window.size, mean);
}

function withoutRounding(deviation: number, mean: number): number {
  return deviation <= ROUNDING * Math.abs(mean) ? 0 : deviation;
}
