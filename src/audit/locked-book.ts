// When was the best bid equal to the best ask?
import { type BookCheck, bookStateTime } from "./book-state-time.js";
import type { AuditSettings } from "./settings.js";

/** Time with the best bid equal to the best ask: short ones occur between two messages. */
export function lockedBook({ hour }: AuditSettings): BookCheck {
  const isLocked: Parameters<typeof bookStateTime>[2] = (book) =>
    book.bidPrice() === book.askPrice();
  return bookStateTime("locked-book", "locked", isLocked, {
    usableAbove: hour.lockedUsable,
    badAbove: 1,
  });
}
