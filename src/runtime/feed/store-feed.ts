// The store's days as a feed: every symbol's stored events, from one moment on.
import { DAY_US, dateOf, dayStartUs } from "../../core/time.js";
import { bookEvents } from "../../market/book-events.js";
import { BOOK_SOURCES } from "../../market/book-source.js";
import type { MarketSources } from "../../market/event-cursors.js";
import { MarketsReplay } from "../../market/markets-replay.js";
import { readManifest, readTrades, type SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import type { FeedSource } from "./feed.js";

/** Which days are replayed. */
export interface StoreFeedRequest {
  readonly exchange: string;
  /** `yyyy-mm-dd`, in order. */
  readonly days: readonly string[];
}

/** No batch is kept; each file is checked before anything of it is told, since what is told may be acted on. */
const REUSED = { isReused: true } as const;

/** A feed of stored days; days that a symbol has nothing of are passed over. */
export function storeFeed(store: Store, { exchange, days }: StoreFeedRequest): FeedSource {
  return {
    canRewind: true,
    open: async (markets, keeper, fromUs) => {
      const first = dateOf(fromUs);
      const asked = days.filter((date) => date >= first);
      const replayed = [];
      for (const { symbol, stream } of markets) {
        const { source } = stream.book;
        const present = async (type: "trades" | typeof source): Promise<readonly SymbolDay[]> => {
          const all = asked.map((date) => ({ exchange, symbol, date }));
          const has = await Promise.all(
            all.map(async (day) => (await readManifest(store, { ...day, type })) !== undefined),
          );
          return all.filter((_, i) => has[i]);
        };
        const books = await present(source);
        const trades = await present("trades");
        const read = (day: SymbolDay): AsyncGenerator<Timed> => {
          const { bookChanges, bookSnapshots } = bookEvents(store, day, source, REUSED);
          return (bookChanges ?? bookSnapshots)! as AsyncGenerator<Timed>;
        };
        const book = eventsFrom(books, read, fromUs);
        const name = source === "incremental_book_L2" ? "bookChanges" : "bookSnapshots";
        const sources = {
          trades: eventsFrom(trades, (day) => readTrades(store, day, REUSED), fromUs),
          [name]: book,
        } as MarketSources;
        replayed.push({ stream, sources });
      }
      const replay = new MarketsReplay(replayed, keeper);
      return { run: () => replay.run(), close: () => replay.close() };
    },
  };
}

/**
 * End of the time that days are replayed to: of the last day where the store goes on after it, for then its bars do, too.
 *
 * @returns undefined where the store has no day after them: the bar of the last event is the last
 */
export async function endOfReplay(
  store: Store,
  { exchange, symbols, days }: StoreFeedRequest & { readonly symbols: readonly string[] },
): Promise<number | undefined> {
  const endUs = dayStartUs(days.at(-1)!) + DAY_US;
  for (const symbol of symbols) {
    for (const type of ["trades", ...BOOK_SOURCES] as const) {
      const next = { exchange, symbol, date: dateOf(endUs), type };
      if ((await readManifest(store, next)) !== undefined) return endUs;
    }
  }
  return undefined;
}

interface Timed {
  readonly localTimestampUs: Float64Array;
}

/** Batches of days one after the other, without what arrived before a time. */
async function* eventsFrom<Table extends Timed>(
  days: readonly SymbolDay[],
  read: (day: SymbolDay) => AsyncGenerator<Table>,
  fromUs: number,
): AsyncGenerator<Table, void, undefined> {
  for (const day of days) {
    for await (const batch of read(day)) {
      const times = batch.localTimestampUs;
      if (times[0]! >= fromUs) yield batch;
      else if (times[times.length - 1]! >= fromUs) {
        yield rowsFrom(
          batch,
          times.findIndex((timeUs) => timeUs >= fromUs),
        );
      }
    }
  }
}

/** Views of a table's rows from one on. */
function rowsFrom<Table extends Timed>(table: Table, row: number): Table {
  const cut = (column: Float64Array): Float64Array => column.subarray(row);
  const columns = Object.entries(table).map(([name, column]) => [
    name,
    Array.isArray(column) ? column.map(cut) : cut(column as Float64Array),
  ]);
  return Object.fromEntries(columns) as Table;
}
