import { createHash } from "node:crypto";
import type { Dataset } from "./matrix.js";

/** A row of one dataset and the row of another that is of the same symbol and bar; −1 where there is none. */
export function matchingRows(dataset: Dataset, other: Dataset): Int32Array {
  const places = other.symbols.map(() => new Map<number, number>());
  for (let row = 0; row < other.rows; row++) {
    places[other.symbolIndex[row]!]!.set(other.barEndUs[row]!, row);
  }
  return Int32Array.from({ length: dataset.rows }, (_, row) => {
    return places[dataset.symbolIndex[row]!]?.get(dataset.barEndUs[row]!) ?? -1;
  });
}

/**
 * The inputs of one dataset with the labels of another, so that two sources are asked the same question. A row without its
 * like in the other is neither usable nor predictable, and so is one that the other leaves out.
 *
 * @param dataset - whose inputs; its symbols stand in the order of the other's
 * @param other - whose labels, prices and label times
 */
export function relabel(dataset: Dataset, other: Dataset): Dataset {
  const match = matchingRows(dataset, other);
  const taken = (column: Float64Array): Float64Array =>
    Float64Array.from(match, (row) => column[row] ?? Number.NaN);
  const both = (own: Uint8Array, theirs: Uint8Array): Uint8Array =>
    own.map((is, row) => is & (theirs[match[row]!] ?? 0));
  const { horizonUs, horizonBars, latencyUs, labelKind, labelRule } = other;
  return {
    ...dataset,
    ...{ horizonUs, horizonBars, latencyUs, labelKind, labelRule },
    outcome: Float32Array.from(match, (row) => other.outcome[row] ?? Number.NaN),
    labelReturn: taken(other.labelReturn),
    entryPrice: taken(other.entryPrice),
    halfSpreadBps: taken(other.halfSpreadBps),
    labelEndUs: taken(other.labelEndUs),
    isUsable: both(dataset.isUsable, other.isUsable),
    isPredictable: both(dataset.isPredictable, other.isPredictable),
    hash: createHash("sha256").update(`${dataset.hash} ${other.hash}`).digest("hex"),
  };
}
