// What is said of positions that were closed late, or not at all?
import { counted } from "../core/counted.js";

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

/** What to say of stakes that were closed late; undefined where there are none. */
export function lateStakesText(stakes: number): string | undefined {
  if (!(stakes > 0)) return undefined;
  return `${counted(stakes, "stake")} closed after an outage, later than due`;
}
