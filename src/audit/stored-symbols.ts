// Which days of a symbol does the store have, and what is each of them expected to hold?
import { AUDITED_TYPES, type AuditedType } from "../store/audited-types.js";
import type { Store } from "../store/store.js";
import { tableFolders } from "../store/table-folders.js";

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

function storedSymbol(
  folders: readonly { readonly type: string; readonly date: string }[],
): StoredSymbol {
  const candles = span(folders.filter(({ type }) => type === "candles"));
  const ticks = span(folders.filter(({ type }) => type !== "candles"));
  // Trades and a book belong to every day of ticks, the other types where the symbol has them at all.
  if (ticks.types.size > 0) {
    ticks.types.add("trades");
    if (!BOOK_TYPES.some((type) => ticks.types.has(type))) ticks.types.add("incremental_book_L2");
  }
  const of = (spans: readonly Span[]): readonly AuditedType[] =>
    AUDITED_TYPES.filter((type) => spans.some(({ types }) => types.has(type)));
  return {
    days: new Set(folders.map(({ date }) => date)),
    types: of([ticks, candles]),
    // Ticks and candles are fetched apart: years of candles beside a day of ticks are whole.
    typesOf: (date) => of([ticks, candles].filter(({ from, to }) => from <= date && date <= to)),
  };
}

/** Types of one kind, expected from the first day that has any of them to the last. */
interface Span {
  readonly types: Set<string>;
  readonly from: string;
  readonly to: string;
}

function span(folders: readonly { readonly type: string; readonly date: string }[]): Span {
  const dates = folders.map(({ date }) => date).sort();
  const types = new Set(folders.map(({ type }) => type));
  return { types, from: dates[0] ?? "", to: dates.at(-1) ?? "" };
}
