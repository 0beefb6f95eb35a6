import { partitionFolder } from "./partition.js";
import { readSelected, type Selected, type SymbolDay, TIMES } from "./read.js";
import { quoteName, type Store } from "./store.js";
import type { BookSnapshots } from "./tables.js";

const SIDES = ["bidPrice", "bidAmount", "askPrice", "askAmount"] as const;

/**
 * Snapshots of a symbol's book on a day in stored order, in batches of up to 131,072 rows.
 *
 * @param options.depth - which of the vendor's two kinds of snapshot
 * @param options.levels - levels of each side that are read, from the best; at most `depth`
 * @throws {DataError} the partition is missing or damaged
 */
export async function* readSnapshots(
  store: Store,
  day: SymbolDay,
  { depth = 25, levels = depth }: { readonly depth?: 5 | 25; readonly levels?: number } = {},
): AsyncGenerator<BookSnapshots> {
  const folder = partitionFolder({ ...day, type: `book_snapshot_${depth}` });
  const numbers = Array.from({ length: Math.min(levels, depth) }, (_, level) => level);
  const selected = SIDES.flatMap((side) => numbers.map((level) => levelColumn(side, level)));
  type Batch = Readonly<Record<string, Float64Array>>;
  for await (const batch of readSelected<Batch>(store, folder, [...TIMES, ...selected])) {
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
  const sql = quoteName(`${who}s[${level}].${what!.toLowerCase()}`);
  return { name: `${side}${level}`, sql, kind: "float64" };
}
