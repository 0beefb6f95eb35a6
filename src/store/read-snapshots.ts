import { partitionFolder } from "./partition.js";
import { readSelected, type SymbolDay, TIMES } from "./read.js";
import type { Selected } from "./selected.js";
import type { Store } from "./store.js";
import type { BatchOptions } from "./table-batches.js";
import type { BookSnapshots } from "./tables.js";

const SIDES = ["bidPrice", "bidAmount", "askPrice", "askAmount"] as const;

/**
 * Snapshots of a symbol's book on a day in stored order, in batches of up to 131,072 rows.
 *
 * @param options.depth - which of the vendor's two kinds of snapshot
 * @param options.levels - levels of each side that are read, from the best; at most `depth`
 * @param options.isReused - a batch's arrays may be filled anew as soon as the next batch is asked for, which is faster;
 *   left out, each batch has arrays of its own
 * @throws {DataError} the partition is missing or damaged
 */
export async function* readSnapshots(
  store: Store,
  day: SymbolDay,
  {
    depth = 25,
    levels = depth,
    ...options
  }: { readonly depth?: 5 | 25; readonly levels?: number } & BatchOptions = {},
): AsyncGenerator<BookSnapshots> {
  const folder = partitionFolder({ ...day, type: `book_snapshot_${depth}` });
  const numbers = Array.from({ length: Math.min(levels, depth) }, (_, level) => level);
  const selected = SIDES.flatMap((side) => numbers.map((level) => levelColumn(side, level)));
  type Batch = Readonly<Record<string, Float64Array>>;
  const batches = readSelected<Batch>(store, folder, [...TIMES, ...selected], options);
  for await (const batch of batches) {
    const [bidPrice, bidAmount, askPrice, askAmount] = SIDES.map((side) =>
      numbers.map((level) => batch[`${side}${level}`]!),
    ) as [Float64Array[], Float64Array[], Float64Array[], Float64Array[]];
    const { localTimestampUs, timestampUs } = batch as unknown as BookSnapshots;
    yield { localTimestampUs, timestampUs, bidPrice, bidAmount, askPrice, askAmount };
  }
}

/** The vendor calls the third best bid's price `bids[2].price`. */
function levelColumn(side: (typeof SIDES)[number], level: number): Selected {
  const [, who, what] = /^(bid|ask)(.+)$/.exec(side)!;
  const column = `${who}s[${level}].${what!.toLowerCase()}`;
  return { name: `${side}${level}`, column, kind: "float64" };
}
