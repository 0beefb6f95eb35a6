import type { LabelRule } from "./label-rule.js";
import type { LeftOutBySlice, PurgedBySlice, Slices } from "./slices.js";

/**
 * What models are trained and tested on: one row per symbol and bar, symbols one after the other, time-ordered within a
 * symbol. All per-row columns have length `rows`.
 */
export interface Dataset {
  readonly exchange: string;
  readonly symbols: readonly string[];
  readonly featureNames: readonly string[];
  /** Hash of the catalogue that the features are of. */
  readonly catalogueHash: string;
  /** Features that were not asked for each by its name and that the data is too short for. */
  readonly leftOut: readonly string[];
  readonly rows: number;
  /**
   * rows × features, row by row: model inputs before scaling, NaN where missing. In shared memory as it is assembled and read, so
   * that the thread that cuts batches reads it where it is.
   */
  readonly inputs: Float32Array;
  /** Index into `symbols`. */
  readonly symbolIndex: Uint8Array;
  readonly barEndUs: Float64Array;
  /**
   * When the label is known: bar end + latency + horizon, or earlier where a barrier was met. Without a label, when a bet on
   * it would be closed if nothing were missing then; NaN where the label's rule asks nothing.
   */
  readonly labelEndUs: Float64Array;
  /** 1 up, 0 down, 0.5 exact tie, NaN no label. */
  readonly outcome: Float32Array;
  /** ln of the price at the label's end over the price at its start; NaN where there is no label. */
  readonly labelReturn: Float64Array;
  /** Price in force at bar end + latency, where a decision of this bar is executed; NaN when there is none. */
  readonly entryPrice: Float64Array;
  /** Half the quoted spread at that time, bps of the mid; NaN without a book. */
  readonly halfSpreadBps: Float64Array;
  /** 1: may be trained or tested on (no warm-up, no gap, valid book, with a label). */
  readonly isUsable: Uint8Array;
  /**
   * 1: a model can be asked there, whether a label comes of it or not (no warm-up, no gap, valid book): what is known when a
   * decision is made. Every usable row is one.
   */
  readonly isPredictable: Uint8Array;
  /** Index of the first row of the row's gap-free run; windows must not reach before it. */
  readonly runStart: Uint32Array;
  /** 1: the audit calls the row's hour bad; left out of training, kept in test. */
  readonly isBad: Uint8Array;
  /** 1: the row's hour was audited at all. */
  readonly isAudited: Uint8Array;
  readonly barUs: number;
  /** From the earlier price of a label to the later one, at the most. */
  readonly horizonUs: number;
  /** Bars that a label reaches over, begun ones whole: labels of rows so far apart share none of their path. */
  readonly horizonBars: number;
  readonly latencyUs: number;
  readonly labelRule: LabelRule;
  /** `mid`, or `close` where there is no book: then the figures are BOUNCE-PRONE. */
  readonly labelKind: "mid" | "close";
  /** Rows that are not usable, by cause; a row counts once, under the first cause that holds. */
  readonly excluded: Readonly<Record<string, number>>;
  /** SHA-256 over features, labels, masks and settings. */
  readonly hash: string;
}

/** One walk-forward fold: slices are apart by purging, and bad hours are left out of those that are fitted on. */
export interface Fold extends Slices {
  /**
   * Rows of the test's time that have a valid book or a price but no label, or are too young to be predicted. Nothing is fitted
   * or scored on them; whoever trades the test goes through them as well, since no one knows beforehand which labels come.
   */
  readonly untested: Uint32Array;
  readonly purged: PurgedBySlice;
  readonly leftOut: LeftOutBySlice;
}
