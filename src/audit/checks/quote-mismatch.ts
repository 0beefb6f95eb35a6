// Is the book that is known the book that the exchange quotes?
import { SECOND_US } from "../../core/time.js";
import { QuoteComparison } from "../../market/quote-comparison.js";
import type { BookType } from "../measuring/book-state.js";
import { Mismatch } from "../measuring/mismatch.js";
import type { AuditSettings } from "../settings.js";

/**
 * Best prices of the rebuilt book against the exchange's quotes; those of snapshots, where there is none.
 *
 * @param type - whose states are compared
 * @see FEATURES.md, "Book": prices equal in ≥ 99.9 % of states, prices and amounts in ≥ 94 %, within ±200 ms
 */
export function quoteMismatch(
  type: BookType,
  settings: AuditSettings["quoteMismatch"],
): {
  readonly comparison: QuoteComparison;
  readonly mismatch: Mismatch;
} {
  const mismatch = new Mismatch(
    {
      check: "quote-mismatch",
      ...{ type, otherType: "quotes", other: "quotes" },
    },
    settings,
  );
  const window = { windowUs: settings.windowSeconds * SECOND_US, withStanding: true };
  const comparison = new QuoteComparison(window, (localUs, agreement, sinceUs, untilUs) => {
    mismatch.add(localUs, agreement, sinceUs);
    if (agreement !== "all") mismatch.stand(untilUs - localUs);
  });
  return { comparison, mismatch };
}
