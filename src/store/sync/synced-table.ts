import type { TableFolder } from "../table-folders.js";
import type { SyncAction } from "./decide.js";
import type { Side } from "./side.js";

/** `copied`, `kept`, `mended` and `replaced` are done; `conflict` and `failed` are not. */
export type SyncStatus = "copied" | "kept" | "mended" | "replaced" | "conflict" | "failed";

/** What became of a table, or would. */
export interface SyncedTable extends TableFolder {
  readonly status: SyncStatus;
  /** SHA-256 that the source's manifest has of itself; null where it cannot be read. */
  readonly sha256: string | null;
  readonly rows: number;
  /** Bytes of its files. */
  readonly bytes: number;
  readonly reason?: string;
}

const DONE: Readonly<Record<SyncAction, SyncStatus>> = {
  copy: "copied",
  keep: "kept",
  mend: "mended",
  replace: "replaced",
  conflict: "conflict",
  fail: "failed",
};

/** A table of the source once an action is done. */
export function syncedTable(table: TableFolder, source: Side, action: SyncAction): SyncedTable {
  const status = DONE[action];
  if (source.state !== "whole") return { ...table, status, sha256: null, rows: 0, bytes: 0 };
  const { sha256, rows, files } = source.manifest;
  const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
  return { ...table, status, sha256, rows, bytes };
}

/** A table that was not moved. */
export function failedTable(table: TableFolder, reason: string): SyncedTable {
  return { ...table, status: "failed", sha256: null, rows: 0, bytes: 0, reason };
}
