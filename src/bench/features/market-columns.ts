import { lowerBound } from "../../features/sorted-values.js";
import type { MadeMarket } from "./open-block.js";

type Column = Float64Array | Int8Array | Uint8Array;
type Columns = { readonly localTimestampUs: Float64Array };

/** Markets one after the other in time, as one. */
export function joinMarkets(parts: readonly MadeMarket[]): MadeMarket {
  return {
    trades: joinTables(parts.map(({ trades }) => trades)),
    bookChanges: joinTables(parts.map(({ bookChanges }) => bookChanges)),
  };
}

/** The events that arrive from one time on and before another; views of the market's columns. */
export function eventsBetween(
  { trades, bookChanges }: MadeMarket,
  fromUs: number,
  toUs: number,
): MadeMarket {
  return {
    trades: rowsBetween(trades, fromUs, toUs),
    bookChanges: rowsBetween(bookChanges, fromUs, toUs),
  };
}

function joinTables<Table extends Columns>(tables: readonly Table[]): Table {
  const names = Object.keys(tables[0]!);
  return Object.fromEntries(
    names.map((name) => [name, joinColumns(tables.map((table) => columnOf(table, name)))]),
  ) as Table;
}

function joinColumns(parts: readonly Column[]): Column {
  const Type = parts[0]!.constructor as new (length: number) => Column;
  const joined = new Type(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function rowsBetween<Table extends Columns>(table: Table, fromUs: number, toUs: number): Table {
  const times = table.localTimestampUs;
  const [from, to] = [fromUs, toUs].map((timeUs) => lowerBound(times, times.length, timeUs));
  const names = Object.keys(table);
  return Object.fromEntries(
    names.map((name) => [name, columnOf(table, name).subarray(from, to)]),
  ) as Table;
}

function columnOf(table: Columns, name: string): Column {
  return (table as unknown as Readonly<Record<string, Column>>)[name]!;
}
