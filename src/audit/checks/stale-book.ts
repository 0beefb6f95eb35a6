// When was the book silent while trades went on?
import { secondsText } from "../../core/seconds-text.js";
import { SECOND_US } from "../../core/time.js";
import { CLEAN, type Span } from "../finding.js";
import type { BookType } from "../measuring/book-state.js";
import { Stretches } from "../measuring/stretches.js";
import { Unanswered } from "../measuring/unanswered.js";
import type { AuditSettings } from "../settings.js";
import type { TradedStateCheck } from "./frozen-level.js";

/** Trades this shortly before a message may be what it tells of. */
const ANSWER_US = 0.5 * SECOND_US;

/** Stretches without a message of the book in which several trades, at different times, must have changed it. */
export function staleBook(
  type: BookType,
  { leastSeconds, medians, trades, badAbove }: AuditSettings["staleBook"],
): TradedStateCheck {
  const silences: Span[] = [];
  const waiting = new Unanswered(ANSWER_US);
  let tradeUs = Number.NaN;
  let bookUs = Number.NaN;
  const look = (nowUs: number): void => {
    const silentUs = nowUs - bookUs;
    if (silentUs >= leastSeconds * SECOND_US) {
      waiting.tell(nowUs);
      if (waiting.count >= trades) silences.push([bookUs, nowUs]);
    }
    bookUs = nowUs;
    if (Number.isNaN(tradeUs)) return;
    waiting.clear();
    tradeUs = Number.NaN;
  };
  return {
    update: (localUs) => look(localUs),
    trade: (localUs) => {
      if (Number.isNaN(bookUs) || tradeUs === localUs) return;
      tradeUs = localUs;
      waiting.add(localUs);
    },
    finish: (covered, medianIntervalUs) => {
      // After the last message, trades that go on are covered as well: the book has ended before the day.
      if (!Number.isNaN(tradeUs)) look(tradeUs + ANSWER_US);
      const stretches = new Stretches();
      for (const [startUs, endUs] of silences) {
        if (endUs - startUs >= medians * medianIntervalUs) stretches.add(startUs, endUs);
      }
      if (stretches.count === 0) return CLEAN;
      const seconds = stretches.totalUs / 1e6;
      const finding = {
        check: "stale-book",
        type,
        count: stretches.count,
        firstUs: stretches.firstUs,
        isFatal: false,
        value: seconds,
        unit: "s",
        detail: `the book was silent while trades went on, for ${secondsText(seconds)} in all`,
        spans: stretches.spans(),
      } as const;
      const limits = { usableAbove: 0, badAbove };
      const reason = (s: number): string =>
        `book silent for ${secondsText(s)} while trades went on`;
      return { findings: [finding], marks: stretches.marks(covered, limits, reason) };
    },
  };
}
