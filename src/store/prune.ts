import { existsSync } from "node:fs";
import { lstat, rename, rmdir } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../core/errors.js";
import { flush } from "./flush.js";
import { entriesIn } from "./folder-names.js";
import { ignoreAbsence } from "./ignore-absence.js";
import { requireInside } from "./inside.js";
import { requireIntact } from "./integrity.js";
import { discard, isInPlace, putBack, replacedPath, unmark } from "./replaced.js";
import { OutOfPlaceError, settledManifest } from "./settled.js";
import { folderStamp } from "./stamp.js";
import type { Store } from "./store.js";
import { type TableFilter, type TableFolder, tableFolders } from "./table-folders.js";
import { UnreadableError } from "./unreadable.js";

/**
 * Why a folder is to go: the filter chose it, it is damaged, or it never became a partition; `kept`: it stays, because it
 * cannot be judged or removed.
 */
export type PruneReason = "selected" | "damaged" | "no manifest" | "kept";

/** A folder that is to go or went. */
export interface PrunedFolder extends TableFolder {
  readonly why: PruneReason;
  /** What was found damaged, or keeps it from going, in a sentence. */
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
 * @returns folders that went, or would, and those that were kept
 * @throws {DataError} a folder that holds others cannot be read
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
    const gone = await pruneTable(store, table, { what, isFinal }).catch((error) =>
      kept(table, error),
    );
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
  const { folder } = table;
  await requireInside(store.root, folder);
  const judged = await folderStamp(store.path(folder));
  const found = await reasonOf(store, table, what);
  if (found === undefined) return undefined;
  const gone = { ...table, ...found, bytes: await bytesBelow(store, folder) };
  if (!isFinal) return gone;
  if (what !== "selected") return (await removeJudged(store, folder, judged)) ? gone : undefined;
  await removeTable(store, folder);
  return gone;
}

/**
 * What cannot be judged or removed stays, and stops none of the others; nothing is told of what another run has taken away,
 * or is replacing, since it was listed.
 */
function kept(table: TableFolder, error: unknown): PrunedFolder | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return undefined;
  if (code === undefined && !(error instanceof DataError)) throw error;
  const damage = code === undefined ? message : `could not be removed (${code})`;
  return { ...table, why: "kept", damage, bytes: 0 };
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
    if (what === "selected") return whyRemoved(store, folder, error);
    // What is there keeps a partition out of its place.
    if (error instanceof OutOfPlaceError && existsSync(store.path(folder))) {
      return { why: "no manifest" };
    }
    if (error instanceof UnreadableError) throw error;
    // Another version's partition is whole; it goes only when it is chosen.
    const isOther = error.place.column === "format";
    if (what === "damaged" && !isOther) return { why: "damaged", damage: error.message };
  }
  return what === "selected" ? { why: "selected" } : undefined;
}

/** What was chosen goes whatever is wrong with it, unless it is out of its place. */
function whyRemoved(store: Store, folder: string, error: DataError): { readonly why: PruneReason } {
  if (error instanceof OutOfPlaceError && !existsSync(store.path(folder))) throw error;
  return { why: "selected" };
}

/**
 * Removes a table, and for good: with all that any run has taken out of its way.
 *
 * @throws {DataError} it is a link or below one, or another user's run keeps an older copy
 * @throws errors of the file system; nothing is done where there is no such table
 */
export async function removeTable(store: Store, folder: string): Promise<void> {
  await requireInside(store.root, folder);
  const gone = await store.temporaryPath();
  // As long as it is in its place nobody puts an older one there; later, one that has come since is gone as well.
  await forget(store, folder);
  await rename(store.path(folder), gone).catch(ignoreAbsence);
  await flush(path.dirname(store.path(folder))).catch(ignoreAbsence);
  await forget(store, folder);
  await discard(gone);
  await removeEmpty(store, folder);
}

async function forget(store: Store, folder: string): Promise<void> {
  try {
    await store.forget(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new DataError({
      file: folder,
      message: `has an older copy that another run left below .tmp and that could not be removed (${code})`,
      fix: "run the same as the user whose run that was",
    });
  }
}

/**
 * Removes a folder that was judged damaged or none; what it had kept out of its place goes there.
 *
 * @returns false when something else has come into its place since
 */
async function removeJudged(store: Store, folder: string, judged: string): Promise<boolean> {
  const gone = replacedPath(await store.temporaryPath(), folder);
  await rename(store.path(folder), gone);
  if ((await folderStamp(gone)) !== judged) {
    const copy = { from: gone, folder };
    await putBack(store.root, [copy]);
    // Unless nothing can be written now: then it goes back later.
    if (await isInPlace(store.root, copy)) await discard(gone);
    return false;
  }
  const unmarked = await unmark(gone);
  // A reader that had waited for it may have put it back.
  if (!existsSync(unmarked)) return false;
  await flush(path.dirname(store.path(folder))).catch(ignoreAbsence);
  await discard(unmarked);
  await store.putBack({ ofAll: true });
  await removeEmpty(store, folder);
  return true;
}

/** Removes the folders around one that is gone as far as they are empty. */
async function removeEmpty(store: Store, folder: string): Promise<void> {
  for (const parents = folder.split("/").slice(0, -1); parents.length > 0; parents.pop()) {
    // Fails where something is left, which is where it ends.
    const isEmpty = await rmdir(store.path(parents.join("/"))).then(
      () => true,
      () => false,
    );
    if (!isEmpty) return;
  }
}

async function bytesBelow(store: Store, folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await entriesIn(store.root, folder)) {
    const below = `${folder}/${entry.name}`;
    if (entry.isDirectory()) bytes += await bytesBelow(store, below);
    else if (entry.isFile()) bytes += (await lstat(store.path(below))).size;
  }
  return bytes;
}
