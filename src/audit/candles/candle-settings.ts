import { MINUTE_US } from "../../core/time.js";

/** Thresholds of the checks of candles; their values stand with all others in `settings.ts`. */
export interface CandleSettings {
  readonly outlier: {
    /** Closes on either side, in minutes, whose median a price is held against. */
    readonly neighbourMinutes: number;
    /** A price must be further off than this, as a ratio … */
    readonly leastRatio: number;
    /** … and than so many robust deviations of the day's own distances. */
    readonly deviations: number;
    /** More candles in a row than there are neighbours on one side must be further off than this, as a ratio … */
    readonly longRunRatio: number;
    /** … and come back within this time. */
    readonly longRunMinutes: number;
  };
  /** Share of candles that contradict themselves above which nothing built on them can be trusted. */
  readonly contradictionFatal: number;
  readonly mismatch: {
    /** Prices of one minute differ when they are further apart than this ratio. */
    readonly priceRatio: number;
    /** Volumes of one minute differ when they are further apart than this ratio. */
    readonly volumeRatio: number;
    /** Share of a day's minutes that differ above which the candles are of another market. */
    readonly fatalShare: number;
  };
  readonly hour: {
    /** Share of an hour's minutes without a candle before the hour is bad; any at all makes it usable. */
    readonly missingBad: number;
    /** Share of an hour's minutes without volume before the hour is only usable. */
    readonly zeroVolumeUsable: number;
    /** Share of an hour's minutes that differ from the ticks before the hour is bad; any at all makes it usable. */
    readonly mismatchBad: number;
  };
}

/** Minutes of an hour. */
export const HOUR_MINUTES: number = 3600e6 / MINUTE_US;
