// For tests only: a synthetic market of random trades and book messages, and a driver that gives its feature rows.
import { seededRandom } from "../core/random.js";
import { DAY_US, SECOND_US } from "../core/time.js";
import { Replay } from "../market/replay.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { BookChanges, Trades } from "../store/tables.js";
import { writePartition } from "../store/write.js";
import { createFeatureEngine } from "./engine.js";
import type { EngineSettings } from "./engine-settings.js";
import type { FeatureRow } from "./feature-rows.js";

/** Events of one symbol. */
export interface Market {
  readonly trades: Trades;
  readonly bookChanges: BookChanges;
}

/** Bars of a second, so that a thousand of them are cheap. */
export const BAR_US: number = SECOND_US;

/** Where synthetic markets begin: ten minutes before midnight. */
export const START_US: number = 20_000 * DAY_US - 600 * SECOND_US;

/** Mid of the first book; prices are multiples of 1/64, so that mirroring them is exact. */
export const FIRST_MID: number = 1024 + 1 / 128;

const TICK = 1 / 64;

interface ChangeRow {
  readonly timeUs: number;
  readonly isSnapshot: boolean;
  readonly side: 1 | -1;
  readonly price: number;
  readonly amount: number;
}

type TradeRow = Omit<ChangeRow, "isSnapshot" | "side"> & {
  readonly side: -1 | 0 | 1;
  /** Left out: 5 ms before the arrival. */
  readonly exchangeUs?: number;
};

/**
 * A market of random walk, changing depth, reconnect snapshots, silent stretches, a crossed state now and then, trades of
 * all sides, some of one order, and bars without any.
 *
 * @param seed - another seed, another market
 * @param bars - its length
 * @param options.barUs - about eight events come in so much time
 */
export function syntheticMarket(
  seed: number,
  bars: number,
  { barUs = BAR_US }: { readonly barUs?: number } = {},
): Market {
  const random = seededRandom(seed, "synthetic market");
  const changes: ChangeRow[] = [];
  const trades: TradeRow[] = [];
  let timeUs = START_US + random.below(SECOND_US);
  let bidTick = Math.floor(FIRST_MID / TICK);
  const amount = (): number => (1 + random.below(4000)) / 64;
  const level = (side: 1 | -1, depth: number, isSnapshot: boolean): ChangeRow => ({
    timeUs,
    isSnapshot,
    side,
    price: (side === 1 ? bidTick - depth : bidTick + 1 + depth) * TICK,
    amount: isSnapshot || random.uniform() < (depth === 0 ? 0.9 : 0.8) ? amount() : 0,
  });
  const deleted = (side: 1 | -1, tick: number): ChangeRow => {
    return { timeUs, isSnapshot: false, side, price: tick * TICK, amount: 0 };
  };
  const snapshot = (): void => {
    for (let depth = 0; depth < 25; depth++) {
      changes.push(level(1, depth, true), level(-1, depth, true));
    }
  };
  snapshot();
  while (timeUs < START_US + bars * barUs) {
    const isSilent = random.uniform() < 0.001;
    timeUs += 1 + Math.floor(random.exponential() * (isSilent ? 4 : 0.12) * barUs);
    const kind = random.uniform();
    if (kind < 0.3) {
      const side = ([1, -1, 0, 1, -1] as const)[random.below(5)]!;
      const price = (bidTick + (side === 1 ? 1 : 0) + random.below(2) * side) * TICK;
      trades.push({ timeUs, side, price, amount: amount() });
      // An order that meets several others: the same exchange time, told one after the other.
      for (const exchangeUs = timeUs - 5000; random.uniform() < 0.3; timeUs++) {
        trades.push({ timeUs, exchangeUs, side, price: price + side * TICK, amount: amount() });
      }
      if (random.uniform() < 0.3) continue;
    }
    if (kind > 0.998) snapshot();
    else if (kind > 0.995) changes.push({ ...level(1, -2, false), amount: amount() });
    else {
      const move = random.uniform() < 0.2 ? (random.below(2) === 0 ? 1 : -1) : 0;
      // What the move leaves on the wrong side of the new best prices is deleted with it.
      for (let depth = 0; depth < 3; depth++) {
        changes.push(deleted(1, bidTick + move + 1 + depth), deleted(-1, bidTick + move - depth));
      }
      bidTick += move;
      const near = [level(1, 0, false), level(-1, 0, false)];
      changes.push(...near, level(1, random.below(25), false), level(-1, random.below(25), false));
    }
  }
  return { trades: tradeColumns(trades), bookChanges: changeColumns(changes) };
}

/**
 * The rows that an engine gives for a market.
 *
 * @param settings - bars of a second and a short staleness unless set
 */
export async function featureRows(
  { trades, bookChanges }: Partial<Market>,
  settings: EngineSettings = { barUs: BAR_US, staleAfterUs: 3 * SECOND_US },
): Promise<readonly FeatureRow[]> {
  const rows: FeatureRow[] = [];
  const engine = createFeatureEngine((row) => rows.push(row), settings);
  const replay = new Replay(engine, { book: engine.book });
  await replay.run({
    trades: trades === undefined ? [] : [trades],
    bookChanges: bookChanges === undefined ? [] : [bookChanges],
  });
  replay.finish();
  engine.finish();
  return rows;
}

/** A copy of a table with only the rows from one to before another. */
export function slice<Table extends Trades | BookChanges>(
  table: Table,
  from: number,
  to: number = table.price.length,
): Table {
  const entries = Object.entries(table).map(([name, column]) => [name, column.slice(from, to)]);
  return Object.fromEntries(entries) as Table;
}

/** Two tables of one kind, one after the other. */
export function concat<Table extends Trades | BookChanges>(first: Table, second: Table): Table {
  const entries = Object.entries(first).map(([name, column]: [string, Float64Array]) => {
    const next = second[name as keyof Table] as unknown as Float64Array;
    const both = new (column.constructor as Float64ArrayConstructor)(column.length + next.length);
    both.set(column);
    both.set(next, column.length);
    return [name, both];
  });
  return Object.fromEntries(entries) as Table;
}

/** Number of a table's rows that arrive before a time. */
export function rowsBefore({ localTimestampUs }: Trades | BookChanges, timeUs: number): number {
  const at = localTimestampUs.findIndex((time) => time >= timeUs);
  return at === -1 ? localTimestampUs.length : at;
}

/** Trades from rows. */
export function tradeColumns(rows: readonly TradeRow[]): Trades {
  const count = rows.length;
  return {
    localTimestampUs: filled(new Float64Array(count), rows, (row) => row.timeUs),
    timestampUs: filled(
      new Float64Array(count),
      rows,
      (row) => row.exchangeUs ?? row.timeUs - 5000,
    ),
    side: filled(new Int8Array(count), rows, (row) => row.side),
    price: filled(new Float64Array(count), rows, (row) => row.price),
    amount: filled(new Float64Array(count), rows, (row) => row.amount),
  };
}

/** Book changes from rows. */
export function changeColumns(rows: readonly ChangeRow[]): BookChanges {
  const count = rows.length;
  return {
    localTimestampUs: filled(new Float64Array(count), rows, (row) => row.timeUs),
    timestampUs: filled(new Float64Array(count), rows, (row) => row.timeUs - 5000),
    isSnapshot: filled(new Uint8Array(count), rows, (row) => (row.isSnapshot ? 1 : 0)),
    side: filled(new Int8Array(count), rows, (row) => row.side),
    price: filled(new Float64Array(count), rows, (row) => row.price),
    amount: filled(new Float64Array(count), rows, (row) => row.amount),
  };
}

/** A column with a value of each row; `from` of a typed array takes several times as long. */
function filled<Column extends Float64Array | Int8Array | Uint8Array, Row>(
  column: Column,
  rows: readonly Row[],
  toValue: (row: Row) => number,
): Column {
  for (let i = 0; i < rows.length; i++) column[i] = toValue(rows[i]!);
  return column;
}

/** Puts a day's events into a store. */
export async function storeMarket(
  store: Store,
  day: SymbolDay,
  { trades, bookChanges }: Partial<Market>,
): Promise<void> {
  const source = { kind: "file", path: "test", bytes: 1, sha256: "0".repeat(64) } as const;
  if (trades !== undefined) {
    const { timestampUs, localTimestampUs, side, price, amount } = trades;
    const ids = Array.from(price, (_, i) => String(i));
    await writePartition(store, { ...day, type: "trades" }, async ({ append }) => {
      append([timestampUs, localTimestampUs, ids, side, price, amount], price.length);
      return { source, rejected: {} };
    });
  }
  if (bookChanges !== undefined) {
    const { timestampUs, localTimestampUs, isSnapshot, side, price, amount } = bookChanges;
    await writePartition(store, { ...day, type: "incremental_book_L2" }, async ({ append }) => {
      append([timestampUs, localTimestampUs, isSnapshot, side, price, amount], price.length);
      return { source, rejected: {} };
    });
  }
}
