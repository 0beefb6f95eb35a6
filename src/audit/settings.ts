import { SECOND_US } from "../core/time.js";

/** When a stretch without messages is a gap: beyond all of these. */
export interface GapRule {
  /** Never below this, µs. */
  readonly floorUs: number;
  /** Times the stream's own median interval. */
  readonly medians: number;
  /** Times the interval that one in a thousand exceeds. */
  readonly tails: number;
  /** What the tail of the stream's intervals explains, but never asking for more than this, µs. */
  readonly unexplainedUs: number;
}

/** Thresholds of all checks. A change makes every stored verdict be computed anew. */
export interface AuditSettings {
  readonly gap: Readonly<Record<"trades" | "incremental_book_L2" | "quotes", GapRule>>;
  readonly coverageToleranceUs: number;
  readonly earlyClockUs: number;
  readonly lateClockUs: number;
  readonly exchangeClockBackUs: number;
  readonly duplicateMessages: number;
  readonly duplicateMemory: number;
  readonly snapshotFeedShare: number;
  readonly quotePrices: number;
  readonly quoteAmounts: number;
  readonly quoteFatal: number;
  readonly hour: {
    readonly missingBad: number;
    readonly crossedBad: number;
    readonly lockedUsable: number;
    readonly oneSidedBad: number;
    readonly duplicateBad: number;
  };
}

/** Thresholds in force. */
export const AUDIT_SETTINGS: AuditSettings = {
  gap: {
    // Trades come in bursts: quiet minutes are normal, so only a stretch far beyond the tail counts.
    trades: { floorUs: 60 * SECOND_US, medians: 25, tails: 3, unexplainedUs: 600 * SECOND_US },
    // Books move all the time: five seconds of silence are long on a busy venue, 25 medians on a polled one. A book that
    // is silent for 45 s is reported even where the stream's own bursts explain it.
    incremental_book_L2: {
      floorUs: 5 * SECOND_US,
      medians: 25,
      tails: 1.5,
      unexplainedUs: 45 * SECOND_US,
    },
    // Best quotes change less often than the book behind them.
    quotes: { floorUs: 10 * SECOND_US, medians: 25, tails: 3, unexplainedUs: 300 * SECOND_US },
  },
  // A day may begin and end this far from midnight, or one gap's length, and still be whole.
  coverageToleranceUs: 60 * SECOND_US,
  // Arrival this much before the exchange's own time means that a clock is wrong.
  earlyClockUs: 0.05 * SECOND_US,
  // Arrival this much after it means a slow line or a wrong clock.
  lateClockUs: 2 * SECOND_US,
  // The exchange's time may step back this much between messages: matching engines have several clocks.
  exchangeClockBackUs: 1 * SECOND_US,
  // Without ids, this many messages in a row must come again to count as duplicates.
  duplicateMessages: 3,
  // How many messages back a repeat is looked for.
  duplicateMemory: 65_536,
  // With more snapshot messages than this share, snapshots are how the venue works and no reconnects.
  snapshotFeedShare: 0.5,
  // The book law: share of states whose best prices stand in the quotes …
  quotePrices: 0.999,
  // … and whose best prices and amounts do.
  quoteAmounts: 0.94,
  // Below this share of equal prices the rebuilt book is another book.
  quoteFatal: 0.95,
  hour: {
    // Share of the covered time that gaps may take before the hour is bad.
    missingBad: 0.25,
    // Share of book time crossed before the hour is bad; any at all makes it usable.
    crossedBad: 0.01,
    // Share of book time locked before the hour is only usable.
    lockedUsable: 0.01,
    // Share of book time with an empty side before the hour is bad.
    oneSidedBad: 0.05,
    // Share of messages that are repeats before the hour is bad.
    duplicateBad: 0.01,
  },
};
