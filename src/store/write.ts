import path from "node:path";
import type { Column } from "./column.js";
import { commitPartition } from "./commit.js";
import type { RowTimes, TickManifest } from "./manifest.js";
import { GroupedTable } from "./parquet/grouped-table.js";
import { PARQUET_FILE, partitionFolder } from "./partition.js";
import { SCHEMAS } from "./schema.js";
import type { Store } from "./store.js";
import type { PartitionKey } from "./tables.js";
import {
  fieldKind,
  type PartitionOrigin,
  rowTimes,
  storedColumns,
  type TickTable,
} from "./tick-table.js";

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

/**
 * Writes the partition of a vendor file, whole or not at all; one that is there is replaced.
 *
 * @param produce - appends all rows to the sink and tells where they came from; when it throws, nothing is left behind
 * @throws {OptionError} the key is not one, or the store cannot be written to
 */
export function writePartition(
  store: Store,
  key: PartitionKey,
  produce: (sink: PartitionSink) => Promise<PartitionOrigin>,
): Promise<TickManifest> {
  const fields = SCHEMAS[key.type];
  return commitTicks(store, key, async (folder) => {
    const table = await GroupedTable.create(path.join(folder, PARQUET_FILE), {
      columns: storedColumns(key.type),
      kinds: fields.map(({ rule }) => fieldKind(rule)),
    });
    try {
      let rows = 0;
      let first: RowTimes | null = null;
      let last: RowTimes | null = null;
      const append: PartitionSink["append"] = (columns, added) => {
        if (added === 0) return;
        table.append(columns, added);
        rows += added;
        first ??= rowTimes(columns, 0);
        last = rowTimes(columns, added - 1);
      };
      const origin = await produce({ folder, append });
      table.finish();
      return { rows, first, last, ...origin };
    } finally {
      table.close();
    }
  });
}

/**
 * Commits the partition of a vendor file.
 *
 * @param write - writes the table, named `PARQUET_FILE`, and what else belongs to the partition into the folder it is given
 * @throws {OptionError} the key is not one, or the store cannot be written to
 */
export async function commitTicks(
  store: Store,
  key: PartitionKey,
  write: (folder: string) => Promise<TickTable>,
): Promise<TickManifest> {
  const { type, exchange, symbol, date } = key;
  const columns = storedColumns(type).map((column) => ({ name: column.name, type: column.type }));
  const manifest = await commitPartition(store, partitionFolder(key), async (folder) => {
    const table = await write(folder);
    return { kind: "ticks", type, exchange, symbol, date, columns, ...table };
  });
  return manifest as TickManifest;
}
