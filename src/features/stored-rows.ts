import { readDerived } from "../store/derived.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { FEATURES } from "./catalogue.js";
import { featuresFolder, type RowSource } from "./feature-partition.js";
import type { FeatureRow } from "./feature-rows.js";
import { madeFrom, type RowPart } from "./row-parts.js";

/** Stored rows of a day, as an engine gave them. */
export interface StoredRows extends Pick<RowPart, "source" | "beginsStream"> {
  readonly rows: readonly FeatureRow[];
}

/**
 * Reads the features of a day as rows.
 *
 * @param barUs - length of a bar, µs
 * @throws {DataError} there are none, or the table is damaged
 */
export async function readFeatureRows(
  store: Store,
  day: SymbolDay,
  barUs: number,
): Promise<StoredRows> {
  const { manifest, columns } = await readDerived(store, featuresFolder(day, barUs));
  const barEndUs = columns["bar_end_us"] as Float64Array;
  const mid = columns["mid"] as Float64Array;
  const valid = columns["valid"] as BigUint64Array;
  const values = FEATURES.map(({ name }) => columns[name] as Float64Array);
  const rows = Array.from(barEndUs, (timeUs, i) => ({
    barEndUs: timeUs,
    mid: mid[i]!,
    values: Float64Array.from(values, (column) => column[i]!),
    valid: valid[i]!,
  }));
  const [tag = "trades"] = columns["source"] as readonly RowSource[];
  return { rows, ...madeFrom(manifest, tag) };
}
