import type { DerivedManifest } from "../store/manifest.js";
import type { RowSource } from "./feature-partition.js";
import type { DaySource } from "./lacks-source.js";

/** Rows that were made in one stream from one kind of data. */
export interface RowPart {
  /** Rows [from, to) among those of a symbol. */
  readonly from: number;
  readonly to: number;
  readonly source: DaySource;
  /** No state was carried over to its first row. */
  readonly beginsStream: boolean;
}

/**
 * What a stored day's rows were made from.
 *
 * @param tag - the rows' source tag
 */
export function madeFrom(
  manifest: Pick<DerivedManifest, "origin">,
  tag: RowSource,
): Pick<RowPart, "source" | "beginsStream"> {
  const inputs = manifest.origin["inputs"] as { readonly trades?: string | null } | undefined;
  const hasTrades = (inputs?.trades ?? null) !== null;
  return { source: { hasTrades, tag }, beginsStream: beginsStream(manifest) };
}

/** Whether no state was carried over to a day from the day before. */
export function beginsStream({ origin }: Pick<DerivedManifest, "origin">): boolean {
  return (origin["before"] ?? null) === null;
}

/** All rows of one uncut stream of trades, or of candles in their place, and of a book where the tag names one. */
export function oneStream(rows: number, tag: RowSource): RowPart {
  return { from: 0, to: rows, source: { hasTrades: true, tag }, beginsStream: true };
}
