// What did a tick source know of each minute?
import { DAY_US, dateOf, dayStartUs, MINUTE_US } from "../../core/time.js";
import { BOOK_SOURCES, type BookSource } from "../../market/book-source.js";
import { baseAmount, contractOf } from "../../market/contract.js";
import { ExchangeMinutes, type MinuteCandles } from "../../market/exchange-minutes.js";
import { STALE_AFTER_US } from "../../market/order-book.js";
import { Replay } from "../../market/replay.js";
import { readBookChanges, readManifest, readTrades, type SymbolDay } from "../../store/read.js";
import { readSnapshots } from "../../store/read-snapshots.js";
import type { Store } from "../../store/store.js";
import type { DataType } from "../../store/tables.js";
import { ValidBookMinutes } from "./valid-book-minutes.js";

/** Whose days; the days follow each other. */
export interface SymbolDays {
  readonly exchange: string;
  readonly symbol: string;
  /** `yyyy-mm-dd`, in order, at least one. */
  readonly days: readonly string[];
}

/** Minutes of whole days, made from trades. */
export interface TradeMinutes extends MinuteCandles {
  /** Trades made in each minute by the exchange's time. */
  readonly trades: Float64Array;
}

/** Minutes of whole days, made from ticks. */
export interface TickMinutes extends TradeMinutes {
  /** Book states that arrived in each minute. */
  readonly bookStates: Float64Array;
  /** Time of each minute, by arrival, in which a valid book was known, µs. */
  readonly validBookUs: Float64Array;
  /** What the book was made from; the best that the days have. */
  readonly bookSource: BookSource | null;
}

/** Trades of a minute may arrive this long after the day they were made in. */
const LATE_US = 10 * MINUTE_US;

/**
 * Sums up the stored trades and book states of some days by minute. Memory grows with the minutes, not with the ticks.
 *
 * @throws {DataError} a partition is damaged
 */
export async function tickMinutes(store: Store, range: SymbolDays): Promise<TickMinutes> {
  const bars = await tradeMinutes(store, range);
  const endUs = bars.startUs + bars.close.length * MINUTE_US;
  const book = new ValidBookMinutes(bars.startUs, bars.close.length, STALE_AFTER_US);
  const bookSource = await addBook(store, daysFrom(range, bars.startUs, endUs), book);
  return { ...bars, bookStates: book.states, validBookUs: book.validUs, bookSource };
}

/**
 * Sums up the stored trades of some days by the minute in which the exchange says they were made; those that arrived on the
 * neighbouring days are looked for too.
 *
 * @throws {DataError} a partition is damaged
 */
export async function tradeMinutes(store: Store, range: SymbolDays): Promise<TradeMinutes> {
  const startUs = dayStartUs(range.days[0]!);
  const endUs = dayStartUs(range.days.at(-1)!) + DAY_US;
  const candles = new ExchangeMinutes(startUs, (endUs - startUs) / MINUTE_US);
  for (const day of daysFrom(range, startUs - DAY_US, endUs + DAY_US)) {
    await addTrades(store, day, candles, { startUs, endUs });
  }
  const { open, high, low, close, volume, trades } = candles;
  return { startUs, open, high, low, close, volume, trades };
}

function daysFrom(range: SymbolDays, fromUs: number, toUs: number): readonly SymbolDay[] {
  const { exchange, symbol } = range;
  const count = (toUs - fromUs) / DAY_US;
  return Array.from({ length: count }, (_, i) => {
    return { exchange, symbol, date: dateOf(fromUs + i * DAY_US) };
  });
}

/** Adds a day's trades, those of a neighbouring day only where they may have been made in the asked time. */
async function addTrades(
  store: Store,
  day: SymbolDay,
  candles: ExchangeMinutes,
  { startUs, endUs }: { readonly startUs: number; readonly endUs: number },
): Promise<void> {
  const manifest = await readManifest(store, { ...day, type: "trades" });
  if (manifest === undefined || manifest.first === null || manifest.last === null) return;
  if (manifest.last.timestampUs < startUs || manifest.first.timestampUs >= endUs) return;
  const contract = contractOf(day.exchange, day.symbol);
  for await (const { localTimestampUs, timestampUs, price, amount } of readTrades(store, day)) {
    for (let i = 0; i < price.length; i++) {
      const base = baseAmount(contract, price[i]!, amount[i]!);
      candles.add(timestampUs[i]!, price[i]!, base);
    }
    if (localTimestampUs.at(-1)! > endUs + LATE_US) return;
  }
}

/** Adds the book of each day, and says what it was made from. */
async function addBook(
  store: Store,
  days: readonly SymbolDay[],
  book: ValidBookMinutes,
): Promise<BookSource | null> {
  let best: BookSource | null = null;
  let replay: Replay | undefined;
  for (const day of days) {
    const source = await bookSourceOf(store, day);
    if (source !== "incremental_book_L2") replay = endReplay(replay);
    if (source === undefined) continue;
    if (best === null || BOOK_SOURCES.indexOf(source) < BOOK_SOURCES.indexOf(best)) best = source;
    if (source === "incremental_book_L2") {
      replay ??= replayInto(book);
      await replay.run({ bookChanges: readBookChanges(store, day) });
    } else await addSnapshots(store, day, source, book);
  }
  endReplay(replay);
  book.end();
  return best;
}

function replayInto(book: ValidBookMinutes): Replay {
  return new Replay({
    onTrade: () => {},
    onBook: (localUs, state) => book.onState(localUs, state.isOrdered()),
  });
}

/** A day without changes ends the stream: the next one begins with a book of its own. */
function endReplay(replay: Replay | undefined): undefined {
  replay?.finish();
}

async function addSnapshots(
  store: Store,
  day: SymbolDay,
  source: Exclude<BookSource, "incremental_book_L2">,
  book: ValidBookMinutes,
): Promise<void> {
  const depth = source === "book_snapshot_25" ? 25 : 5;
  for await (const batch of readSnapshots(store, day, { depth, levels: 1 })) {
    const { localTimestampUs, bidPrice, askPrice } = batch;
    for (let i = 0; i < localTimestampUs.length; i++) {
      book.onState(localTimestampUs[i]!, bidPrice[0]![i]! < askPrice[0]![i]!);
    }
  }
}

async function bookSourceOf(store: Store, day: SymbolDay): Promise<BookSource | undefined> {
  for (const type of BOOK_SOURCES) {
    const key = { ...day, type: type satisfies DataType };
    if ((await readManifest(store, key)) !== undefined) return type;
  }
  return undefined;
}
