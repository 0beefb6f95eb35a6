// What happened in some minutes, event by event, as the features were told it?
import { BarBook, bookImbalance } from "../../features/bar-book.js";
import { newBook } from "../../market/book.js";
import { bookEvents } from "../../market/book-events.js";
import type { BookSource } from "../../market/book-source.js";
import type { BookView } from "../../market/book-view.js";
import type { MarketListener } from "../../market/market-stream.js";
import { Replay } from "../../market/replay.js";
import { readManifest, readTrades, type SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import type { DataType } from "../../store/tables.js";
import type { PictureWindow } from "../pictures/finding-window.js";

/** Trades in arrival order; all columns have the same length. */
export interface LookTrades {
  readonly timesUs: Float64Array;
  /** 1 buy, −1 sell, 0 unknown. */
  readonly side: Float64Array;
  readonly price: Float64Array;
  readonly amount: Float64Array;
  /** Mid of the last valid book before the trade; NaN where there was none. */
  readonly midBefore: Float64Array;
}

/** Book states in arrival order, from what stood when the window began on; NaN where the book was not valid. */
export interface LookStates {
  readonly timesUs: Float64Array;
  readonly bidPrice: Float64Array;
  readonly askPrice: Float64Array;
  /** Imbalance of the best level, and of the best five. */
  readonly imbalance1: Float64Array;
  readonly imbalance5: Float64Array;
  /** Order flow e of the change to the state; 0 where it is none. */
  readonly flow: Float64Array;
}

/** Events of a window; empty columns for what the store does not have. */
export interface LookTicks {
  readonly trades: LookTrades;
  readonly states: LookStates;
}

const TRADE_COLUMNS = ["timesUs", "side", "price", "amount", "midBefore"] as const;
const STATE_COLUMNS = [
  "timesUs",
  "bidPrice",
  "askPrice",
  "imbalance1",
  "imbalance5",
  "flow",
] as const;

/** Which events, and how they were told to the features. */
export interface LookRequest {
  readonly day: SymbolDay;
  /** Events from its beginning up to its end, which is not in it. */
  readonly window: PictureWindow;
  readonly bookSource: BookSource;
  /** Age of the last book event beyond which a book is not valid, µs. */
  readonly staleAfterUs: number;
}

/**
 * Trades and book states of a window, replayed from the day's beginning through the same arithmetic as the features.
 *
 * @throws {DataError} a partition is damaged
 */
export async function lookTicks(store: Store, request: LookRequest): Promise<LookTicks> {
  const { day, window, bookSource } = request;
  const rows = new TickRows(request);
  const replay = new Replay(rows, { book: newBook(bookSource) });
  const has = async (type: DataType): Promise<boolean> =>
    ((await readManifest(store, { ...day, type }))?.rows ?? 0) > 0;
  const book = (await has(bookSource)) ? bookEvents(store, day, bookSource) : {};
  const trades = (await has("trades")) ? { trades: readTrades(store, day) } : {};
  const events = Object.entries({ ...trades, ...book }) as [string, AsyncIterable<Timed>][];
  await replay.run(
    Object.fromEntries(events.map(([name, batches]) => [name, until(batches, window.toUs)])),
  );
  replay.finish();
  return rows.columns();
}

type Timed = { readonly localTimestampUs: Float64Array };

/** Batches up to a time. */
async function* until(batches: AsyncIterable<Timed>, toUs: number): AsyncGenerator<never> {
  for await (const batch of batches) {
    yield batch as never;
    if (batch.localTimestampUs.at(-1)! >= toUs) return;
  }
}

/** Collects the events of a window. */
class TickRows implements MarketListener {
  private readonly window: PictureWindow;
  private readonly staleAfterUs: number;
  private readonly barBook: BarBook;
  private readonly trades: number[] = [];
  private readonly states: number[] = [];
  /** The last state, without its time and flow; what stands when the window begins is its first. */
  private standing: readonly number[] = [];
  private standingUs = Number.NEGATIVE_INFINITY;

  constructor({ window, staleAfterUs }: Pick<LookRequest, "window" | "staleAfterUs">) {
    this.window = window;
    this.staleAfterUs = staleAfterUs;
    this.barBook = new BarBook(staleAfterUs);
  }

  onTrade(localUs: number, _exchangeUs: number, side: number, price: number, amount: number): void {
    const { fromUs, toUs } = this.window;
    if (localUs < fromUs || localUs >= toUs) return;
    this.trades.push(localUs, side, price, amount, this.barBook.midBefore(localUs));
  }

  onBook(localUs: number, book: BookView): void {
    const { fromUs, toUs } = this.window;
    if (localUs >= toUs) return;
    if (localUs >= fromUs) this.settle(localUs);
    this.barBook.beginBar();
    this.barBook.onBook(localUs, book);
    // A line that breaks off is drawn up to where it does.
    if (!book.isOrdered() && this.states.length > 0) this.states.push(localUs, ...this.standing, 0);
    this.standing = book.isOrdered()
      ? [book.bidPrice(), book.askPrice(), bookImbalance(book, 1), bookImbalance(book, 5)]
      : INVALID;
    this.standingUs = localUs;
    if (localUs < fromUs) return;
    this.states.push(localUs, ...this.standing, this.barBook.orderFlow);
  }

  columns(): LookTicks {
    const { toUs } = this.window;
    this.settle(toUs);
    const staleUs = this.standingUs + this.staleAfterUs;
    // A last row, so that lines reach the end.
    if (this.states.length > 0 && staleUs >= toUs) this.states.push(toUs, ...this.standing, 0);
    return {
      trades: columnsOf(TRADE_COLUMNS, this.trades),
      states: columnsOf(STATE_COLUMNS, this.states),
    };
  }

  /** What stood before the first event of the window, and the end of a state that has grown too old by the next. */
  private settle(nextUs: number): void {
    const { fromUs, toUs } = this.window;
    const staleUs = this.standingUs + this.staleAfterUs;
    if (this.states.length === 0 && this.standing.length > 0 && staleUs >= fromUs) {
      this.states.push(fromUs, ...this.standing, 0);
    }
    const isSeen = this.states.length > 0 && staleUs >= fromUs && staleUs < toUs;
    if (isSeen && staleUs < nextUs) {
      this.states.push(staleUs, ...this.standing, 0, staleUs, ...INVALID, 0);
    }
  }
}

const INVALID: readonly number[] = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];

/** Rows one after the other as columns. */
function columnsOf<Name extends string>(
  names: readonly Name[],
  rows: readonly number[],
): Record<Name, Float64Array> {
  const columns = names.map((name, at) => [
    name,
    Float64Array.from(
      { length: rows.length / names.length },
      (_, i) => rows[i * names.length + at]!,
    ),
  ]);
  return Object.fromEntries(columns) as Record<Name, Float64Array>;
}
