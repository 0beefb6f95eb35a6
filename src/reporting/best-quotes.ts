// Where do the best bid and ask of a day come from, when not every source has quotes?
import { Replay } from "../market/replay.js";
import {
  readBookChanges,
  readColumns,
  readManifest,
  readQuotes,
  type SymbolDay,
} from "../store/read.js";
import type { Store } from "../store/store.js";
import type { DataType, PartitionKey, Quotes } from "../store/tables.js";

/** Best quotes of a symbol's day and the type of data that they were taken from. */
export interface BestQuotes {
  readonly source: DataType;
  readonly batches: AsyncIterable<Quotes>;
}

/** Types that hold best quotes, the plainest first; the last has to be replayed. */
const SOURCES: readonly DataType[] = [
  "quotes",
  "book_snapshot_25",
  "book_snapshot_5",
  "incremental_book_L2",
];

/**
 * Best quotes of a symbol's day in arrival order: the exchange's own where they are stored, else the first level of book
 * snapshots, else those of the book rebuilt from its changes, one row for each state whose best level differs from the
 * state before.
 *
 * @returns undefined where the store has none of them
 * @throws {DataError} a partition is damaged
 */
export async function bestQuotes(store: Store, day: SymbolDay): Promise<BestQuotes | undefined> {
  for (const source of SOURCES) {
    const manifest = await readManifest(store, { ...day, type: source });
    if (manifest !== undefined && manifest.rows > 0) {
      return { source, batches: read(store, { ...day, type: source }) };
    }
  }
  return undefined;
}

function read(store: Store, key: PartitionKey): AsyncIterable<Quotes> {
  if (key.type === "quotes") return readQuotes(store, key);
  return key.type === "incremental_book_L2" ? replayed(store, key) : firstLevels(store, key);
}

async function* firstLevels(store: Store, key: PartitionKey): AsyncGenerator<Quotes> {
  const names = ["bids[0].price", "bids[0].amount", "asks[0].price", "asks[0].amount"];
  const columns = await readColumns(store, key, ["local_timestamp", "timestamp", ...names]);
  const column = (name: string): Float64Array => columns[name] as Float64Array;
  yield {
    localTimestampUs: column("local_timestamp"),
    timestampUs: column("timestamp"),
    bidPrice: column(names[0]!),
    bidAmount: column(names[1]!),
    askPrice: column(names[2]!),
    askAmount: column(names[3]!),
  };
}

async function* replayed(store: Store, day: SymbolDay): AsyncGenerator<Quotes> {
  let rows: number[] = [];
  let last: readonly number[] = [];
  const replay = new Replay({
    onTrade: () => {},
    onBook: (localUs, book) => {
      if (!book.isOrdered()) return;
      const best = [book.bidPrice(), book.bidAmount(), book.askPrice(), book.askAmount()];
      if (best.every((value, i) => value === last[i])) return;
      last = best;
      rows.push(localUs, ...best);
    },
  });
  for await (const batch of readBookChanges(store, day)) {
    await replay.run({ bookChanges: [batch] });
    yield quotesOf(rows);
    rows = [];
  }
  replay.finish();
  yield quotesOf(rows);
}

/** Rows of time, bid, its amount, ask, its amount, one after the other, as columns. */
function quotesOf(rows: readonly number[]): Quotes {
  const column = (at: number): Float64Array =>
    Float64Array.from({ length: rows.length / 5 }, (_, i) => rows[5 * i + at]!);
  const localTimestampUs = column(0);
  return {
    localTimestampUs,
    // A rebuilt state has no exchange time of its own.
    timestampUs: new Float64Array(localTimestampUs.length).fill(Number.NaN),
    bidPrice: column(1),
    bidAmount: column(2),
    askPrice: column(3),
    askAmount: column(4),
  };
}
