// Which rows may a choice inside the training slice be fitted on, and which is it tested on? Blocks in time, kept apart.
import type { Dataset } from "./matrix.js";

/** One way to hold out a block of time. */
export interface TimeBlock {
  /** For each of the given rows 1 where it may be fitted on. */
  readonly isFitted: Uint8Array;
  /** Places in the given rows of those that are held out. */
  readonly heldOut: Uint32Array;
}

type Columns = Pick<Dataset, "barEndUs" | "labelEndUs" | "barUs" | "horizonBars">;

/** Bars after a block, beyond the horizon, whose inputs still look back into it; day-long normalisers do not count. */
const EMBARGO_BARS = 240;

/**
 * Cuts rows of all symbols at once into blocks that follow each other in time and hold as many rows each, and holds out one
 * after the other. Purged: rows before a block whose label ends at or after its first row. Embargoed: rows that follow its last
 * one within the horizon and 240 bars. What is left on both sides may be fitted on.
 *
 * @param rows - rows of the dataset in any order
 * @param count - number of blocks
 * @returns blocks in time order
 */
export function timeBlocks(
  { barEndUs, labelEndUs, barUs, horizonBars }: Columns,
  rows: Uint32Array,
  count: number,
): readonly TimeBlock[] {
  const times = Float64Array.from(rows, (row) => barEndUs[row]!);
  const sorted = times.slice().sort();
  const startOf = (k: number): number =>
    sorted[Math.round((k * rows.length) / count)] ?? Number.POSITIVE_INFINITY;
  return Array.from({ length: count }, (_, k) => {
    const [start, next] = [startOf(k), startOf(k + 1)];
    const heldOut = Uint32Array.from(rows.keys()).filter(
      (i) => times[i]! >= start && times[i]! < next,
    );
    const last = heldOut.reduce((latest, i) => Math.max(latest, times[i]!), start);
    const embargoEnd = last + (horizonBars + EMBARGO_BARS) * barUs;
    const isFitted = Uint8Array.from(rows, (row, i) => {
      return Number(times[i]! < start ? labelEndUs[row]! < start : times[i]! > embargoEnd);
    });
    return { isFitted, heldOut };
  });
}
