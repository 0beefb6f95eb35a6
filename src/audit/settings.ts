import type { AuditedType } from "../store/audited-types.js";
import type { CandleSettings } from "./candles/candle-settings.js";
import type { AmountRule } from "./measuring/amount-limit.js";
import type { PriceRunRule } from "./measuring/price-runs.js";
import type { HourLimits } from "./measuring/stretches.js";

/** When a stretch without messages is a gap: beyond all of these. */
export interface GapRule {
  /** Never below this. */
  readonly floorSeconds: number;
  /** Times the stream's own median interval. */
  readonly medians: number;
  /** Times the interval that one in a thousand exceeds. */
  readonly tails: number;
  /** What the tail of the stream's intervals explains, but never asking for more than this. */
  readonly unexplainedSeconds: number;
}

type Numbers<Names extends string> = Readonly<Record<Names, number>>;

/** Thresholds of all checks; what they mean is said beside their values. */
export interface AuditSettings {
  readonly gap: Readonly<Record<Exclude<AuditedType, "candles">, GapRule>> & Numbers<"badAbove">;
  readonly coverage: Numbers<"toleranceSeconds">;
  readonly order: Numbers<"exchangeBackSeconds">;
  readonly clockOffset: Numbers<"earlySeconds" | "lateSeconds" | "minutes">;
  readonly clockDrift: Numbers<"leastSeconds" | "scatters" | "leastHours">;
  readonly duplicate: Numbers<"idShare" | "messages" | "memory" | "badAbove">;
  readonly sequenceJump: Numbers<"sequenceShare" | "badAbove">;
  readonly reconnect: Numbers<"snapshotFeedShare" | "badAbove">;
  readonly crossedBook: HourLimits & Numbers<"fatalShare">;
  readonly lockedBook: HourLimits;
  readonly oneSided: HourLimits;
  readonly quoteMismatch: MismatchRule;
  readonly snapshotMismatch: MismatchRule;
  readonly frozenLevel: Numbers<"leastSeconds" | "hits" | "manyHits" | "messages" | "badAbove">;
  readonly staleBook: Numbers<"leastSeconds" | "medians" | "trades" | "badAbove">;
  readonly tradeOutsideBook: Numbers<
    "windowSeconds" | "reachSeconds" | "leastBps" | "usableAbove" | "badAbove"
  >;
  readonly outlier: PriceRunRule & AmountRule & Numbers<"badAbove">;
  readonly regimeBreak: Numbers<
    "minutes" | "minutesBefore" | "factor" | "scatters" | "gapFactor" | "levels"
  >;
  readonly zeroVolume: Numbers<"minutes" | "changes" | "badAbove">;
  readonly rejectedRow: Numbers<"badAbove">;
  readonly candles: CandleSettings;
}

/** How often a book must agree with another telling of it. */
export type MismatchRule = Numbers<
  "windowSeconds" | "pricesShare" | "allShare" | "fatalShare" | "runSeconds" | "badAbove"
>;

/**
 * Thresholds of all checks, in the units of their names; a share is a ratio in [0, 1]. `usableAbove` and `badAbove` are shares
 * of an hour's covered time (or of its rows, where a check counts rows) beyond which the hour is usable, or bad. Whoever
 * wants others writes them under `audit:` in `tickbook.yaml`; a change makes every stored verdict be computed anew. Which values
 * each may have stands in `settings-rules.ts`.
 */
export const AUDIT_SETTINGS: AuditSettings = {
  gap: {
    // Trades come in bursts: quiet minutes are normal, so only a stretch far beyond the tail counts.
    trades: { floorSeconds: 60, medians: 25, tails: 3, unexplainedSeconds: 600 },
    // Books move all the time: five seconds of silence are long on a busy venue, 25 medians on a polled one. A book that
    // is silent for 45 s is reported even where the stream's own bursts explain it.
    incremental_book_L2: { floorSeconds: 5, medians: 25, tails: 1.5, unexplainedSeconds: 45 },
    // Best quotes change less often than the book behind them. So may snapshots of its best levels, if by less. Both have
    // the book's own gaps too, where they are silent in them.
    quotes: { floorSeconds: 10, medians: 25, tails: 3, unexplainedSeconds: 300 },
    book_snapshot_25: { floorSeconds: 10, medians: 25, tails: 2, unexplainedSeconds: 45 },
    book_snapshot_5: { floorSeconds: 10, medians: 25, tails: 2, unexplainedSeconds: 45 },
    // Tickers are told when they change, which funding does every few hours.
    derivative_ticker: { floorSeconds: 60, medians: 25, tails: 3, unexplainedSeconds: 600 },
    // Share of the covered time without messages.
    badAbove: 0.25,
  },
  // A day may begin and end this far from midnight, or one gap's length, and still be whole.
  coverage: { toleranceSeconds: 60 },
  // Exchange times may step back this much: matching engines have several clocks.
  order: { exchangeBackSeconds: 1 },
  // Median delay of a minute: arrival this much before the exchange's time, or this much after it, is odd; so many minutes
  // in a row are a clock's.
  clockOffset: { earlySeconds: 0.05, lateSeconds: 2, minutes: 3 },
  // Change of the fastest delays over the stream: this much, so many times their scatter, over this long at least.
  clockDrift: { leastSeconds: 0.05, scatters: 4, leastHours: 3 },
  duplicate: {
    // Trades are told apart by their ids where at least this share of them has one.
    idShare: 0.5,
    // Without ids, this many messages in a row must come again.
    messages: 3,
    // How many messages back a repeat is looked for.
    memory: 65_536,
    // Share of the hour's messages that are repeats.
    badAbove: 0.01,
  },
  // Ids count up where this share of their steps is one; then a longer step has left some out. Share of an hour's ids.
  sequenceJump: { sequenceShare: 0.5, badAbove: 0.5 },
  // With more snapshot messages than this share, snapshots are how the venue works and no reconnects. Share of the
  // covered time in which the book was unknown.
  reconnect: { snapshotFeedShare: 0.5, badAbove: 0.25 },
  // A book that is crossed for more than the last share of all covered time is no book.
  crossedBook: { usableAbove: 0, badAbove: 0.01, fatalShare: 0.5 },
  // Short ones occur between two messages.
  lockedBook: { usableAbove: 0.01, badAbove: 1 },
  oneSided: { usableAbove: 0, badAbove: 0.05 },
  quoteMismatch: {
    // Quotes this much earlier or later, and the one in force, may be the state's.
    windowSeconds: 0.2,
    // The book law: share of states whose best prices stand in the quotes, and whose best prices and amounts do.
    pricesShare: 0.999,
    allShare: 0.94,
    // Below this share of equal prices the rebuilt book is another book.
    fatalShare: 0.95,
    // States that differ for this long, in a row, are told whatever the shares of the day.
    runSeconds: 5,
    badAbove: 0.05,
  },
  snapshotMismatch: {
    windowSeconds: 0.2,
    pricesShare: 0.999,
    allShare: 0.94,
    fatalShare: 0.9,
    runSeconds: 5,
    badAbove: 0.05,
  },
  // A side's best price and amount stand still this long while so many trades hit that side and the book goes on,
  // or hit it at its very price so often that no hidden orders explain it.
  frozenLevel: { leastSeconds: 30, hits: 2, manyHits: 20, messages: 10, badAbove: 0.05 },
  // No book message this long, and so many times its median interval, while so many trades come.
  staleBook: { leastSeconds: 10, medians: 10, trades: 3, badAbove: 0.05 },
  tradeOutsideBook: {
    // The widest range of best bid and ask this much earlier and later, and of the states next to that.
    windowSeconds: 0.2,
    // A trade whose book was silent longer than this, before it or after, is not held against it.
    reachSeconds: 10,
    // Farther outside than this, and than the range is wide.
    leastBps: 10,
    // Share of the hour's trades.
    usableAbove: 0.001,
    badAbove: 0.2,
  },
  outlier: {
    // Prices this far from those before, so many times their scatter and the market's usual step, that come back.
    priceBps: 100,
    priceScatters: 12,
    priceSteps: 5,
    // Prices before that they are held against.
    neighbours: 25,
    // More in a row than half of the neighbours must be this far off, and come back within this time.
    longRunBps: 1000,
    longRunSeconds: 1800,
    // Of so many amounts at least, those so many deviations of their logarithms above the median, a deviation being this
    // at least; or, where large ones are common, beyond a gap and so many times that which one in a thousand exceeds.
    leastAmounts: 100,
    amountDeviations: 5.6,
    leastDeviation: 1,
    amountTails: 25,
    // Share of the hour's rows whose price or amount cannot be.
    badAbove: 0.01,
  },
  regimeBreak: {
    // The median of so many minutes beside that of so many before.
    minutes: 10,
    minutesBefore: 60,
    // Spread or depth changes by this factor, so many times the scatter of the minutes before, or all of them lie the
    // second factor beyond nearly all of those.
    factor: 4,
    scatters: 6,
    gapFactor: 2,
    // Levels of each side whose amounts make up the depth.
    levels: 10,
  },
  // Minutes without a trade, in a row, while the best prices changed this often.
  zeroVolume: { minutes: 10, changes: 20, badAbove: 0.5 },
  // Share of the hour's rows.
  rejectedRow: { badAbove: 0.01 },
  candles: {
    // Five minutes on either side follow a fast market. The wildest minutes of Bitfinex's 2018 stand 8 % from their
    // neighbours; a slip of a digit stands 90 % from them. More in a row than five must be this far off and come back.
    outlier: {
      neighbourMinutes: 5,
      leastRatio: 0.1,
      deviations: 20,
      longRunRatio: 0.5,
      longRunMinutes: 240,
    },
    // Candles that contradict themselves: above this share of a day's nothing built on them can be trusted.
    contradictionFatal: 0.01,
    // One exchange's candles are made from the very trades: a basis point is far beyond any rounding, half a percent of the
    // volume beyond that of a trade which another clock has put into the next minute.
    mismatch: { priceRatio: 0.0001, volumeRatio: 0.005, fatalShare: 0.5 },
    // Shares of an hour's minutes: without a candle, without volume, different from the trades.
    hour: { missingBad: 0.25, zeroVolumeUsable: 0.25, mismatchBad: 0.1 },
  },
};
