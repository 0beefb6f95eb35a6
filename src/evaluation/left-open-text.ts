/**
 * What to say of positions that no book took at the end of a stretch of data; undefined where there are none.
 *
 * @param leftOpen - their value as a share of the capital
 */
export function leftOpenText(leftOpen: number): string | undefined {
  if (!(leftOpen > 0)) return undefined;
  const percent = leftOpen < 1e-4 ? "under 0.01" : (100 * leftOpen).toFixed(2);
  return `left open ${percent} % of the capital, which no book took`;
}
