// The matrix is written once, as typed columns, and read back by its name and the hash of its schema.
import { isDeepStrictEqual } from "node:util";
import { DataError } from "../core/errors.js";
import { sharedFloats } from "../core/shared-floats.js";
import { readDerived, wholeDerivedManifest, writeDerived } from "../store/derived.js";
import type { DerivedManifest } from "../store/manifest.js";
import type { Store } from "../store/store.js";
import { datasetHash } from "./dataset-hash.js";
import { datasetName, requireDatasetName } from "./dataset-name.js";
import type { Dataset } from "./matrix.js";
import { schemaHash, schemaOf } from "./schema.js";

/** Where a stored matrix lies. */
export interface DatasetPlace {
  /** Small letters, digits and hyphens. */
  readonly name: string;
  /** Hash of its schema. */
  readonly schema: string;
}

type Columns = Readonly<Record<string, Float64Array | Uint8Array | Int32Array>>;

/** Per-row columns of 0 and 1, by stored name. */
const FLAGS = {
  is_usable: "isUsable",
  is_predictable: "isPredictable",
  is_bad: "isBad",
  is_audited: "isAudited",
} as const;
/** Per-row numbers, by stored name. */
const NUMBERS = {
  bar_end_us: "barEndUs",
  label_end_us: "labelEndUs",
  label_return: "labelReturn",
  entry_price: "entryPrice",
  half_spread_bps: "halfSpreadBps",
} as const;

/**
 * Stores a matrix, a table a symbol; one of the same name and schema is replaced, unless it is the same already.
 *
 * @returns where it lies
 * @throws {OptionError} a name that none can have, or the store cannot be written to
 */
export async function storeDataset(
  store: Store,
  dataset: Dataset,
  name: string = datasetName(dataset),
): Promise<DatasetPlace> {
  const place = { name, schema: schemaHash(dataset) };
  const { exchange, symbols, excluded, leftOut, hash } = dataset;
  const about = { exchange, symbols, excluded, leftOut, hash, ...schemaOf(dataset) };
  // As it is read back: JSON knows no difference between what is not there and what is not set.
  const origin = JSON.parse(JSON.stringify(about)) as DerivedManifest["origin"];
  for (const [s, symbol] of symbols.entries()) {
    const folder = folderOf(place, symbol);
    const there = await wholeDerivedManifest(store, folder);
    if (isDeepStrictEqual(there?.origin, origin)) continue;
    await writeDerived(store, folder, columnsOf(dataset, s), origin);
  }
  return place;
}

/**
 * Reads a stored matrix, its files and its hash checked.
 *
 * @param symbols - in their order; as it was stored
 * @throws {DataError} it is missing or damaged, or its symbols' tables are of different matrices
 */
export async function loadDataset(
  store: Store,
  place: DatasetPlace,
  symbols: readonly string[],
): Promise<Dataset> {
  const tables: { readonly columns: Columns; readonly origin: DerivedManifest["origin"] }[] = [];
  for (const symbol of symbols) {
    const { columns, manifest } = await readDerived(store, folderOf(place, symbol));
    tables.push({ columns: columns as Columns, origin: manifest.origin });
  }
  const origin = tables[0]?.origin;
  const isOne = tables.every((table) => isDeepStrictEqual(table.origin, origin));
  if (origin === undefined || !isOne || !isDeepStrictEqual(origin["symbols"], symbols)) {
    throw damaged(place, `does not hold ${symbols.join(", ")} of one matrix`);
  }
  const lacking = Object.keys({ ...NUMBERS, ...FLAGS }).find((name) =>
    tables.some(({ columns }) => columns[name] === undefined),
  );
  if (lacking !== undefined) throw damaged(place, `has no column ${lacking}`);
  const { hash, leftOut, ...about } = origin;
  const { featureNames } = about as unknown as Dataset;
  const joined = joinTables(
    tables.map(({ columns }) => columns),
    featureNames,
  );
  const dataset = { ...about, ...joined } as unknown as Omit<Dataset, "hash" | "leftOut">;
  if (datasetHash(dataset) !== hash) throw damaged(place, "holds other values than its hash says");
  return { ...dataset, leftOut: leftOut as readonly string[], hash };
}

function folderOf({ name, schema }: DatasetPlace, symbol: string): string {
  requireDatasetName(name, "name");
  requireDatasetName(schema, "schema");
  return `datasets/${name}/schema=${schema}/symbol=${symbol}`;
}

function columnsOf(dataset: Dataset, symbol: number): Columns {
  const { featureNames, inputs, symbolIndex } = dataset;
  const from = Math.max(0, symbolIndex.indexOf(symbol));
  const to = symbolIndex.lastIndexOf(symbol) + 1;
  const rows = Math.max(0, to - from);
  const width = featureNames.length;
  const columns: Record<string, Columns[string]> = {};
  for (const [stored, name] of Object.entries(NUMBERS)) {
    columns[stored] = dataset[name].slice(from, from + rows);
  }
  columns["outcome"] = Float64Array.from(dataset.outcome.subarray(from, from + rows));
  columns["run_start"] = Int32Array.from({ length: rows }, (_, i) => {
    return dataset.runStart[from + i]! - from;
  });
  for (const [stored, name] of Object.entries(FLAGS)) {
    columns[stored] = dataset[name].slice(from, from + rows);
  }
  featureNames.forEach((name, j) => {
    columns[`input_${name}`] = Float64Array.from({ length: rows }, (_, i) => {
      return inputs[(from + i) * width + j]!;
    });
  });
  return columns;
}

type Joined = Pick<
  Dataset,
  | "rows"
  | "inputs"
  | "symbolIndex"
  | "outcome"
  | "runStart"
  | (typeof NUMBERS)[keyof typeof NUMBERS]
> &
  Pick<Dataset, (typeof FLAGS)[keyof typeof FLAGS]>;

function joinTables(tables: readonly Columns[], featureNames: readonly string[]): Joined {
  const width = featureNames.length;
  const counts = tables.map((table) => table["bar_end_us"]!.length);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const numbers = (): Float64Array => new Float64Array(rows);
  const joined: Joined = {
    rows,
    inputs: sharedFloats(rows * width),
    symbolIndex: new Uint8Array(rows),
    outcome: new Float32Array(rows),
    runStart: new Uint32Array(rows),
    ...{ barEndUs: numbers(), labelEndUs: numbers(), labelReturn: numbers() },
    ...{ entryPrice: numbers(), halfSpreadBps: numbers() },
    ...{ isUsable: new Uint8Array(rows), isPredictable: new Uint8Array(rows) },
    ...{ isBad: new Uint8Array(rows), isAudited: new Uint8Array(rows) },
  };
  let at = 0;
  tables.forEach((table, s) => {
    joined.symbolIndex.fill(s, at, at + counts[s]!);
    joined.outcome.set(table["outcome"]!, at);
    joined.runStart.set(
      Uint32Array.from(table["run_start"]!, (start) => start + at),
      at,
    );
    for (const [stored, name] of Object.entries({ ...NUMBERS, ...FLAGS })) {
      joined[name].set(table[stored]!, at);
    }
    featureNames.forEach((name, j) => {
      const column = table[`input_${name}`]!;
      for (let i = 0; i < column.length; i++) joined.inputs[(at + i) * width + j] = column[i]!;
    });
    at += counts[s]!;
  });
  return joined;
}

function damaged({ name, schema }: DatasetPlace, message: string): DataError {
  return new DataError({
    file: `datasets/${name}/schema=${schema}`,
    message,
    fix: "delete the folder; it is made again from the stored features",
  });
}
