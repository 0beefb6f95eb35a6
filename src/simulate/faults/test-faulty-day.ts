import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { EVENT_TYPES, type EventType, mirrorPath } from "../day-files.js";
import { simulateMarket } from "../simulate-market.js";
import type { PlantedFault } from "./planted-fault.js";

/** First day of the test's market, and its symbols: one of each turn. */
export const DATE = "2024-01-01";
const SYMBOLS = ["BTCUSDT", "ETHUSDT"];

/** One row of a file. */
export class PlainRow {
  readonly line: string;
  /** Exchange and arrival time, µs; fixed places, since every day of a symbol has the same names before them. */
  readonly exchangeUs: number;
  readonly localUs: number;
  #cells: readonly string[] | undefined;

  constructor(line: string) {
    this.line = line;
    this.exchangeUs = Number(line.slice(18, 34));
    this.localUs = Number(line.slice(35, 51));
  }

  get cells(): readonly string[] {
    this.#cells ??= this.line.split(",");
    return this.#cells;
  }
}

/** Rows of a file in their order. */
export type Rows = readonly PlainRow[];

/** A symbol's day as its files tell it; types that were not read have no rows. */
export type ReadDay = Readonly<Record<EventType, Rows>>;

/** Reads a day's files the plain way. */
export function readDay(
  root: string,
  symbol: string,
  types: readonly EventType[] = EVENT_TYPES,
): ReadDay {
  const read = (type: EventType): Rows => {
    if (!types.includes(type)) return [];
    const file = readFileSync(path.join(root, mirrorPath(type, symbol, DATE)));
    const bytes = gunzipSync(file, { chunkSize: 1 << 22 });
    const lines = bytes.toString("latin1").trimEnd().split("\n").slice(1);
    return lines.map((line) => new PlainRow(line));
  };
  return Object.fromEntries(EVENT_TYPES.map((type) => [type, read(type)])) as ReadDay;
}

/** Rows that arrived in a fault's time, both ends included. */
export function rowsWithin(rows: Rows, { fromUs, toUs }: PlantedFault): Rows {
  return rows.filter(({ localUs }) => localUs >= fromUs && localUs <= toUs);
}

/** Prices and amounts of one side, best first. */
export type PlainSide = readonly (readonly [price: number, amount: number])[];

/** A state of the book: after all rows of one arrival time. */
export interface PlainState {
  readonly timeUs: number;
  readonly bids: PlainSide;
  readonly asks: PlainSide;
}

/** Levels of both sides by price. */
type Levels = Readonly<Record<"bid" | "ask", Map<number, number>>>;

/** Books within the rebuilding of a file, by the first row that is not in them: nobody begins at the day's start again. */
const ON_THE_WAY = new WeakMap<Rows, { readonly row: number; readonly levels: Levels }[]>();
const WAY_ROWS = 5000;

/** States of the book rebuilt from its changes, from the last one before a time to the last one up to another. */
export function statesWithin(changes: Rows, fromUs: number, toUs: number): readonly PlainState[] {
  const states: PlainState[] = [];
  // States long before are not worth their sorting.
  const sortedUs = fromUs - 60e6;
  const known = ON_THE_WAY.get(changes) ?? [];
  ON_THE_WAY.set(changes, known);
  const begin = [...known].reverse().find(({ row }) => changes[row]!.localUs < sortedUs);
  const bid = new Map(begin?.levels.bid);
  const ask = new Map(begin?.levels.ask);
  const close = (timeUs: number): void => {
    const bids = [...bid].sort((a, b) => b[0] - a[0]);
    const asks = [...ask].sort((a, b) => a[0] - b[0]);
    if (timeUs < fromUs) states.length = 0;
    states.push({ timeUs, bids, asks });
  };
  const isSnapshotAt = (row: number): boolean => changes[row]?.cells[4] === "true";
  const start = begin?.row ?? 0;
  let timeUs = start === 0 ? Number.NaN : changes[start - 1]!.localUs;
  let wasSnapshot = isSnapshotAt(start - 1);
  for (let row = start; row < changes.length; row++) {
    const { localUs: now, cells } = changes[row]!;
    if (now !== timeUs && now >= sortedUs) close(timeUs);
    if (now > toUs) return states;
    if (row >= (known.at(-1)?.row ?? 0) + WAY_ROWS) {
      known.push({ row, levels: { bid: new Map(bid), ask: new Map(ask) } });
    }
    timeUs = now;
    const isSnapshot = cells[4] === "true";
    if (isSnapshot && !wasSnapshot) {
      bid.clear();
      ask.clear();
    }
    wasSnapshot = isSnapshot;
    const side = cells[5] === "bid" ? bid : ask;
    if (cells[7] === "0") side.delete(Number(cells[6]));
    else if (cells[6] !== "nan") side.set(Number(cells[6]), Number(cells[7]));
  }
  close(timeUs);
  return states;
}

/** Simulates the test's market into a folder, with kinds of faults or none. @returns what was planted */
export async function testMarket(
  folder: string,
  {
    faultKinds,
    types = EVENT_TYPES,
    seed = 7,
    symbols = SYMBOLS,
  }: {
    readonly faultKinds?: readonly string[];
    readonly types?: readonly EventType[];
    readonly seed?: number;
    readonly symbols?: readonly string[];
  },
): Promise<readonly PlantedFault[]> {
  const hasFaults = faultKinds !== undefined;
  await simulateMarket(folder, {
    ...{ symbols, from: DATE, to: "2024-01-02", seed, edge: "informative", types },
    ...(hasFaults ? { hasFaults, faultKinds } : { hasFaults }),
  });
  if (!hasFaults) return [];
  const text = readFileSync(path.join(folder, "faults.json"), "utf8");
  return (JSON.parse(text) as { readonly faults: readonly PlantedFault[] }).faults;
}

/** One fault, the day's files with it and without, and its type's rows. */
export interface FoundFault {
  readonly fault: PlantedFault;
  readonly faulty: ReadDay;
  readonly clean: ReadDay;
  /** Rows that arrived in its time, and the last one before. */
  readonly rows: Rows;
  readonly before: PlainRow;
  /** States of the book in its time, and the first one after. */
  readonly states: () => readonly PlainState[];
  readonly after: () => PlainState;
}

/** A market with faults, found by their kinds, and its days with them and without. */
export interface MarketPair {
  readonly faults: readonly PlantedFault[];
  readonly days: readonly {
    readonly symbol: string;
    readonly clean: ReadDay;
    readonly faulty: ReadDay;
  }[];
  readonly all: (kind: string) => readonly FoundFault[];
  readonly one: (kind: string) => FoundFault;
}

/**
 * A market with faults beside the same one without.
 *
 * @param cleanTypes - types of the one without that are needed
 */
export async function marketPair(
  root: string,
  faultKinds: readonly string[],
  cleanTypes: readonly EventType[] = EVENT_TYPES,
): Promise<MarketPair> {
  await testMarket(path.join(root, "clean"), { types: cleanTypes });
  const faults = await testMarket(path.join(root, "faulty"), { faultKinds });
  const days = SYMBOLS.map((symbol) => ({
    symbol,
    clean: readDay(path.join(root, "clean"), symbol, cleanTypes),
    faulty: readDay(path.join(root, "faulty"), symbol),
  }));
  const all = (kind: string): readonly FoundFault[] =>
    faults
      .filter((one) => one.kind === kind)
      .map((fault) => {
        const { clean, faulty } = days.find(({ symbol }) => symbol === fault.symbol)!;
        const { fromUs, toUs } = fault;
        const file = faulty[fault.type as EventType];
        const states = () => statesWithin(faulty.incremental_book_L2, fromUs, toUs);
        return {
          ...{ fault, faulty, clean },
          rows: rowsWithin(file, fault),
          before: file.filter(({ localUs }) => localUs < fromUs).at(-1) ?? new PlainRow(""),
          states: () => states().filter(({ timeUs }) => timeUs >= fromUs && timeUs < toUs),
          after: () => states().at(-1)!,
        };
      });
  return { faults, days, all, one: (kind: string): FoundFault => all(kind)[0]! };
}
