/** A stretch of time that a lot was held. */
export interface HeldTime {
  readonly openedUs: number;
  readonly closedUs: number;
}

/**
 * How many independent bets some lots are worth: Σ over lots of the mean, over the time that one is held, of one over the lots
 * that are held then. Lots of all symbols count together, because coins move together: two that are held over the same time are
 * one bet, and fifteen that begin a minute apart and last fifteen are little more than two.
 *
 * @returns from 0 to the number of lots; one that was closed as it was opened counts by the lots of that time
 * @see López de Prado (2018), Advances in Financial Machine Learning, chapter 4 (average uniqueness of labels)
 */
export function effectiveTrades(lots: readonly HeldTime[]): number {
  const times = [...new Set(lots.flatMap(({ openedUs, closedUs }) => [openedUs, closedUs]))].sort(
    (a, b) => a - b,
  );
  const place = new Map(times.map((time, i) => [time, i]));
  const change = new Float64Array(times.length);
  const atOnce = new Float64Array(times.length);
  for (const { openedUs, closedUs } of lots) {
    const [from, to] = [place.get(openedUs)!, place.get(closedUs)!];
    change[from]!++;
    change[to]!--;
    if (from === to) atOnce[from]!++;
  }
  // shared[i] = ∫ 1 / lots held, from the first time to the i-th.
  const shared = new Float64Array(times.length);
  const held = new Float64Array(times.length);
  let open = 0;
  for (let i = 0; i < times.length; i++) {
    if (i > 0) shared[i] = shared[i - 1]! + (open === 0 ? 0 : (times[i]! - times[i - 1]!) / open);
    open += change[i]!;
    held[i] = open;
  }
  return lots.reduce((sum, { openedUs, closedUs }) => {
    const [from, to] = [place.get(openedUs)!, place.get(closedUs)!];
    if (from === to) return sum + 1 / (held[from]! + atOnce[from]!);
    return sum + (shared[to]! - shared[from]!) / (closedUs - openedUs);
  }, 0);
}
