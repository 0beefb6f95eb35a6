import fc from "fast-check";
import { expect, test } from "vitest";
import { dayStartUs, SECOND_US } from "../../core/time.js";
import type { Finding } from "../finding.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { QuoteMismatch } from "./quote-mismatch.js";

const DAY = dayStartUs("2024-03-01");

/** What is told at a second, the quote first: the market's best ask, or one that is off. */
interface Told {
  readonly at: number;
  readonly quoteAsk?: number;
  readonly bookAsk?: number;
}

function play(told: readonly Told[]): readonly Finding[] {
  const check = new QuoteMismatch("incremental_book_L2", AUDIT_SETTINGS.quoteMismatch);
  const touch = (askPrice: number) => ({ bidPrice: 99, bidAmount: 1, askPrice, askAmount: 1 });
  for (const { at, quoteAsk, bookAsk } of told) {
    const localUs = DAY + at * SECOND_US;
    if (quoteAsk !== undefined) check.addQuote(localUs, touch(quoteAsk));
    if (bookAsk !== undefined) check.addState(localUs, touch(bookAsk));
  }
  check.finish();
  return check.mismatch.finish(new Map()).findings;
}

/** The market moves a tick every second, in both tellings at once, from one second on to another. */
function moving(fromSecond: number, toSecond: number): readonly Told[] {
  return Array.from({ length: toSecond - fromSecond }, (_, i) => {
    const ask = 100 + ((fromSecond + i) % 3);
    return { at: fromSecond + i, quoteAsk: ask, bookAsk: ask };
  });
}

test("a quote that is off from the last change before a stillness is told from there on", () => {
  // The book's state of that moment agrees with the quote before; its next one comes when all is over.
  const ask = 100 + (99 % 3);
  const found = play([
    ...moving(0, 100),
    { at: 100, quoteAsk: ask + 5, bookAsk: ask },
    { at: 109.9, quoteAsk: ask + 5, bookAsk: ask },
    { at: 110.7, quoteAsk: ask, bookAsk: ask },
    ...moving(111, 200),
  ]);
  expect(found).toMatchObject([{ check: "quote-mismatch", isFatal: false }]);
  expect(found[0]!.spans[0]![0]).toBe(DAY + 100 * SECOND_US);
});

test("wherever states fall within it, a difference of ten seconds is told at its place, and one of 0.15 s is none", () => {
  const seconds = fc.array(fc.double({ min: 0.01, max: 9.99, noNaN: true }), { maxLength: 6 });
  fc.assert(
    fc.property(seconds, fc.boolean(), (times, isInBook) => {
      const ask = 100 + (99 % 3);
      const off = (at: number): Told => ({
        at,
        quoteAsk: isInBook ? ask : ask + 5,
        bookAsk: isInBook ? ask + 5 : ask,
      });
      const between = [...times].sort((a, b) => a - b).map((time) => off(100 + time));
      const found = play([
        ...moving(0, 100),
        off(100),
        ...between,
        { at: 110, quoteAsk: ask, bookAsk: ask },
        ...moving(111, 200),
      ]);
      expect(found).toHaveLength(1);
      expect(Math.abs(found[0]!.spans[0]![0] - (DAY + 100e6))).toBeLessThanOrEqual(SECOND_US);
    }),
    { seed: 31, numRuns: 300 },
  );
  const late = moving(0, 200).flatMap(({ at, quoteAsk, bookAsk }) => [
    { at, bookAsk: bookAsk! },
    { at: at + 0.15, quoteAsk: quoteAsk! },
  ]);
  expect(play(late)).toEqual([]);
});
