// Where is a partition while another takes its place?
import { existsSync } from "node:fs";
import { mkdir, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DataError } from "../core/errors.js";
import { flush } from "./flush.js";
import { requireInside } from "./inside.js";
import { type Manifest, readManifestFile } from "./manifest.js";
import { tablePlace } from "./partition.js";
import type { Store } from "./store.js";

/** Ends the name of a folder that holds what was taken out of the way; before it stands the folder it came from. */
const MARK = ".replaced";

/** Names of files and folders are no longer than this on any usual file system. */
const LONGEST_NAME = 200;

/** Putting a partition into its place takes two renames in a row, which no reader has to wait for long. */
const TRIES = 40;
const WAIT_MS = 50;

/** Looks in a row that have to miss something before it is taken for absent. */
const LOOKS = 3;

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
 * @param run - the run's temporary folder
 * @returns whether all of it is back or has a successor, so that the folder may be removed
 */
export async function putBackReplaced(root: string, run: string): Promise<boolean> {
  let isAllSafe = true;
  for (const { from, folder } of await replacedIn(run)) {
    const target = path.join(root, ...folder.split("/"));
    try {
      await requireInside(root, folder);
      await mkdir(path.dirname(target), { recursive: true });
      await rename(from, target);
      await flush(path.dirname(target));
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      const isExpected = error instanceof DataError || PUT_BACK_ENDINGS.includes(code);
      if (!isExpected) throw error;
      // Another run was faster, what was to come is there, or something else is in the way.
      const isGone = !existsSync(from);
      isAllSafe &&= isGone || existsSync(path.join(target, "manifest.json"));
    }
  }
  return isAllSafe;
}

/** Codes of a rename to a place that is taken, or of a folder that another run has put back. */
const PUT_BACK_ENDINGS: readonly string[] = ["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR"];

/**
 * The manifest of a folder, also when the partition is just being replaced.
 *
 * @returns undefined when there is no partition
 * @throws {DataError} it cannot be read, or is out of its place and stays there
 */
export async function settledManifest(store: Store, folder: string): Promise<Manifest | undefined> {
  for (let absent = 0, tries = 1; ; tries++) {
    const manifest = await readManifestFile(store.root, folder);
    if (manifest !== undefined) return manifest;
    const isAway = (await foldersAway(store.temporaryFolders)).includes(folder);
    // It may have come into its place between two looks: only further ones tell.
    if (!isAway && ++absent === LOOKS) return undefined;
    if (isAway && tries >= TRIES) throw outOfPlace(folder);
    if (isAway && tries === 1) await store.putBack();
    else if (isAway) await sleep(WAIT_MS);
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
    const listed = await listOften(store.temporaryFolders, list);
    const away = [...before, ...(await foldersAway(store.temporaryFolders))];
    const gone = away.find((folder) => isAsked(folder) && !listed.includes(folder));
    if (gone === undefined) return listed;
    if (tries === TRIES) throw outOfPlace(gone);
    if (tries === 1) await store.putBack();
    else await sleep(WAIT_MS);
  }
}

/** While runs write, what one look misses between two renames another sees. */
async function listOften(
  temporary: string,
  list: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const listed = await list();
  if ((await namesIn(temporary)).length === 0) return listed;
  const all = new Set(listed);
  for (let look = 1; look < LOOKS; look++) for (const folder of await list()) all.add(folder);
  if (all.size === listed.length) return listed;
  const steps = (folder: string): string => folder.replaceAll("/", "\0");
  return [...all].sort((a, b) => (steps(a) < steps(b) ? -1 : 1));
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
  const number = (name: string): number => Number.parseInt(name, 10);
  // What was taken away last is the newest.
  const names = [...(await namesIn(run))].sort((a, b) => number(b) - number(a));
  return names.flatMap((name) => {
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
