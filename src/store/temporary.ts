import { createHash } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { access, lstat, mkdir, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { OptionError } from "../core/errors.js";
import { processPlace } from "../core/process-place.js";
import { flush } from "./flush.js";
import { entriesIn } from "./folder-names.js";
import { requireInside } from "./inside.js";
import { discard, isInPlace, putBack, type SetAside, setAside } from "./replaced.js";
import { UnreadableError } from "./unreadable.js";

/** Folder below the store's root where partitions are written before they are renamed. */
export const TEMPORARY = ".tmp";

/** Begins the name of a folder below the root where one run's queries put what does not fit into memory. */
const SPILL = ".spill-";

/** Tries to make a folder while other runs end. */
const ATTEMPTS = 5;

/** What another host or a living process left may still be written to; a day without a change says it is not. */
const ABANDONED_MS = 24 * 3600 * 1000;

/** A name no other run has: host with container, process and a random part, so that a later run sees whose it was. */
export function temporaryName(): string {
  const random = Math.floor(Math.random() * 2 ** 40).toString(36);
  return `${hostName()}-${process.pid}-${random}`;
}

/** Plain characters that stand for the host and container, and for no other. */
function hostName(): string {
  return createHash("sha256").update(processPlace()).digest("hex").slice(0, 12);
}

/** Folder of one run below the root. */
function temporaryFolder(root: string, name: string): string {
  return path.join(root, TEMPORARY, name);
}

/** Where a run's queries spill to; made by DuckDB when it comes to that, which makes one level only. */
export function spillFolder(root: string, name: string): string {
  return path.join(root, `${SPILL}${name}`);
}

/**
 * Makes a run's temporary folder, and the root with it, and removes what killed runs have left.
 *
 * @throws {OptionError} the root cannot be made or written to
 * @throws {DataError} the folder of temporary folders is a link
 */
export async function makeTemporary(root: string, name: string): Promise<string> {
  const folder = temporaryFolder(root, name);
  await requireInside(root, TEMPORARY);
  try {
    await makeFolders(folder, root);
  } catch (error) {
    const { code = "no reason" } = error as NodeJS.ErrnoException;
    if (["ENOSPC", "EDQUOT"].includes(code)) {
      throw new OptionError({
        column: "--data",
        message: `was "${root}", and its disk is full (${code})`,
        fix: "make room and run the same command again, or give a folder on another disk",
      });
    }
    throw unwritable(root, code);
  }
  await sweepTemporary(root, name);
  return folder;
}

/**
 * Makes sure that a run could write to a store, and writes nothing.
 *
 * @param root - there or not
 * @param options.below - folder in it that is to be written to, there or not (default: the root itself)
 * @throws {OptionError} it cannot be made or written to
 */
export async function requireWritable(
  root: string,
  { below = root }: { readonly below?: string } = {},
): Promise<void> {
  let at = below;
  while (!existsSync(at)) at = path.dirname(at);
  try {
    // The dot makes a file in a folder's place fail.
    await access(`${at}/.`, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code = "no reason" } = error as NodeJS.ErrnoException;
    if (below === root) throw unwritable(root, code);
    throw new OptionError({
      file: below,
      message: `cannot be written to (${code})`,
      fix: "get the right to it, or give another folder with --data or TICKBOOK_DATA",
    });
  }
}

function unwritable(root: string, code: string): OptionError {
  return new OptionError({
    column: "--data",
    message: `was "${root}", where nothing can be written (${code})`,
    fix: "give a folder that you may write to with --data or TICKBOOK_DATA",
  });
}

/**
 * Removes a run's temporary folder, and the folders around it when they are empty: a run that wrote nothing leaves
 * nothing.
 */
export async function removeTemporary(root: string, name: string): Promise<void> {
  await removeRun(root, `${TEMPORARY}/${name}`);
  for (const folder of [path.join(root, TEMPORARY), root]) {
    await rmdir(folder).catch(() => undefined);
  }
}

/** Step by step: the recursive option of `mkdir` never returns on file systems that make no folders, as /proc. */
async function makeFolders(folder: string, root: string, attempt = 1): Promise<void> {
  const missing: string[] = [];
  for (let step = folder; !existsSync(step); step = path.dirname(step)) missing.push(step);
  for (const step of missing.reverse()) {
    try {
      await mkdir(step);
      // The root outlives a power loss with what is in it; a folder that may not be listed cannot be flushed.
      if (root.startsWith(step)) await flush(path.dirname(step)).catch(() => undefined);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EEXIST") continue;
      if (code !== "ENOENT" || attempt === ATTEMPTS) throw error;
      // Another run removed a folder in between because it was empty.
      return makeFolders(folder, root, attempt + 1);
    }
  }
}

/**
 * Removes what killed runs have left; a living run's folder stays, and so does `own`. A partition that a run had taken out of
 * the way goes back where nothing came into its place, and goes where something did, whosever it is; what this user may not
 * look at stays.
 *
 * @throws {DataError} the folder of all runs cannot be read, or is a link
 */
export async function sweepTemporary(root: string, own: string): Promise<void> {
  const left = await leftTemporary(root, own);
  await putBack(root, await readableAside(root, left));
  for (const folder of left) await removeRun(root, folder).catch(unlessOfDisk);
  for (const copy of await readableAside(root, await runFolders(root))) {
    if (await isInPlace(root, copy)) await discard(copy.from).catch(unlessOfDisk);
  }
  await rmdir(path.join(root, TEMPORARY)).catch(() => undefined);
}

/** Puts back what killed runs had taken out of the way and not replaced; with `ofAll`, what any run has. */
export async function putBackLeft(
  root: string,
  own: string,
  { ofAll }: { readonly ofAll: boolean },
): Promise<void> {
  const runs = ofAll ? await runFolders(root) : await leftTemporary(root, own);
  await putBack(root, await setAside(root, runs));
}

/** Removes what any run has taken out of the way of one folder, so that it never comes back. */
export async function forgetSetAside(root: string, folder: string): Promise<void> {
  for (const copy of await setAside(root, await runFolders(root))) {
    if (copy.folder === folder) await discard(copy.from);
  }
}

/** Folders below the root that killed runs have left; a living run's is none, nor is `own`. */
export async function leftTemporary(root: string, own: string): Promise<readonly string[]> {
  const left: string[] = [];
  const spilled = (await entriesIn(root, ""))
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(SPILL))
    .map(({ name }) => name);
  for (const folder of [...spilled, ...(await runFolders(root))]) {
    const name = path.basename(folder).replace(SPILL, "");
    if (name === own) continue;
    if (await isLeftBehind(path.join(root, folder), name)) left.push(folder);
  }
  return left;
}

/** True for a temporary place whose run is gone, as its name tells here, or that nobody has changed for a day. */
export async function isLeftBehind(place: string, name: string): Promise<boolean> {
  const ageMs = await lstat(place).then(
    (found) => Date.now() - found.mtimeMs,
    () => 0,
  );
  return isOwnerGone(name) || ageMs > ABANDONED_MS;
}

/**
 * Temporary folders of all runs, below the root; a link is none.
 *
 * @throws {DataError} the folder that holds them cannot be read
 */
export async function runFolders(root: string): Promise<readonly string[]> {
  const holder = await lstat(path.join(root, TEMPORARY)).catch(() => undefined);
  if (holder?.isDirectory() !== true) return [];
  const runs = (await entriesIn(root, TEMPORARY)).filter((entry) => entry.isDirectory());
  return runs.map(({ name }) => `${TEMPORARY}/${name}`);
}

/** Removes a run's folder; what it had taken out of the way goes back first, or has a successor, or the folder stays. */
async function removeRun(root: string, folder: string): Promise<void> {
  await putBack(root, await setAside(root, [folder]));
  for (const copy of await setAside(root, [folder])) {
    if (!(await isInPlace(root, copy))) return;
    await discard(copy.from);
  }
  await rm(path.join(root, folder), { recursive: true, force: true });
}

/** What another user left, and what a disk keeps from being removed, stays for whoever may. */
function unlessOfDisk(error: unknown): void {
  const isOfDisk = (error as NodeJS.ErrnoException).code !== undefined;
  if (!isOfDisk && !(error instanceof UnreadableError)) throw error;
}

/** What runs have taken out of the way, as far as this user may look. */
async function readableAside(root: string, runs: readonly string[]): Promise<readonly SetAside[]> {
  const found: SetAside[] = [];
  for (const run of runs) {
    const copies = await setAside(root, [run]).catch((error) => {
      unlessOfDisk(error);
      return [];
    });
    found.push(...copies);
  }
  return found;
}

function isOwnerGone(name: string): boolean {
  const [host, pid] = name.split("-");
  if (host !== hostName()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
