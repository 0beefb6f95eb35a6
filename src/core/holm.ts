/**
 * Holm's rule: which of several findings hold when all are judged together, so that luck alone brings any of them forth with a
 * chance of at most the level. It stands whatever the dependence between them.
 *
 * @param chances - n probabilities of as much by luck; NaN where it is not known
 * @param level - chance of any wrong finding, in (0, 1)
 * @returns for each whether it holds; what is not known holds never and makes the others no harder
 * @see Holm (1979), A Simple Sequentially Rejective Multiple Test Procedure
 */
export function holdTogether(chances: readonly number[], level: number): readonly boolean[] {
  const known = [...chances.keys()].filter((i) => !Number.isNaN(chances[i]!));
  const sorted = known.sort((a, b) => chances[a]! - chances[b]!);
  const first = sorted.findIndex((i, rank) => chances[i]! > level / (sorted.length - rank));
  const held = new Set(sorted.slice(0, first < 0 ? sorted.length : first));
  return chances.map((_, i) => held.has(i));
}
