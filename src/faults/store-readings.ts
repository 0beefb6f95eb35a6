import { auditDay } from "../audit/audit-day.js";
import { AUDIT_SETTINGS } from "../audit/settings.js";
import { loneDayBars } from "../features/day-bars.js";
import { completeSettings } from "../features/engine-settings.js";
import { readDerived, readDerivedManifest } from "../store/derived.js";
import { requireIntact } from "../store/integrity.js";
import { listPartitions } from "../store/list.js";
import { partitionFolder } from "../store/partition.js";
import { query } from "../store/query.js";
import {
  readBookChanges,
  readColumns,
  readManifest,
  readQuotes,
  readTrades,
} from "../store/read.js";
import type { Store } from "../store/store.js";
import type { PartitionKey } from "../store/tables.js";

/** One of the ways in which something in a store is read. */
export interface Reading {
  readonly name: string;
  readonly read: (store: Store) => Promise<unknown>;
  /** It looks at the manifest and at no other file. */
  readonly manifestOnly?: boolean;
}

/** Views of the types, and the readers that yield their batches. */
const READERS = {
  trades: { view: "trades", rows: readTrades },
  incremental_book_L2: { view: "book_changes", rows: readBookChanges },
  quotes: { view: "quotes", rows: readQuotes },
} as const;

/** A type with readers of its own. */
export type ReadType = "trades" | "incremental_book_L2" | "quotes";

/** Types with readers of their own. */
export const READ_TYPES: readonly ReadType[] = ["trades", "incremental_book_L2", "quotes"];

type ReadKey = PartitionKey & { readonly type: ReadType };

/**
 * All ways in which the workbench reads a partition.
 *
 * @param target - a vendor file's partition, or the folder of a derived table of features
 */
export function waysToRead(target: ReadKey | string): readonly Reading[] {
  const folder = typeof target === "string" ? target : partitionFolder(target);
  const own = typeof target === "string" ? waysToReadDerived(target) : waysToReadTicks(target);
  return [
    { name: "readColumns", read: (store) => readColumns(store, target) },
    { name: "verify", read: (store) => requireIntact(store, folder, { again: true }) },
    ...own,
  ];
}

function waysToReadTicks(key: ReadKey): readonly Reading[] {
  const { type } = key;
  const { view, rows } = READERS[type];
  return [
    { name: rows.name, read: (store) => drain(rows(store, key)) },
    { name: "sql", read: (store) => query(store, `SELECT count(*) FROM ${view}`) },
    { name: "readManifest", read: (store) => readManifest(store, key), manifestOnly: true },
    { name: "store list", read: (store) => listPartitions(store), manifestOnly: true },
    { name: "audit", read: (store) => auditDay(store, key, [type], AUDIT_SETTINGS) },
    ...(type === "quotes" ? [] : [{ name: "features", read: featuresOf(key) }]),
  ];
}

function waysToReadDerived(folder: string): readonly Reading[] {
  return [
    { name: "readDerived", read: (store) => readDerived(store, folder) },
    { name: "sql", read: (store) => query(store, "SELECT count(*) FROM features") },
    {
      name: "readDerivedManifest",
      read: (store) => readDerivedManifest(store, folder),
      manifestOnly: true,
    },
  ];
}

function featuresOf(key: ReadKey): Reading["read"] {
  const only = (type: ReadType): string | null => (key.type === type ? "there" : null);
  const inputs = { trades: only("trades"), incremental_book_L2: only("incremental_book_L2") };
  return (store) =>
    loneDayBars(store, { day: key, settings: completeSettings(), inputs, continues: false });
}

async function drain(batches: AsyncGenerator<unknown>): Promise<void> {
  for await (const _ of batches);
}
