import type { SlidingRows } from "./sliding-rows.js";

/** How two tellings of a market agree; "none": there is nothing to compare with. */
export type Agreement = "none" | "unequal" | "prices" | "all";

/** Which rows something is compared with. */
export interface ComparedWindow {
  /** Rows at most this much earlier or later count, µs. */
  readonly windowUs: number;
  /** The row in force when the window begins counts too, as it must where rows are rare: what was last told still holds. */
  readonly withStanding: boolean;
}

/**
 * The best agreement with any row of a window. The nearest rows are the likeliest to agree, and in a burst the others are
 * many: so they are looked at outwards from the time.
 *
 * @param rows - in order of time
 * @param compare - how a row agrees, never "none"
 */
export function bestAgreement(
  rows: SlidingRows,
  timeUs: number,
  {
    windowUs,
    withStanding,
    compare,
  }: ComparedWindow & { readonly compare: (row: number) => Agreement },
): Agreement {
  const startUs = timeUs - windowUs;
  const middle = rows.lastUntil(timeUs);
  let earlier = middle;
  let later = middle + 1;
  let best: Agreement = "none";
  for (;;) {
    const isBefore = earlier >= rows.first && rows.timeUs(earlier) < startUs;
    const isEarlier = earlier >= rows.first && (withStanding || !isBefore);
    const isLater = later < rows.end && rows.timeUs(later) <= timeUs + windowUs;
    if (!(isEarlier || isLater)) return best;
    const one = isEarlier ? compare(earlier) : "none";
    const other = isLater && one !== "all" ? compare(later) : "none";
    if (one === "all" || other === "all") return "all";
    if (one === "prices" || other === "prices") best = "prices";
    else if (best === "none") best = "unequal";
    // Of those before the window only the last is in force.
    earlier = isBefore ? rows.first - 1 : earlier - 1;
    if (isLater) later++;
  }
}
