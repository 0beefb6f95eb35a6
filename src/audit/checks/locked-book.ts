// When was the best bid equal to the best ask?
import type { BookType, StateCheck } from "../measuring/book-state.js";
import { bookStateTime } from "../measuring/book-state-time.js";
import type { AuditSettings } from "../settings.js";

/** Time with the best bid equal to the best ask: short ones occur between two messages. */
export function lockedBook(type: BookType, limits: AuditSettings["lockedBook"]): StateCheck {
  const isIn = ({ bidPrice, askPrice }: { bidPrice: number; askPrice: number }): boolean =>
    bidPrice === askPrice;
  return bookStateTime("locked-book", type, { what: "locked", isIn, limits });
}
