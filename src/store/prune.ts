import { existsSync } from "node:fs";
import { readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../core/errors.js";
import { flush } from "./flush.js";
import { requireInside } from "./inside.js";
import { requireIntact } from "./integrity.js";
import { replacedPath, settledManifest } from "./replaced.js";
import type { Store } from "./store.js";
import { type TableFilter, type TableFolder, tableFolders } from "./table-folders.js";

/** Why a folder is to go: the filter chose it, it is damaged, or it never became a partition. */
export type PruneReason = "selected" | "damaged" | "no manifest";

/** A folder that is to go or went. */
export interface PrunedFolder extends TableFolder {
  readonly why: PruneReason;
  /** What was found damaged, in a sentence. */
  readonly damage?: string;
  /** Bytes of its files. */
  readonly bytes: number;
}

/** What to prune. */
export interface PruneOptions {
  /** Partitions to look at; all fetched ones when left out. */
  readonly filter?: TableFilter;
  /**
   * `leftovers`: folders without a manifest. `damaged`: these, and partitions whose files are not what their manifest
   * says. `selected`: these, and every partition that the filter takes.
   */
  readonly what: "leftovers" | "damaged" | "selected";
  /** False: only say what would go. */
  readonly isFinal: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Removes partitions, or says which would go. Each is renamed into the store's temporary folder first, so that it is there
 * whole or not at all, whenever this run dies. What killed runs have left in the temporary folder goes as well.
 *
 * @returns folders that went, or would
 * @throws {DataError} a folder is a link out of the store
 * @throws {OptionError} the store cannot be written to
 */
export async function pruneStore(
  store: Store,
  { filter = {}, what, isFinal, onProgress = () => undefined }: PruneOptions,
): Promise<readonly PrunedFolder[]> {
  if (isFinal) await store.sweep();
  const folders = await tableFolders(store, filter);
  const pruned: PrunedFolder[] = [];
  for (const [i, table] of folders.entries()) {
    const gone = await pruneTable(store, table, { what, isFinal }).catch(unlessGone);
    if (gone !== undefined) pruned.push(gone);
    onProgress(i + 1, folders.length);
  }
  return pruned;
}

/** Gives nothing where the table stays. */
async function pruneTable(
  store: Store,
  table: TableFolder,
  { what, isFinal }: Pick<PruneOptions, "what" | "isFinal">,
): Promise<PrunedFolder | undefined> {
  const found = await reasonOf(store, table, what);
  if (found === undefined) return undefined;
  const gone = { ...table, ...found, bytes: await bytesBelow(store.path(table.folder)) };
  const isGone = !isFinal || (await removeFolder(store, table.folder, found.why));
  return isGone ? gone : undefined;
}

/** Another run may have taken a table away, or be replacing it, since it was listed. */
function unlessGone(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}

async function reasonOf(
  store: Store,
  { folder }: TableFolder,
  what: PruneOptions["what"],
): Promise<{ readonly why: PruneReason; readonly damage?: string } | undefined> {
  try {
    if ((await settledManifest(store, folder)) === undefined) return { why: "no manifest" };
    if (what === "damaged") await requireIntact(store, folder);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    // Another version's partition is whole; it goes only when it is chosen.
    const isOther = error.place.column === "format";
    if (what === "damaged" && !isOther) return { why: "damaged", damage: error.message };
  }
  return what === "selected" ? { why: "selected" } : undefined;
}

/**
 * Removes a folder of the store, and the folders around it that are empty then.
 *
 * @returns false when a partition has come into its place since it was looked at
 */
async function removeFolder(store: Store, folder: string, why: PruneReason): Promise<boolean> {
  await requireInside(store.root, folder);
  const unused = await store.temporaryPath();
  const isLeftover = why === "no manifest";
  const gone = isLeftover ? replacedPath(unused, folder) : unused;
  await rename(store.path(folder), gone);
  if (isLeftover && existsSync(path.join(gone, "manifest.json"))) {
    await rename(gone, store.path(folder));
    return false;
  }
  const parents = folder.split("/").slice(0, -1);
  await flush(store.path(parents.join("/")));
  await rm(gone, { recursive: true, force: true });
  for (; parents.length > 0; parents.pop()) {
    // Fails where something is left, which is where it ends.
    const isEmpty = await rmdir(store.path(parents.join("/"))).then(
      () => true,
      () => false,
    );
    if (!isEmpty) return true;
  }
  return true;
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) bytes += await bytesBelow(file);
    else if (entry.isFile()) bytes += (await stat(file)).size;
  }
  return bytes;
}
