import path from "node:path";
import { requireSameLength } from "../core/columns.js";
import { DataError } from "../core/errors.js";
import { type Column, kindOf } from "./column.js";
import { commitPartition } from "./commit.js";
import { requireIntact } from "./integrity.js";
import type { DerivedManifest } from "./manifest.js";
import { GroupedTable } from "./parquet/grouped-table.js";
import type { StoredColumn } from "./parquet/stored-column.js";
import { PARQUET_FILE, requireFolder } from "./partition.js";
import { readIntact } from "./read.js";
import { settledManifest } from "./settled.js";
import type { Store } from "./store.js";
import { UnreadableError } from "./unreadable.js";
import { readUnreplaced } from "./unreplaced.js";

/** A column to store: values, or one text that every row has. */
export type DerivedColumn = Column | string;

/** A derived table as it was read. */
export interface DerivedTable {
  readonly manifest: DerivedManifest;
  readonly columns: Readonly<Record<string, Column>>;
}

const TYPES = {
  float64: "DOUBLE",
  int8: "TINYINT",
  uint8: "UTINYINT",
  int32: "INTEGER",
  uint64: "UBIGINT",
  text: "VARCHAR",
} as const;

/**
 * Stores a table computed from others, whole or not at all; one of the same folder is replaced. Float64Array is stored as
 * DOUBLE, but as BIGINT when the column's name ends in `_us` or is a `timestamp` (NaN as NULL); BigUint64Array as UBIGINT,
 * Int32Array as INTEGER, Int8Array as TINYINT, Uint8Array as UTINYINT, texts as VARCHAR.
 *
 * @param folder - below the root, for example `features/bar=1m/exchange=binance/symbol=BTCUSDT/date=2024-08-08`
 * @param columns - by stored name, in stored order, of one length
 * @param origin - what the table was computed from and with which settings; no clock time, no host, no path
 * @param options.addFiles - writes what is to lie beside the table into a folder that becomes the table's
 * @throws {ShapeError} the columns' lengths differ
 * @throws {OptionError} the folder is no plain path, or the store cannot be written to
 */
export async function writeDerived(
  store: Store,
  folder: string,
  columns: Readonly<Record<string, DerivedColumn>>,
  origin: DerivedManifest["origin"],
  { addFiles }: { readonly addFiles?: (folder: string) => void } = {},
): Promise<DerivedManifest> {
  requireFolder(folder);
  const names = Object.keys(columns);
  const arrays = Object.entries(columns).filter(([, column]) => typeof column !== "string");
  const rows = requireSameLength(Object.fromEntries(arrays) as Record<string, Column>);
  const values = names.map((name) => {
    const column = columns[name]!;
    return typeof column === "string" ? new Array<string>(rows).fill(column) : column;
  });
  const stored = names.map((name, i) => storedColumn(name, values[i]!));
  const manifest = await commitPartition(store, folder, async (temporary) => {
    const table = await GroupedTable.create(path.join(temporary, PARQUET_FILE), {
      columns: stored,
      kinds: values.map(kindOf),
    });
    try {
      table.append(values, rows);
      table.finish();
    } finally {
      table.close();
    }
    addFiles?.(temporary);
    const described = stored.map(({ name, type }) => ({ name, type }));
    return { kind: "derived", folder, rows, columns: described, origin };
  });
  return manifest as DerivedManifest;
}

/**
 * Reads a derived table, whole, its files checked against the manifest.
 *
 * @param names - stored names; all columns when left out. Times and DOUBLE become Float64Array
 * @throws {DataError} the table is missing or damaged, or has no such column
 */
export async function readDerived(
  store: Store,
  folder: string,
  names?: readonly string[],
): Promise<DerivedTable> {
  requireFolder(folder);
  return readUnreplaced(store, async (seen) => {
    await seen.add(folder);
    const manifest = (await requireIntact(store, folder)) as DerivedManifest;
    return { manifest, columns: await readIntact(store, folder, manifest, names) };
  });
}

/**
 * The manifest of a derived table; the table itself is not looked at.
 *
 * @returns undefined when there is none
 * @throws {DataError} it cannot be read or has an unknown format
 */
export async function readDerivedManifest(
  store: Store,
  folder: string,
): Promise<DerivedManifest | undefined> {
  const manifest = await settledManifest(store, requireFolder(folder));
  return manifest as DerivedManifest | undefined;
}

/**
 * The manifest of a derived table that is whole, for deciding whether it has to be made.
 *
 * @returns undefined when there is none, or it or its table is damaged, so that it is to be made anew
 * @throws {DataError} another version wrote it, or it cannot be read or is out of its place: it must not be overwritten
 */
export async function wholeDerivedManifest(
  store: Store,
  folder: string,
): Promise<DerivedManifest | undefined> {
  try {
    return (await requireIntact(store, requireFolder(folder))) as DerivedManifest;
  } catch (error) {
    const isUnknown = error instanceof UnreadableError;
    if (!(error instanceof DataError) || isUnknown || error.place.column === "format") throw error;
    return undefined;
  }
}

function storedColumn(name: string, column: Column): StoredColumn {
  const kind = kindOf(column);
  const isTime = kind === "float64" && (name.endsWith("_us") || name.endsWith("timestamp"));
  return { name, type: isTime ? "BIGINT" : TYPES[kind], isNullable: isTime };
}
