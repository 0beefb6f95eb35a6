import type { EventType } from "../day-files.js";

/** One fault that was put into one type of a day on purpose. */
export interface PlantedFault {
  /** Name of the kind, `check` or `check:variant`. */
  readonly kind: string;
  /** The audit's check that has to find it in this type. */
  readonly check: string;
  readonly type: EventType | "candles";
  readonly symbol: string;
  readonly date: string;
  /**
   * Arrival times, µs since the epoch, of the first and the last row it concerns: of wrong rows themselves, of the last
   * row before and the first one after what is missing.
   */
  readonly fromUs: number;
  readonly toUs: number;
  /** Rows that are wrong or too many. */
  readonly rows: number;
  /** Messages that are missing. */
  readonly missing: number;
  /** Its size in words; no smaller one is planted. */
  readonly size: string;
  /** Other checks that may rightly find something in its time. */
  readonly mayAlsoFind: readonly string[];
}
