// After days that the store lacks: from when on does what it has say again what a run had to decide?
import { DAY_US } from "../../core/time.js";
import { FEATURES } from "../../features/catalogue.js";
import { warmUpOf } from "../../features/feature.js";
import { VOLUME_BARS } from "../../features/model-inputs.js";
import type { StoredRows } from "../../features/stored-rows.js";
import type { LiveModel } from "../signal/live-model.js";
import { outcomeBars } from "../signal/outcome-watch.js";

/** What a day is to a comparison. */
export type DayUse = "missing" | "apart" | "compared";

/**
 * Bars after which features, inputs and a maker of signals that begin anew have forgotten that they did, as far as a stream within
 * bounds tells: averages to a billionth of the difference, what is watched over a day or some horizons wholly.
 */
export function forgettingBars({
  barUs,
  steps,
  horizonBars,
}: Pick<LiveModel, "barUs" | "steps" | "horizonBars">): number {
  const warmUp = Math.max(...FEATURES.map((feature) => warmUpOf(feature, barUs)));
  const watched = Math.max(Math.round(DAY_US / barUs), outcomeBars({ barUs, horizonBars }));
  return warmUp + VOLUME_BARS + steps + watched;
}

/** Tells the use of days that follow one another. */
export class StreamGap {
  private readonly bars: number;
  /** To be gone through before days are compared again. */
  private left = 0;
  private isFirst = true;

  /** @param bars - after a gap, before days are compared again; infinite where bits are: averages never forget wholly */
  constructor(bars: number) {
    this.bars = bars;
  }

  /**
   * The next day.
   *
   * @param stored - undefined where the store has none of its features
   * @returns whether a maker of signals must begin anew with it, too
   */
  day(stored: Pick<StoredRows, "rows" | "beginsStream"> | undefined): {
    readonly use: DayUse;
    readonly beginsAnew: boolean;
  } {
    const hadGap = this.left === this.bars && !this.isFirst;
    const isCut = stored?.beginsStream === true && !this.isFirst;
    this.isFirst = false;
    if (stored === undefined || isCut) this.left = this.bars;
    if (stored === undefined) return { use: "missing", beginsAnew: false };
    if (this.left <= 0) return { use: "compared", beginsAnew: false };
    this.left -= stored.rows.length;
    return { use: "apart", beginsAnew: hadGap || isCut };
  }
}
