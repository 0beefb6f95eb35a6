import type { Dataset } from "./matrix.js";

/** Bar ends of all usable rows, over all symbols in time order, µs. */
export function usableTimes({
  rows,
  barEndUs,
  isUsable,
}: Pick<Dataset, "rows" | "barEndUs" | "isUsable">): Float64Array {
  const times: number[] = [];
  for (let row = 0; row < rows; row++) if (isUsable[row] === 1) times.push(barEndUs[row]!);
  return Float64Array.from(times).sort();
}
