// When was the best bid above the best ask?
import { type BookCheck, bookStateTime } from "./book-state-time.js";
import type { AuditSettings } from "./settings.js";

/** Time with the best bid above the best ask: rows are missing or wrong. */
export function crossedBook({ hour }: AuditSettings): BookCheck {
  const isCrossed: Parameters<typeof bookStateTime>[2] = (book) =>
    book.bidPrice() > book.askPrice();
  return bookStateTime("crossed-book", "crossed", isCrossed, {
    usableAbove: 0,
    badAbove: hour.crossedBad,
  });
}
