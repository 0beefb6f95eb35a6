import type { OrderBook } from "../market/order-book.js";
import { type CheckName, type CheckResult, CLEAN, timeByHour } from "./finding.js";

/** A check that looks at every book state; a state lasts until the next one. */
export interface BookCheck {
  update(localUs: number, book: OrderBook): void;
  /** @param bookTime - µs of each hour in which there was a book, by start of the hour */
  finish(bookTime: ReadonlyMap<number, number>): CheckResult;
}

/** How much time of an hour, as a share of its book time, in such a state does what. */
export interface StateLimits {
  readonly usableAbove: number;
  readonly badAbove: number;
}

/**
 * Finds the stretches of time in which the book is in some state.
 *
 * @param check - the finding's name
 * @param what - the state in words, for the detail
 * @param isIn - whether a book is in the state
 */
export function bookStateTime(
  check: CheckName,
  what: string,
  isIn: (book: OrderBook) => boolean,
  { usableAbove, badAbove }: StateLimits,
): BookCheck {
  const spans: [number, number][] = [];
  let states = 0;
  let sinceUs = Number.NaN;
  let lastUs = Number.NaN;
  return {
    update: (localUs, book) => {
      lastUs = localUs;
      const isNow = isIn(book);
      if (isNow) states++;
      if (isNow && Number.isNaN(sinceUs)) sinceUs = localUs;
      if (!isNow && !Number.isNaN(sinceUs)) {
        spans.push([sinceUs, localUs]);
        sinceUs = Number.NaN;
      }
    },
    finish: (bookTime) => {
      if (!Number.isNaN(sinceUs)) spans.push([sinceUs, lastUs]);
      if (states === 0) return CLEAN;
      const seconds = spans.reduce((sum, [from, to]) => sum + (to - from) / 1e6, 0);
      const marks = [...timeByHour(spans)].flatMap(([hourUs, timeUs]) => {
        const share = timeUs / (bookTime.get(hourUs) ?? 3_600e6);
        if (share <= usableAbove) return [];
        const reason = `book ${what} for ${(timeUs / 1e6).toFixed(1)} s`;
        return [{ hourUs, verdict: share > badAbove ? "bad" : "usable", reason } as const];
      });
      const finding = {
        check,
        type: "incremental_book_L2",
        count: states,
        firstUs: spans[0]![0],
        isFatal: false,
        value: seconds,
        unit: "s",
        detail: `${states} book states were ${what}, for ${seconds.toFixed(1)} s in all`,
        spans: spans.slice(0, 100),
      } as const;
      return { findings: [finding], marks };
    },
  };
}
