// When was the best bid above the best ask?
import type { BookType, StateCheck } from "../measuring/book-state.js";
import { bookStateTime } from "../measuring/book-state-time.js";
import type { AuditSettings } from "../settings.js";

/** Time with the best bid above the best ask: levels are stale, or changes were lost. Fatal where it is most of the time. */
export function crossedBook(
  type: BookType,
  { fatalShare, ...limits }: AuditSettings["crossedBook"],
): StateCheck {
  const isIn = ({ bidPrice, askPrice }: { bidPrice: number; askPrice: number }): boolean =>
    bidPrice > askPrice;
  return bookStateTime("crossed-book", type, { what: "crossed", isIn, limits, fatalShare });
}
