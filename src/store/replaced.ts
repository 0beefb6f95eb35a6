// Where is a partition while another takes its place?
import { existsSync } from "node:fs";
import { mkdir, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DataError } from "../core/errors.js";
import { flush } from "./flush.js";
import { requireInside } from "./inside.js";
import { tablePlace } from "./partition.js";
import type { Store } from "./store.js";

/** Ends the name of a folder that holds what was taken out of the way; before it stands the folder it came from. */
const MARK = ".replaced";

/** Names of files and folders are no longer than this on any usual file system. */
const LONGEST_NAME = 200;

/** Putting a partition into its place takes two renames in a row, which no reader has to wait for long. */
const TRIES = 40;
const WAIT_MS = 50;

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
 * Puts back what a killed run had taken out of the way, where nothing has come into its place.
 *
 * @param run - the run's temporary folder, which is removed next
 */
export async function putBackReplaced(root: string, run: string): Promise<void> {
  for (const { from, folder } of await replacedIn(run)) {
    const target = path.join(root, ...folder.split("/"));
    try {
      await requireInside(root, folder);
      await mkdir(path.dirname(target), { recursive: true });
      await rename(from, target);
      await flush(path.dirname(target));
    } catch (error) {
      if (error instanceof DataError) continue;
      const { code = "" } = error as NodeJS.ErrnoException;
      // Another run was faster, or what was to come is there.
      if (!["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR"].includes(code)) throw error;
    }
  }
}

/**
 * Lists folders at a moment at which none of them is out of the way. What a killed run had taken out of the way is put back.
 *
 * @param options.list - gives folders below the root, with forward slashes
 * @param options.isAsked - whether it would list a folder that is there
 * @throws {DataError} a partition stays out of its place
 */
export async function listSettled(
  store: Store,
  {
    list,
    isAsked,
  }: {
    readonly list: () => Promise<readonly string[]>;
    readonly isAsked: (folder: string) => boolean;
  },
): Promise<readonly string[]> {
  for (let tries = 1; ; tries++) {
    const before = await foldersAway(store.temporaryFolders);
    const listed = await list();
    const away = [...before, ...(await foldersAway(store.temporaryFolders))];
    const gone = away.find((folder) => isAsked(folder) && !listed.includes(folder));
    if (gone === undefined) return listed;
    if (tries === TRIES) throw outOfPlace(gone);
    if (tries === 1) await store.putBack();
    else await sleep(WAIT_MS);
  }
}

async function foldersAway(temporary: string): Promise<readonly string[]> {
  const away: string[] = [];
  for (const run of await namesIn(temporary)) {
    for (const { folder } of await replacedIn(path.join(temporary, run))) away.push(folder);
  }
  return away;
}

async function replacedIn(
  run: string,
): Promise<readonly { readonly from: string; readonly folder: string }[]> {
  return (await namesIn(run)).flatMap((name) => {
    const encoded = /^\d+-(.+)\.replaced$/.exec(name)?.[1];
    const folder = encoded === undefined ? undefined : decoded(encoded);
    const from = path.join(run, name);
    const isTable = folder !== undefined && tablePlace(folder) !== undefined;
    return isTable && existsSync(path.join(from, "manifest.json")) ? [{ from, folder }] : [];
  });
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

function outOfPlace(folder: string): DataError {
  return new DataError({
    file: folder,
    message: "was taken out of its place by a run that is to replace it",
    fix: "wait for that run to end; if it was killed, `npx tickbook store prune --yes` puts it back",
  });
}
