// For tests only: what events add up to.
import { createFeatureEngine } from "../../features/engine.js";
import type { EngineSettings } from "../../features/engine-settings.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { MarketStream } from "../../market/market-stream.js";
import type { OrderBook } from "../../market/order-book.js";
import type { BookChanges, IdentifiedTrades, Trades } from "../../store/tables.js";
import { EventQueue } from "./event-queue.js";
import type { FeedEvent } from "./feed-event.js";
import type { LiveStream } from "./open-stream.js";

/** A stream that has brought some events, and then says nothing more until it is closed. */
export function broughtStream(events: readonly FeedEvent[]): LiveStream {
  const queue = new EventQueue(events.length + 1);
  for (const event of events) queue.push(event);
  return {
    ...{ isLost: false, losses: 0, queued: 0, lagUs: 0, aheadUs: 0 },
    ...{ rejected: {}, errors: [], errorCount: 0 },
    take: () => queue.take(),
    listen: (listener) => queue.listen(listener),
    get isOver() {
      return queue.isOver;
    },
    [Symbol.asyncIterator]: () => queue[Symbol.asyncIterator](),
    close: async () => queue.close(),
  };
}

/** Events until the recording is over. */
export async function untilEnd(events: AsyncIterable<FeedEvent>): Promise<readonly FeedEvent[]> {
  return until(events, ({ kind }) => kind === "end");
}

/** Events up to the first that is looked for. */
export async function until(
  events: AsyncIterable<FeedEvent>,
  isLast: (event: FeedEvent) => boolean,
): Promise<readonly FeedEvent[]> {
  const list: FeedEvent[] = [];
  for await (const event of events) {
    list.push(event);
    if (isLast(event)) break;
  }
  return list;
}

/** Trades of a symbol as columns. */
export function tradesOf(events: readonly FeedEvent[], symbol: string): IdentifiedTrades {
  const list = events.filter((event) => event.kind === "trade" && event.symbol === symbol);
  const trades = list as readonly Extract<FeedEvent, { kind: "trade" }>[];
  return {
    localTimestampUs: Float64Array.from(trades, (trade) => trade.localUs),
    timestampUs: Float64Array.from(trades, (trade) => trade.exchangeUs),
    id: trades.map((trade) => trade.id),
    side: Int8Array.from(trades, (trade) => trade.side),
    price: Float64Array.from(trades, (trade) => trade.price),
    amount: Float64Array.from(trades, (trade) => trade.amount),
  };
}

/** Rows of a symbol's book as columns. */
export function changesOf(events: readonly FeedEvent[], symbol: string): BookChanges {
  return joined(
    events.flatMap((event) =>
      event.kind === "book" && event.symbol === symbol ? [event.rows] : [],
    ),
  );
}

/** Tables of one kind, one after the other. */
export function joined<Table extends Trades | BookChanges>(tables: readonly Table[]): Table {
  const columns = Object.entries(tables[0]!).map(([name, first]) => {
    const parts = tables.map((table) => table[name as keyof Table] as Float64Array);
    const whole = new (first.constructor as Float64ArrayConstructor)(
      parts.reduce((rows, part) => rows + part.length, 0),
    );
    let row = 0;
    for (const part of parts) {
      whole.set(part, row);
      row += part.length;
    }
    return [name, whole];
  });
  return Object.fromEntries(columns) as Table;
}

/** Features that the engine makes of a symbol's events. */
export function featuresOf(
  events: readonly FeedEvent[],
  symbol: string,
  settings: EngineSettings = {},
): readonly FeatureRow[] {
  const rows: FeatureRow[] = [];
  const engine = createFeatureEngine((row) => rows.push(copyOf(row)), settings);
  const book = engine.book as OrderBook;
  const market = new MarketStream(engine, { book });
  for (const event of events) {
    if (event.kind === "disconnect") market.lose();
    if (!("symbol" in event) || event.symbol !== symbol) continue;
    if (event.kind !== "trade" && event.kind !== "book") continue;
    market.begin(event.localUs);
    if (event.kind === "book") market.changes(book, event.rows, 0, event.rows.price.length);
    else market.trade(event.localUs, event.exchangeUs, event.side, event.price, event.amount);
  }
  market.finish();
  engine.finish();
  return rows;
}

/** A row of its own: the engine may use its arrays again. */
export function copyOf(row: FeatureRow): FeatureRow {
  return { ...row, values: row.values.slice() };
}

/** Where two tables differ first, bit for bit; undefined where they are equal. (`toEqual` takes seconds for long columns.) */
export function firstDifference(found: object, expected: object): string | undefined {
  const [left, right] = [found, expected] as readonly Readonly<
    Record<string, ArrayLike<unknown>>
  >[];
  const names = new Set([...Object.keys(left!), ...Object.keys(right!)]);
  for (const name of names) {
    const [ours, theirs] = [left![name], right![name]];
    if (ours?.length !== theirs?.length)
      return `${name}: ${ours?.length} for ${theirs?.length} rows`;
    for (let i = 0; i < ours!.length; i++) {
      if (!Object.is(ours![i], theirs![i])) return `${name} ${i}: ${ours![i]} for ${theirs![i]}`;
    }
  }
  return undefined;
}
