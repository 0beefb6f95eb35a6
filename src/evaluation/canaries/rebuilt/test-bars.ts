import { foldEdges } from "../../../dataset/folds.js";
import type { Dataset, Fold } from "../../../dataset/matrix.js";

/** Rows of the time that some folds are tested in, those that are left out among them, ascending. */
export function testBars(
  { rows, barEndUs }: Pick<Dataset, "rows" | "barEndUs">,
  folds: readonly Fold[],
): Uint32Array {
  const spans = foldEdges({ barEndUs }, folds).map((edges) => edges.slice(-2) as [number, number]);
  return Uint32Array.from({ length: rows }, (_, row) => row).filter((row) =>
    spans.some(([fromUs, toUs]) => barEndUs[row]! >= fromUs && barEndUs[row]! < toUs),
  );
}
