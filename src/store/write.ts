import path from "node:path";
import { commitPartition } from "./commit.js";
import type { FileSource, RowTimes, TickManifest } from "./manifest.js";
import { PARQUET_FILE, partitionFolder } from "./partition.js";
import { type Field, type FieldRule, parquetType, SCHEMAS } from "./schema.js";
import { quoteName, type Store } from "./store.js";
import { createTableWriter, timeSql, type WrittenColumn } from "./table-writer.js";
import type { PartitionKey } from "./tables.js";
import type { Column, ColumnKind } from "./vectors.js";

/** Takes a partition's rows while it is written. */
export interface PartitionSink {
  /** Folder that becomes the partition's; other files than the table may be put into it. */
  readonly folder: string;
  /**
   * Adds rows in arrival order.
   *
   * @param columns - one per field of the type's schema, in its order: times and numbers Float64Array (NaN missing), sides
   *   Int8Array (1 buy or bid, −1 sell or ask, 0 unknown), flags Uint8Array, texts strings
   * @param rows - how many of each column's first values to take
   */
  append(columns: readonly Column[], rows: number): void;
}

/** What is known about a vendor file once it was read to its end. */
export interface PartitionOrigin {
  readonly source: FileSource;
  /** Rows left out, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
}

/**
 * Writes the partition of a vendor file, whole or not at all; one that is there is replaced.
 *
 * @param produce - appends all rows to the sink and tells where they came from; when it throws, nothing is left behind
 * @throws {OptionError} the key is not one, or the store cannot be written to
 */
export async function writePartition(
  store: Store,
  key: PartitionKey,
  produce: (sink: PartitionSink) => Promise<PartitionOrigin>,
): Promise<TickManifest> {
  const fields = SCHEMAS[key.type];
  const manifest = await commitPartition(store, partitionFolder(key), async (folder) => {
    const writer = await createTableWriter(store, fields.map(writtenColumn));
    let rows = 0;
    let first: RowTimes | null = null;
    let last: RowTimes | null = null;
    const append: PartitionSink["append"] = (columns, added) => {
      if (added === 0) return;
      writer.append(columns, added);
      rows += added;
      first ??= timesOf(columns, 0);
      last = timesOf(columns, added - 1);
    };
    let origin: PartitionOrigin;
    try {
      origin = await produce({ folder, append });
    } catch (error) {
      writer.abort();
      throw error;
    }
    await writer.finish(path.join(folder, PARQUET_FILE));
    const columns = fields.map(({ name, rule }) => ({ name, type: parquetType(rule) }));
    const { type, exchange, symbol, date } = key;
    return { kind: "ticks", type, exchange, symbol, date, rows, columns, first, last, ...origin };
  });
  return manifest as TickManifest;
}

/** What a field is in memory. */
export function fieldKind(rule: FieldRule): ColumnKind {
  if (rule === "tradeSide" || rule === "bookSide") return "int8";
  if (rule === "flag") return "uint8";
  return rule === "text" ? "text" : "float64";
}

function writtenColumn({ name, rule }: Field): WrittenColumn {
  const column = quoteName(name);
  const type = parquetType(rule);
  const kind = fieldKind(rule);
  if (rule === "time") return { name, kind, type, sql: timeSql(name) };
  if (rule === "tradeSide") {
    const sql = `CASE ${column} WHEN 1 THEN 'buy' WHEN -1 THEN 'sell' ELSE 'unknown' END`;
    return { name, kind, type, sql };
  }
  if (rule === "bookSide") {
    return { name, kind, type, sql: `CASE ${column} WHEN 1 THEN 'bid' ELSE 'ask' END` };
  }
  return { name, kind, type };
}

function timesOf(columns: readonly Column[], row: number): RowTimes {
  const [timestampUs, localTimestampUs] = columns as readonly Float64Array[];
  return { timestampUs: timestampUs![row]!, localTimestampUs: localTimestampUs![row]! };
}
