/** Probabilities are kept this far from 0 and 1, as scikit-learn does with doubles. */
const EPSILON = 2 ** -52;

/**
 * What one row adds to the log-loss: negative log-likelihood in nats; a tie counts half to each side.
 *
 * @param probability - of "up", in [0, 1]
 * @param outcome - in [0, 1]
 * @returns from 0 to 52 · ln 2
 */
export function rowLogLoss(probability: number, outcome: number): number {
  const p = Math.min(Math.max(probability, EPSILON), 1 - EPSILON);
  const up = outcome === 0 ? 0 : outcome * Math.log(p);
  const down = outcome === 1 ? 0 : (1 - outcome) * Math.log(1 - p);
  return -(up + down);
}
