import type { AuditSettings, GapRule, MismatchRule } from "./settings.js";

/** Which values a threshold may have. */
export interface ThresholdRule {
  /** As the end of a sentence: `a share from 0 to 1`. */
  readonly expected: string;
  readonly from: number;
  readonly to: number;
  readonly isWhole?: boolean;
  /** True when `from` itself is not allowed. */
  readonly isAbove?: boolean;
}

/** A rule for each number of nested settings. */
type Rules<Settings> = {
  readonly [Name in keyof Settings]: Settings[Name] extends number
    ? ThresholdRule
    : Rules<Settings[Name]>;
};

const number = (what: string, to: number): ThresholdRule => ({
  expected: `${what} from 0 to ${to}`,
  from: 0,
  to,
});

/** Things that are counted; so many that none of them would ever be found are a slip of the pen. */
const count = (to: number): ThresholdRule => ({
  expected: `a whole number from 1 to ${to}`,
  from: 1,
  to,
  isWhole: true,
});

const share: ThresholdRule = number("a share", 1);
const seconds: ThresholdRule = number("seconds", 86_400);
/** What is kept in memory while it may still be compared. */
const window: ThresholdRule = number("seconds", 60);
const hours: ThresholdRule = number("hours", 24);
const minutes: ThresholdRule = count(1440);
const bps: ThresholdRule = number("basis points", 1_000_000);
const ratio: ThresholdRule = number("a ratio", 100);
/** So many times a median, a tail or a scatter. */
const times: ThresholdRule = number("a number", 1_000_000);
const factor: ThresholdRule = {
  expected: "a factor above 1, up to 1000000",
  from: 1,
  to: 1_000_000,
  isAbove: true,
};

const limits = { usableAbove: share, badAbove: share } as const;

const gap: Rules<GapRule> = {
  floorSeconds: seconds,
  medians: times,
  tails: times,
  unexplainedSeconds: seconds,
};

const mismatch: Rules<MismatchRule> = {
  windowSeconds: window,
  pricesShare: share,
  allShare: share,
  fatalShare: share,
  runSeconds: seconds,
  badAbove: share,
};

/** Of two thresholds of one group the first is at most the second: what is worse than bad is no longer usable. */
export const ORDERED_THRESHOLDS: readonly (readonly [string, string])[] = [
  ["usableAbove", "badAbove"],
  ["fatalShare", "pricesShare"],
];

/** Which values each threshold of `AUDIT_SETTINGS` may have. */
export const SETTINGS_RULES: Rules<AuditSettings> = {
  gap: {
    trades: gap,
    incremental_book_L2: gap,
    quotes: gap,
    book_snapshot_25: gap,
    book_snapshot_5: gap,
    derivative_ticker: gap,
    badAbove: share,
  },
  coverage: { toleranceSeconds: seconds },
  order: { exchangeBackSeconds: seconds },
  clockOffset: { earlySeconds: seconds, lateSeconds: seconds, minutes },
  clockDrift: { leastSeconds: seconds, scatters: times, leastHours: hours },
  // The memory has up to nine numbers a message, for each of five types.
  duplicate: {
    idShare: share,
    messages: count(1000),
    memory: count(1_048_576),
    badAbove: share,
  },
  sequenceJump: { sequenceShare: share, badAbove: share },
  reconnect: { snapshotFeedShare: share, badAbove: share },
  crossedBook: { ...limits, fatalShare: share },
  lockedBook: limits,
  oneSided: limits,
  quoteMismatch: mismatch,
  snapshotMismatch: mismatch,
  frozenLevel: {
    leastSeconds: seconds,
    hits: count(1_000_000),
    manyHits: count(1_000_000),
    messages: count(1_000_000),
    badAbove: share,
  },
  staleBook: { leastSeconds: seconds, medians: times, trades: count(1_000_000), badAbove: share },
  tradeOutsideBook: { windowSeconds: window, reachSeconds: seconds, leastBps: bps, ...limits },
  outlier: {
    priceBps: bps,
    priceScatters: times,
    priceSteps: times,
    longRunBps: bps,
    longRunSeconds: seconds,
    neighbours: count(1000),
    leastAmounts: count(1_000_000),
    amountDeviations: times,
    leastDeviation: ratio,
    amountTails: times,
    badAbove: share,
  },
  regimeBreak: {
    minutes,
    minutesBefore: minutes,
    factor,
    scatters: times,
    gapFactor: factor,
    levels: count(1000),
  },
  zeroVolume: { minutes, changes: count(1_000_000), badAbove: share },
  rejectedRow: { badAbove: share },
  candles: {
    outlier: {
      neighbourMinutes: count(720),
      leastRatio: ratio,
      deviations: times,
      longRunRatio: ratio,
      longRunMinutes: minutes,
    },
    contradictionFatal: share,
    mismatch: { priceRatio: ratio, volumeRatio: ratio, fatalShare: share },
    hour: { missingBad: share, zeroVolumeUsable: share, mismatchBad: share },
  },
};
