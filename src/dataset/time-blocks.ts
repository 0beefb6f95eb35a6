// Which rows may a choice inside the training slice be fitted on, and which is it tested on? Blocks in time, kept apart.
import { defaultEmbargoBars } from "./combinatorial-splits.js";
import type { Dataset } from "./matrix.js";

/** One way to hold out a block of time. */
export interface TimeBlock {
  /** For each of the given rows 1 where it may be fitted on. */
  readonly isFitted: Uint8Array;
  /** Places in the given rows of those that are held out. */
  readonly heldOut: Uint32Array;
}

type Columns = Pick<Dataset, "barEndUs" | "labelEndUs" | "barUs" | "horizonBars">;

/**
 * Cuts rows of all symbols at once into blocks that follow each other in time and hold as many rows each, and holds out one
 * after the other. Purged: rows before a block whose label ends at or after its first row. Embargoed: rows that follow its
 * last label too soon for their inputs not to look back at it, as of combinatorial splits. What is left on both sides may be fitted on.
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
  const times = new Float64Array(rows.length).map((_, i) => barEndUs[rows[i]!]!);
  const sorted = times.slice().sort();
  const startOf = (k: number): number =>
    sorted[Math.round((k * rows.length) / count)] ?? Number.POSITIVE_INFINITY;
  const embargoUs = barUs * defaultEmbargoBars({ horizonBars, windowBars: 1 });
  return Array.from({ length: count }, (_, k) => {
    const heldOut = placesBetween(times, startOf(k), startOf(k + 1));
    const lastUs = heldOut.reduce((last, i) => Math.max(last, labelEndUs[rows[i]!]!), 0);
    const embargoEndUs = lastUs + embargoUs;
    const isFitted = new Uint8Array(rows.length).map((_, i) =>
      Number(
        times[i]! < startOf(k) ? labelEndUs[rows[i]!]! < startOf(k) : times[i]! > embargoEndUs,
      ),
    );
    return { isFitted, heldOut };
  });
}

/** Where times are at or after the first and before the second. */
function placesBetween(times: Float64Array, from: number, to: number): Uint32Array {
  const places: number[] = [];
  for (let i = 0; i < times.length; i++) if (times[i]! >= from && times[i]! < to) places.push(i);
  return Uint32Array.from(places);
}
