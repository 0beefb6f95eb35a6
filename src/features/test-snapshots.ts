// For tests only: a driver that gives the feature rows of a market whose book is made from snapshots.
import { type SnapshotSource, shownLevels } from "../market/book-source.js";
import { Replay } from "../market/replay.js";
import { bookRows, snapshotColumns } from "../market/test-snapshots.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { BookSnapshots, Trades } from "../store/tables.js";
import { writePartition } from "../store/write.js";
import { createFeatureEngine } from "./engine.js";
import type { EngineSettings } from "./engine-settings.js";
import type { FeatureRow } from "./feature-rows.js";
import { type Market, storeMarket } from "./test-market.js";

/** Events of one symbol, its book shown in snapshots. */
export interface ShownMarket {
  readonly trades: Trades;
  readonly bookSnapshots: BookSnapshots;
}

/** The same trades, and after each arrival time the best levels of the book. */
export function shownMarket(
  { trades, bookChanges }: Market,
  bookSource: SnapshotSource,
): ShownMarket {
  const levels = shownLevels(bookSource);
  return { trades, bookSnapshots: snapshotColumns(bookRows(bookChanges, levels), levels) };
}

/** The rows that an engine gives for a market. */
export async function shownRows(
  { trades, bookSnapshots }: Partial<ShownMarket>,
  settings: EngineSettings & { readonly bookSource: SnapshotSource },
): Promise<readonly FeatureRow[]> {
  const rows: FeatureRow[] = [];
  const engine = createFeatureEngine((row) => rows.push(row), settings);
  const replay = new Replay(engine, { book: engine.book });
  await replay.run({
    ...(trades === undefined ? {} : { trades: [trades] }),
    ...(bookSnapshots === undefined ? {} : { bookSnapshots: [bookSnapshots] }),
  });
  replay.finish();
  engine.finish();
  return rows;
}

/** Puts a day's events into a store. */
export async function storeShown(
  store: Store,
  day: SymbolDay,
  { trades, bookSnapshots }: ShownMarket,
): Promise<void> {
  await storeMarket(store, day, { trades });
  const { timestampUs, localTimestampUs, askPrice, askAmount, bidPrice, bidAmount } = bookSnapshots;
  // The vendor's order of a level: ask price and amount, bid price and amount.
  const levels = askPrice.flatMap((_, i) =>
    [askPrice, askAmount, bidPrice, bidAmount].map((side) => side[i]!),
  );
  const type = askPrice.length === 25 ? "book_snapshot_25" : "book_snapshot_5";
  const source = { kind: "file", path: "test", bytes: 1, sha256: "0".repeat(64) } as const;
  await writePartition(store, { ...day, type }, async ({ append }) => {
    append([timestampUs, localTimestampUs, ...levels], timestampUs.length);
    return { source, rejected: {} };
  });
}
