// Is a walk's row used wherever there is a book, and nowhere else? Where the walk is silent is known beforehand.
import { inputRows } from "../../dataset/input-rows.js";
import type { Dataset } from "../../dataset/matrix.js";
import type { SymbolSeries } from "../../dataset/symbol-series.js";
import { KEPT } from "../../features/row-rule.js";
import type { WalkMarket } from "./walk-market.js";

/** Rows of a walk, by what its gaps say of them. */
export interface WalkGaps {
  /** Rows to train and test on, and those of them whose label begins or ends where the walk has no book. */
  readonly usableRows: number;
  readonly rowsOverGaps: number;
  /** Rows that are not used although no gap is near them and no input is missing. */
  readonly rowsLeftOut: number;
}

/**
 * Holds the rows of a walk against its gaps.
 *
 * @param walked - the dataset that a pipeline makes of the walk
 * @param series - what it was made of
 * @param codes - `rowCodes` of both, where they were made before
 */
export function walkGaps(
  walked: Dataset,
  { hasPrice }: WalkMarket,
  series: readonly SymbolSeries[],
  codes: readonly Uint8Array[] = rowCodes(walked, series),
): WalkGaps {
  const { rows, isUsable, barEndUs, labelEndUs, barUs, latencyUs } = walked;
  const hasLabel = labelledRows(walked, hasPrice, series, codes);
  let usableRows = 0;
  let rowsOverGaps = 0;
  let rowsLeftOut = 0;
  for (let row = 0; row < rows; row++) {
    if (isUsable[row] === 0) {
      rowsLeftOut += hasLabel[row]!;
      continue;
    }
    usableRows++;
    const bars = (labelEndUs[row]! - latencyUs - barEndUs[row]!) / barUs;
    // Within a bar a label may end before or after the walk falls silent.
    const isOverGap = Number.isInteger(bars) && hasPrice[row + bars] === 0;
    if (hasPrice[row] === 0 || isOverGap) rowsOverGaps++;
  }
  return { usableRows, rowsOverGaps, rowsLeftOut };
}

/** Codes of the row rule, of each series: whether a model may be asked is the same for all horizons. */
export function rowCodes(
  { featureNames: names, barUs, labelKind }: Dataset,
  series: readonly SymbolSeries[],
): readonly Uint8Array[] {
  return series.map((one) => inputRows(one, { names, barUs, labelKind }).code);
}

/** 1 at rows that must be used: their inputs are there, and the walk has a price wherever their label looks. */
function labelledRows(
  { barUs, horizonUs, latencyUs, labelRule }: Dataset,
  hasPrice: Uint8Array,
  series: readonly SymbolSeries[],
  codes: readonly Uint8Array[],
): readonly number[] {
  const ahead = horizonUs / barUs;
  // A price counts as known only where the book says something later.
  const bars = Math.ceil(ahead) + 1 + Math.ceil(latencyUs / barUs);
  const isDirection = labelRule.kind === "direction";
  // Of a direction two prices count, one between bars if those around it do; barriers are looked at bar by bar.
  const steps = isDirection
    ? [0, Math.floor(ahead), Math.ceil(ahead)]
    : [...new Array(ahead + 1).keys()];
  const must: number[] = [];
  for (const [s, one] of series.entries()) {
    const begin = must.length;
    const code = codes[s]!;
    const last = lastPriced(one, hasPrice.subarray(begin), barUs);
    one.barEndUs.forEach((_, row) => {
      const isMust =
        code[row] === KEPT &&
        row + bars <= last[row]! &&
        steps.every((step) => hasPrice[begin + row + step] === 1) &&
        (isDirection || hasDeviation(one, row, labelRule.volatilityBars, barUs));
      must.push(Number(isMust));
    });
  }
  return must;
}

/** Last row with a price of each row's gap-free run; −1 where none comes. */
function lastPriced({ barEndUs }: SymbolSeries, hasPrice: Uint8Array, barUs: number): Int32Array {
  const last = new Int32Array(barEndUs.length).fill(-1);
  for (let row = last.length - 1; row >= 0; row--) {
    const goesOn = barEndUs[row + 1]! - barEndUs[row]! === barUs;
    const later = goesOn ? last[row + 1]! : -1;
    last[row] = later === -1 && hasPrice[row] === 1 ? row : later;
  }
  return last;
}

/** Whether the price moved in the bars up to a row, all of which are there with a price. */
function hasDeviation(
  { barEndUs, mid }: SymbolSeries,
  row: number,
  bars: number,
  barUs: number,
): boolean {
  if (barEndUs[row]! - barEndUs[row - bars]! !== bars * barUs) return false;
  const known = mid.subarray(row - bars, row + 1);
  return known.every((price) => price > 0) && known.some((price) => price !== known[0]);
}
