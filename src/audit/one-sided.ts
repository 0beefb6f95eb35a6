// When had the book no bids or no asks?
import { type BookCheck, bookStateTime } from "./book-state-time.js";
import type { AuditSettings } from "./settings.js";

/** Time with an empty side: there is no mid then. */
export function oneSided({ hour }: AuditSettings): BookCheck {
  const isOneSided: Parameters<typeof bookStateTime>[2] = (book) =>
    book.bidLevels === 0 || book.askLevels === 0;
  return bookStateTime("one-sided", "one-sided", isOneSided, {
    usableAbove: 0,
    badAbove: hour.oneSidedBad,
  });
}
