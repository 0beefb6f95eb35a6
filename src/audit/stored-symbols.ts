// Which days of a symbol does the store have, and what is each of them expected to hold?
import { AUDITED_TYPES, type AuditedType } from "../store/audited-types.js";
import type { Store } from "../store/store.js";
import { tableFolders } from "../store/table-folders.js";
import { dayRuns } from "./day-runs.js";

/** What the store has of a symbol, whichever days an audit is asked for. */
export interface StoredSymbol {
  /** Days of which there is something to audit. */
  readonly days: ReadonlySet<string>;
  /** Types that there are on any day, and those that belong to ticks. */
  readonly types: readonly AuditedType[];
  /** The types that a day is expected to have. */
  readonly typesOf: (date: string) => readonly AuditedType[];
}

/** What tells of the book: a day of ticks has one of them. */
const BOOK_TYPES: readonly AuditedType[] = [
  "incremental_book_L2",
  "book_snapshot_25",
  "book_snapshot_5",
];

/** Everything that the store has of some symbols; only the names of folders are looked at, and once. */
export async function storedSymbols(
  store: Store,
  exchange: string,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, StoredSymbol>> {
  const folders = await tableFolders(store, { exchange, symbols, types: AUDITED_TYPES });
  return new Map(
    symbols.map((symbol) => [symbol, storedSymbol(folders.filter((of) => of.symbol === symbol))]),
  );
}

function storedSymbol(folders: readonly TypeDay[]): StoredSymbol {
  const candles = spanOf(folders.filter(({ type }) => type === "candles"));
  const ticks = spanOf(folders.filter(({ type }) => type !== "candles"));
  // Ticks and candles are fetched apart: years of candles beside a day of ticks are whole.
  const typesOf = (date: string): readonly AuditedType[] => {
    const own = ticks.typesOf.get(date) ?? (isWithin(ticks, date) ? ticks.types : NO_TYPES);
    return AUDITED_TYPES.filter((type) =>
      type === "candles" ? isWithin(candles, date) : own.has(type),
    );
  };
  return {
    days: new Set(folders.map(({ date }) => date)),
    types: AUDITED_TYPES.filter((type) =>
      type === "candles" ? candles.types.size > 0 : ticks.types.has(type),
    ),
    typesOf,
  };
}

const NO_TYPES: ReadonlySet<string> = new Set();

interface TypeDay {
  readonly type: string;
  readonly date: string;
}

/** What there is of one kind, from the first day that has any of it to the last. */
interface Span {
  readonly from: string;
  readonly to: string;
  readonly types: ReadonlySet<string>;
  /** The types of each day that has any, and of its neighbours: days apart may have been fetched for something else. */
  readonly typesOf: ReadonlyMap<string, ReadonlySet<string>>;
}

function spanOf(folders: readonly TypeDay[]): Span {
  const typesByDate = new Map<string, Set<string>>();
  for (const { date, type } of folders) {
    const types = typesByDate.get(date) ?? new Set<string>();
    typesByDate.set(date, types.add(type));
  }
  const dates = [...typesByDate.keys()].sort();
  const typesOf = new Map<string, ReadonlySet<string>>();
  for (const run of dayRuns(dates)) {
    const types = withMain(run.flatMap((date) => [...typesByDate.get(date)!]));
    for (const date of run) typesOf.set(date, types);
  }
  const types = withMain(folders.map(({ type }) => type));
  return { from: dates[0] ?? "", to: dates.at(-1) ?? "", types, typesOf };
}

function isWithin({ from, to }: Span, date: string): boolean {
  return from !== "" && from <= date && date <= to;
}

/** Trades and a book belong to ticks even where there are none. */
function withMain(names: readonly string[]): ReadonlySet<string> {
  const types = new Set(names);
  if (types.size === 0 || types.has("candles")) return types;
  types.add("trades");
  if (!BOOK_TYPES.some((type) => types.has(type))) types.add("incremental_book_L2");
  return types;
}
