// When had the book no bids or no asks?
import type { BookType, StateCheck } from "../measuring/book-state.js";
import { bookStateTime } from "../measuring/book-state-time.js";
import type { AuditSettings } from "../settings.js";

/** Time with an empty side: there is no mid then. */
export function oneSided(type: BookType, limits: AuditSettings["oneSided"]): StateCheck {
  const isIn = ({ bidPrice, askPrice }: { bidPrice: number; askPrice: number }): boolean =>
    !(bidPrice > 0 && askPrice > 0);
  return bookStateTime("one-sided", type, { what: "one-sided", isIn, limits });
}
