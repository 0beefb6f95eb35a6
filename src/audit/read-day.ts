// In which order are the rows of a day looked at, and by whom?
import { Replay } from "../market/replay.js";
import { partitionFolder } from "../store/partition.js";
import {
  readBookChanges,
  readIdentifiedTrades,
  readQuotes,
  readSelected,
  type SymbolDay,
  TIMES,
} from "../store/read.js";
import { readSnapshots } from "../store/read-snapshots.js";
import type { Store } from "../store/store.js";
import type { MarketWatch } from "./market-watch.js";
import type { TimedRows } from "./measuring/messages.js";
import type { TickType, TypeChecks } from "./type-checks.js";

/** No check keeps a batch: each is looked at and forgotten before the next is asked for; and nothing is told before the end. */
const REUSED = { isReused: true, isCheckedMeanwhile: true } as const;

/** Types that are looked at together, in arrival order. */
const REPLAYED: readonly TickType[] = [
  "trades",
  "incremental_book_L2",
  "quotes",
  "book_snapshot_25",
  "book_snapshot_5",
];

/**
 * Reads every type once: its rows go to the checks of the type, and in arrival order to the checks of all together.
 *
 * @throws {DataError} a partition is damaged
 */
export async function readDay(
  store: Store,
  day: SymbolDay,
  checks: ReadonlyMap<TickType, TypeChecks>,
  watch: MarketWatch,
): Promise<void> {
  const opened: AsyncGenerator[] = [];
  const seen = <Rows extends TimedRows>(
    type: TickType,
    read: () => AsyncIterable<Rows>,
  ): AsyncIterable<Rows> => {
    const own = checks.get(type);
    if (own === undefined) return nothing();
    const rows = watched(read(), own);
    opened.push(rows);
    return rows;
  };
  const replay = new Replay(watch);
  try {
    await replay.run({
      trades: seen("trades", () => readIdentifiedTrades(store, day, REUSED)),
      bookChanges: seen("incremental_book_L2", () => readBookChanges(store, day, REUSED)),
      quotes: seen("quotes", () => readQuotes(store, day, REUSED)),
      snapshots: seen("book_snapshot_25", () =>
        readSnapshots(store, day, { depth: 25, ...REUSED }),
      ),
      shallowSnapshots: seen("book_snapshot_5", () =>
        readSnapshots(store, day, { depth: 5, ...REUSED }),
      ),
    });
  } finally {
    // Where one is damaged, the others' files are still open.
    for (const rows of opened) await rows.return(undefined);
  }
  replay.finish();
  for (const [type, own] of checks) {
    if (REPLAYED.includes(type)) continue;
    const rows = readSelected<TimedRows>(store, partitionFolder({ ...day, type }), TIMES);
    for await (const batch of rows) own.update(batch);
  }
}

async function* nothing<Rows>(): AsyncGenerator<Rows> {}

async function* watched<Rows extends TimedRows>(
  batches: AsyncIterable<Rows>,
  checks: TypeChecks,
): AsyncGenerator<Rows> {
  for await (const batch of batches) {
    checks.update(batch);
    yield batch;
  }
}
