// Which bars of a symbol are worth a picture?
import { DAY_US, MINUTE_US } from "../../core/time.js";
import { type FeatureFrame, featureColumn } from "../features/feature-frame.js";
import type { PictureWindow } from "../pictures/finding-window.js";

/** Neighbouring rows of a frame and the time that their bars cover. */
export interface BarRows extends PictureWindow {
  /** First row, and the row after the last. */
  readonly from: number;
  readonly to: number;
}

/** Bars of a picture over hours. */
const HOURS_BARS = 240;

/** Steps in which stretches of hours are tried. */
const STEP_BARS = 15;

/** A stretch in which so many of the features that can be there are there is as good as any. */
const KNOWN_SHARE = 0.95;

/**
 * The four hours without a hole in which the price ranged farthest, among those in which the features are there that can
 * be; the earlier of equals. All rows up to the first hole where no four hours are whole.
 */
export function widestHours(frame: FeatureFrame): BarRows {
  const rows = frame.barEndUs.length;
  const length = Math.min(HOURS_BARS, rows);
  const tried: { readonly from: number; readonly known: number; readonly range: number }[] = [];
  for (let from = 0; from + length <= rows; from += STEP_BARS) {
    if (!isWhole(frame, from, from + length)) continue;
    tried.push({
      from,
      known: knownFeatures(frame, from),
      range: rangeOf(frame, from, from + length),
    });
  }
  if (tried.length === 0) return barRows(frame, 0, wholeUntil(frame));
  const most = Math.max(...tried.map(({ known }) => known));
  const complete = tried.filter(({ known }) => known >= KNOWN_SHARE * most);
  const { from } = complete.reduce((best, one) => (one.range > best.range ? one : best));
  return barRows(frame, from, from + length);
}

/**
 * The bars of one day without a hole in which most was traded; the earlier of equals. As many as there are where no day
 * has so many in a row.
 *
 * @param bars - how many
 */
export function busiestBars(frame: FeatureFrame, bars: number): BarRows {
  const volume = featureColumn(frame, "volume");
  let best = { from: 0, to: 0, volume: -1 };
  for (const [start, end] of dayRuns(frame.barEndUs)) {
    const length = Math.min(bars, end - start);
    for (let from = start; from + length <= end; from++) {
      const sum = volume.subarray(from, from + length).reduce((a, b) => a + (b || 0), 0);
      const isLonger = length > best.to - best.from;
      const isBusier = length === best.to - best.from && sum > best.volume;
      if (isLonger || isBusier) best = { from, to: from + length, volume: sum };
    }
  }
  return barRows(frame, best.from, best.to);
}

/** Rows of a frame with the time from the beginning of their first bar. */
function barRows({ barEndUs }: FeatureFrame, from: number, to: number): BarRows {
  return { from, to, fromUs: barEndUs[from]! - MINUTE_US, toUs: barEndUs[to - 1]! };
}

/** Runs of rows of one day without a hole between them: first row, and the row after the last. */
function dayRuns(barEndUs: Float64Array): readonly (readonly [from: number, to: number])[] {
  const dayOf = (row: number): number => Math.floor((barEndUs[row]! - MINUTE_US) / DAY_US);
  const runs: [number, number][] = [];
  for (let row = 0; row < barEndUs.length; row++) {
    const last = runs.at(-1);
    const goesOn =
      row > 0 && barEndUs[row]! - barEndUs[row - 1]! === MINUTE_US && dayOf(row) === dayOf(row - 1);
    if (last !== undefined && goesOn) last[1] = row + 1;
    else runs.push([row, row + 1]);
  }
  return runs;
}

function isWhole({ barEndUs }: FeatureFrame, from: number, to: number): boolean {
  return barEndUs[to - 1]! - barEndUs[from]! === (to - 1 - from) * MINUTE_US;
}

/** The row after the last of the longest run without a hole that begins at row 0. */
function wholeUntil(frame: FeatureFrame): number {
  let to = 1;
  while (to < frame.barEndUs.length && isWhole(frame, 0, to + 1)) to++;
  return to;
}

function knownFeatures({ columns }: FeatureFrame, row: number): number {
  return columns.filter((column) => !Number.isNaN(column[row]!)).length;
}

/** Highest over lowest close, less 1; 0 where nothing was traded. */
function rangeOf(frame: FeatureFrame, from: number, to: number): number {
  const closes = featureColumn(frame, "close")
    .subarray(from, to)
    .filter((close) => close > 0);
  const [low, high] = [Math.min(...closes), Math.max(...closes)];
  return closes.length === 0 ? 0 : high / low - 1;
}
