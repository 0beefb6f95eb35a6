// For tests only: a driver that gives the feature rows of a market whose book is made from snapshots.
import { type SnapshotSource, shownLevels } from "../market/book-source.js";
import { Replay } from "../market/replay.js";
import { bookRows, snapshotColumns } from "../market/test-snapshots.js";
import type { BookSnapshots, Trades } from "../store/tables.js";
import { createFeatureEngine } from "./engine.js";
import type { EngineSettings } from "./engine-settings.js";
import type { FeatureRow } from "./feature-rows.js";
import type { Market } from "./test-market.js";

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
