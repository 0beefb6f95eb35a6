import { DAY_US, dayStartUs } from "../core/time.js";
import type { DerivedColumn } from "../store/derived.js";
import type { SymbolDay } from "../store/read.js";
import { emptyBar } from "./bar.js";
import { readBar } from "./bar-columns.js";
import { catalogueHash, FEATURES } from "./catalogue.js";
import type { DayBars, DayBarsJob } from "./day-bars.js";
import type { EngineState } from "./engine.js";
import { savedSettings } from "./engine-settings.js";
import { type FeatureRow, FeatureRows, type FeatureRowsState } from "./feature-rows.js";

/** What a day gave. */
export interface ComputedDay {
  readonly rows: readonly FeatureRow[];
  /** After the day's last event; an engine that takes it over goes on as if it had seen the day. */
  readonly state: EngineState;
}

/**
 * Feeds a day's bars to the features, in order.
 *
 * @param bars - of a lone day, or from the bar that was open at the end of the day before on
 * @param before - state of the features at the end of the day before; undefined begins a stream
 */
export function computeDay(
  { day, settings }: Pick<DayBarsJob, "day" | "settings">,
  bars: DayBars,
  before: FeatureRowsState | undefined,
): ComputedDay {
  const features = new FeatureRows(settings.bookSource);
  if (before !== undefined) features.restore(before);
  const bar = emptyBar(settings.barUs);
  const rows: FeatureRow[] = [];
  const feed = (from: number, to: number): void => {
    for (let row = from; row < to; row++) {
      readBar(bars.bars, row, bar);
      const made = features.next(bar);
      if (isOfDay(made, day, settings.barUs)) rows.push(made);
    }
  };
  feed(0, bars.closed);
  const state = {
    catalogue: catalogueHash(),
    settings: savedSettings(settings),
    bars: bars.state,
    rows: features.save(),
  };
  feed(bars.closed, bars.bars.rows);
  return { rows, state };
}

function isOfDay({ barEndUs }: FeatureRow, { date }: SymbolDay, barUs: number): boolean {
  const sinceUs = barEndUs - barUs - dayStartUs(date);
  return sinceUs >= 0 && sinceUs < DAY_US;
}

/** Rows as columns under the names they are stored by, without the verdict. */
export function featureColumns(
  rows: readonly FeatureRow[],
  source: string,
): Readonly<Record<string, DerivedColumn>> {
  return {
    bar_end_us: Float64Array.from(rows, (row) => row.barEndUs),
    mid: Float64Array.from(rows, (row) => row.mid),
    ...Object.fromEntries(
      FEATURES.map(({ name }, i) => [name, Float64Array.from(rows, (row) => row.values[i]!)]),
    ),
    valid: BigUint64Array.from(rows, (row) => row.valid),
    source,
  };
}
