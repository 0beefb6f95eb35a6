// Is the book that is known the book that the exchange quotes?
import { SECOND_US } from "../../core/time.js";
import { QuoteComparison } from "../../market/quote-comparison.js";
import type { Touch } from "../../market/touch.js";
import type { BookType } from "../measuring/book-state.js";
import { Mismatch } from "../measuring/mismatch.js";
import { StandingApart } from "../measuring/standing-apart.js";
import type { AuditSettings } from "../settings.js";

/** Irrational weights: other prices and amounts give other sums. */
const [ASK_PRICE, BID_AMOUNT, ASK_AMOUNT] = [Math.E, Math.SQRT2, Math.PI];

/**
 * Best prices of the rebuilt book against the exchange's quotes; those of snapshots, where there is none.
 *
 * @see FEATURES.md, "Book": prices equal in ≥ 99.9 % of states, prices and amounts in ≥ 94 %, within ±200 ms
 */
export class QuoteMismatch {
  readonly mismatch: Mismatch;
  private readonly comparison: QuoteComparison;
  private readonly apart: StandingApart;

  /** @param type - whose states are compared */
  constructor(type: BookType, settings: AuditSettings["quoteMismatch"]) {
    this.mismatch = new Mismatch(
      {
        check: "quote-mismatch",
        ...{ type, otherType: "quotes", other: "quotes" },
      },
      settings,
    );
    const window = { windowUs: settings.windowSeconds * SECOND_US, withStanding: true };
    this.comparison = new QuoteComparison(window, (localUs, agreement, sinceUs, untilUs) => {
      this.mismatch.add(localUs, agreement, sinceUs);
      if (agreement !== "all") this.mismatch.stand(untilUs - localUs);
    });
    this.apart = new StandingApart(settings.runSeconds * SECOND_US, (...stretch) =>
      this.mismatch.standApart(...stretch),
    );
  }

  /** Takes a state of the book, in arrival order with the quotes. */
  addState(localUs: number, touch: Touch): void {
    this.comparison.addState(localUs, touch);
    this.apart.addState(localUs, pricesOf(touch), allOf(touch));
  }

  /** Takes a quote. */
  addQuote(localUs: number, touch: Touch): void {
    this.comparison.addQuote(localUs, touch);
    this.apart.addOther(localUs, pricesOf(touch), allOf(touch));
  }

  /** Compares what is left. */
  finish(): void {
    this.comparison.finish();
  }
}

/** NaN where a side is empty. */
function pricesOf({ bidPrice, askPrice }: Touch): number {
  return bidPrice + ASK_PRICE * askPrice;
}

function allOf(touch: Touch): number {
  return pricesOf(touch) + BID_AMOUNT * touch.bidAmount + ASK_AMOUNT * touch.askAmount;
}
