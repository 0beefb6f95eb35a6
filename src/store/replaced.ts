// Where is a partition while another takes its place?
import { existsSync } from "node:fs";
import { lstat, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../core/errors.js";
import { flush } from "./flush.js";
import { entriesIn } from "./folder-names.js";
import { requireInside } from "./inside.js";
import { tablePlace } from "./partition.js";

/** Ends the name of a folder that holds what was taken out of the way; before it stands the folder it came from. */
const MARK = ".replaced";

/** Names of files and folders are no longer than this on any usual file system. */
const LONGEST_NAME = 255;

/** A partition that a run has taken out of the way. */
export interface SetAside {
  /** Absolute path of where it is. */
  readonly from: string;
  /** Where it belongs, below the root. */
  readonly folder: string;
}

/**
 * Path for a partition that is taken out of the way, beside an unused one; it tells where it came from.
 *
 * @param unused - path in a run's temporary folder
 * @param folder - below the store's root
 */
export function replacedPath(unused: string, folder: string): string {
  const name = `${path.basename(unused)}-${encodeURIComponent(folder)}${MARK}`;
  const isTable = tablePlace(folder) !== undefined && name.length <= LONGEST_NAME;
  return isTable ? path.join(path.dirname(unused), name) : unused;
}

/**
 * What runs have taken out of the way and not removed yet, the one that was written last first.
 *
 * @param runs - their temporary folders, below the root
 * @throws {DataError} one cannot be read
 */
export async function setAside(
  root: string,
  runs: readonly string[],
): Promise<readonly SetAside[]> {
  const found: (SetAside & { readonly writtenMs: number; readonly number: number })[] = [];
  for (const run of runs) {
    for (const entry of await entriesIn(root, run)) {
      const [, number, encoded = "%"] = /^(\d+)-(.+)\.replaced$/.exec(entry.name) ?? [];
      const folder = decoded(encoded);
      // A link leads elsewhere, and a run makes none.
      if (!entry.isDirectory() || folder === undefined) continue;
      const from = path.join(root, ...run.split("/"), entry.name);
      const writtenMs = await writtenAt(path.join(from, "manifest.json"));
      if (writtenMs === undefined || tablePlace(folder) === undefined) continue;
      found.push({ from, folder, writtenMs, number: Number(number) });
    }
  }
  return found.sort((a, b) => b.writtenMs - a.writtenMs || b.number - a.number);
}

/** Undefined when there is no manifest; one that may not be looked at is there, and an old one. */
async function writtenAt(manifest: string): Promise<number | undefined> {
  try {
    return (await lstat(manifest)).mtimeMs;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return ["ENOENT", "ENOTDIR"].includes(code) ? undefined : 0;
  }
}

/**
 * Puts partitions back, where nothing has come into their place and as far as the store can be written to. The run that
 * took one away may live: it takes it away again.
 */
export async function putBack(root: string, copies: readonly SetAside[]): Promise<void> {
  for (const { from, folder } of copies) {
    const target = path.join(root, ...folder.split("/"));
    try {
      await requireInside(root, folder);
      await mkdir(path.dirname(target), { recursive: true });
      await rename(from, target);
      await flush(path.dirname(target));
    } catch (error) {
      const isOfDisk = (error as NodeJS.ErrnoException).code !== undefined;
      if (!isOfDisk && !(error instanceof DataError)) throw error;
    }
  }
}

/** Whether a partition, that one or its successor, is where it belongs. */
export async function isInPlace(root: string, { folder }: SetAside): Promise<boolean> {
  const isInside = await requireInside(root, folder).then(
    () => true,
    () => false,
  );
  return isInside && existsSync(path.join(root, ...folder.split("/"), "manifest.json"));
}

/** Removes a partition that was taken out of the way; from the first step on, nobody puts it back. */
export async function discard(from: string): Promise<void> {
  await rm(await unmark(from), { recursive: true, force: true });
}

/**
 * Makes sure that nobody puts back what was taken out of the way.
 *
 * @returns where it is now
 */
export async function unmark(from: string): Promise<string> {
  if (!from.endsWith(MARK)) return from;
  const unmarked = from.slice(0, -MARK.length);
  await rename(from, unmarked).catch((error: NodeJS.ErrnoException) => {
    // Another run has put it back or removed it.
    if (error.code !== "ENOENT") throw error;
  });
  return unmarked;
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
