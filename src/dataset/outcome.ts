/** Outcome of a return: up 1, down 0, an exact tie ½; NaN for NaN. */
export function outcomeOf(change: number): number {
  return (Math.sign(change) + 1) / 2;
}
