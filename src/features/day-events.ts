// The events of a day as the store holds them, and the first of them apart.
import { bookEvents } from "../market/book-events.js";
import type { MarketSources } from "../market/event-cursors.js";
import { readTrades } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { BookChanges, BookSnapshots, Trades } from "../store/tables.js";
import type { DayBarsJob } from "./day-bars.js";
import type { FeatureInput } from "./feature-partition.js";

/** The first events of a day as columns, which can be sent to another thread. */
export interface HeadEvents {
  readonly trades?: Trades;
  readonly bookChanges?: BookChanges;
  readonly bookSnapshots?: BookSnapshots;
}

/** A day's events. */
export interface DayEvents {
  readonly sources: MarketSources;
  /** Those before the end of the first bar; undefined where a type has more than a batch of them. */
  readonly head: HeadEvents | undefined;
}

/** No batch is kept, and nothing is told before all of them were taken in. */
const REUSED = { isReused: true, isCheckedMeanwhile: true } as const;

/**
 * Opens a day's events.
 *
 * @throws {DataError} a partition is damaged
 */
export async function dayEvents(
  store: Store,
  { day, inputs, settings }: Pick<DayBarsJob, "day" | "inputs" | "settings">,
): Promise<DayEvents> {
  const has = (type: FeatureInput): boolean => (inputs[type] ?? null) !== null;
  const { bookSource } = settings;
  const streams: Record<string, AsyncGenerator<Trades | BookChanges | BookSnapshots>> = {
    ...(has("trades") ? { trades: readTrades(store, day, REUSED) } : {}),
    ...(has(bookSource) ? bookEvents(store, day, bookSource, REUSED) : {}),
  };
  const all: (readonly [string, Opened<unknown>])[] = [];
  for (const [name, stream] of Object.entries(streams)) all.push([name, await open(stream)]);
  const firstUs = Math.min(...all.map(([, { firstUs: ownUs }]) => ownUs));
  const endUs = (Math.floor(firstUs / settings.barUs) + 1) * settings.barUs;
  const heads = all.map(([name, stream]) => [name, stream.before(endUs)] as const);
  return {
    sources: Object.fromEntries(all.map(([name, { batches }]) => [name, batches])),
    head: heads.some(([, head]) => head === undefined)
      ? undefined
      : Object.fromEntries(heads.filter(([, head]) => head !== "nothing")),
  };
}

/** A stream whose first batch has been looked at. */
interface Opened<Table> {
  /** Arrival time of the first row; Infinity without rows. */
  readonly firstUs: number;
  readonly batches: AsyncIterable<Table>;
  /** A copy of the rows before a time, where they are all in the first batch. */
  readonly before: (endUs: number) => Table | "nothing" | undefined;
}

async function open<Table extends Trades | BookChanges | BookSnapshots>(
  stream: AsyncGenerator<Table>,
): Promise<Opened<Table>> {
  const { value, done } = await stream.next();
  const first = done === true ? undefined : (value as Table);
  return {
    firstUs: first?.localTimestampUs[0] ?? Number.POSITIVE_INFINITY,
    batches: withFirst(first, stream),
    before: (endUs) => {
      if (first === undefined) return "nothing";
      const rows = first.localTimestampUs.findIndex((timeUs) => timeUs >= endUs);
      return rows === -1 ? undefined : firstRows(first, rows);
    },
  };
}

async function* withFirst<Table>(
  first: Table | undefined,
  rest: AsyncGenerator<Table>,
): AsyncGenerator<Table> {
  try {
    if (first !== undefined) yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** A copy of a table's first rows. */
function firstRows<Table extends object>(table: Table, rows: number): Table {
  const columns = Object.entries(table) as [string, Float64Array | readonly Float64Array[]][];
  return Object.fromEntries(
    columns.map(([name, column]) => [
      name,
      Array.isArray(column)
        ? (column as readonly Float64Array[]).map((level) => level.slice(0, rows))
        : (column as Float64Array).slice(0, rows),
    ]),
  ) as Table;
}
