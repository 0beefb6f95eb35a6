import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { DataError, WorkbenchError } from "../core/errors.js";
import { fingerprintFile } from "./fingerprint.js";
import { flush } from "./flush.js";
import { ignoreAbsence } from "./ignore-absence.js";
import { requireInside } from "./inside.js";
import {
  completeManifest,
  type Fingerprint,
  type Manifest,
  type ManifestDraft,
  manifestText,
} from "./manifest.js";
import { discard, isInPlace, putBack, replacedPath, type SetAside } from "./replaced.js";
import type { Store } from "./store.js";

/** How often a commit tries again when another run renamed its partition to the same place in between. */
const ATTEMPTS = 20;

const MANIFEST_FILE = "manifest.json";

/**
 * Writes a partition so that it exists whole or not at all: its files go to a temporary folder, the manifest last; all is
 * flushed to disk, then the folder is renamed. What was there before is replaced.
 *
 * @param folder - below the store's root, with forward slashes
 * @param write - writes the files (no subfolders) into the folder it is given and returns the manifest without hashes
 * @returns the complete manifest
 * @throws {OptionError} the store cannot be written to
 * @throws whatever `write` throws; nothing is left behind then
 */
export async function commitPartition(
  store: Store,
  folder: string,
  write: (temporary: string) => Promise<ManifestDraft>,
): Promise<Manifest> {
  const { manifest } = await commitFiles(store, { folder, mayReplace: true }, async (temporary) => {
    const draft = await write(temporary);
    return (files) => completeManifest(draft, files);
  });
  return manifest;
}

/**
 * Puts a copy of a partition into the store as `commitPartition` does, with the manifest that it has elsewhere.
 *
 * @param copy.mayReplace - whether it takes the place of another partition that is there by then
 * @param fetch - brings the manifest's files into the folder it is given
 * @returns false when another one was there and has stayed
 * @throws {DataError} a file is not what the manifest says; nothing is left behind then
 */
export async function commitCopy(
  store: Store,
  { manifest, ...place }: Place & { readonly manifest: Manifest },
  fetch: (temporary: string) => Promise<void>,
): Promise<boolean> {
  const { isStored } = await commitFiles(store, place, async (temporary) => {
    await fetch(temporary);
    return (files) => {
      if (manifestText(files) === manifestText(manifest.files)) return manifest;
      const message = "did not arrive as its manifest says";
      throw new DataError({ file: place.folder, message, fix: "run the same command again" });
    };
  });
  return isStored;
}

interface Place {
  readonly folder: string;
  readonly mayReplace: boolean;
}

async function commitFiles(
  store: Store,
  place: Place,
  write: (temporary: string) => Promise<(files: Readonly<Record<string, Fingerprint>>) => Manifest>,
): Promise<{ readonly manifest: Manifest; readonly isStored: boolean }> {
  const { folder } = place;
  await requireInside(store.root, folder);
  const temporary = await store.temporaryPath();
  try {
    await mkdir(temporary);
    const complete = await write(temporary);
    const files: Record<string, Fingerprint> = {};
    for (const name of (await readdir(temporary)).sort()) {
      const file = path.join(temporary, name);
      const [fingerprint] = await Promise.all([fingerprintFile(file), flush(file)]);
      files[name] = fingerprint;
    }
    const manifest = complete(files);
    const manifestFile = path.join(temporary, MANIFEST_FILE);
    await writeFile(manifestFile, manifestText(manifest));
    await flush(manifestFile);
    await flush(temporary);
    return { manifest, isStored: await moveInto(store, temporary, place, manifest) };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw writeError(error, folder);
  }
}

/** Returns false when another partition was there and has stayed. */
async function moveInto(
  store: Store,
  temporary: string,
  { folder, mayReplace }: Place,
  manifest: Manifest,
): Promise<boolean> {
  const target = store.path(folder);
  await mkdir(path.dirname(target), { recursive: true });
  // The one that was moved away last first.
  const replaced: SetAside[] = [];
  let isStored = true;
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(temporary, target);
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A prune of its neighbours may have removed the folder around it.
      if (code === "ENOENT" && attempt < ATTEMPTS && existsSync(temporary)) {
        await mkdir(path.dirname(target), { recursive: true });
        continue;
      }
      if (!["ENOTEMPTY", "EEXIST"].includes(code ?? "") || attempt === ATTEMPTS) {
        await putBack(store.root, replaced);
        throw error;
      }
      // Another run may have written the same meanwhile: readers of it are not disturbed.
      const isSame = await holds(target, manifest);
      isStored = isSame || mayReplace || !existsSync(path.join(target, MANIFEST_FILE));
      if (isSame || !isStored) {
        await rm(temporary, { recursive: true, force: true });
        break;
      }
      const from = await moveAway(store, folder);
      replaced.unshift({ from, folder });
      // It may have come between the two looks.
      if (mayReplace || !existsSync(path.join(from, MANIFEST_FILE))) continue;
      await putBack(store.root, replaced);
      isStored = false;
      await rm(temporary, { recursive: true, force: true });
      break;
    }
  }
  for (let parent = path.dirname(target); parent.length >= store.root.length; ) {
    // It may have been pruned since, with what was put there.
    await flush(parent).catch(ignoreAbsence);
    parent = path.dirname(parent);
  }
  // Not before its successor is on the disk; what cannot be removed a later run sweeps.
  for (const old of replaced) {
    // What should have stayed and could not be put back is put back later.
    const isSafe = isStored || (await isInPlace(store.root, old));
    if (isSafe) await discard(old.from).catch(() => undefined);
  }
  return isStored;
}

/** Whether a folder holds a partition to the byte and nothing else. */
async function holds(target: string, manifest: Manifest): Promise<boolean> {
  try {
    const names = [...Object.keys(manifest.files), MANIFEST_FILE].sort();
    if (String((await readdir(target)).sort()) !== String(names)) return false;
    const text = await readFile(path.join(target, MANIFEST_FILE), "utf8");
    if (text !== manifestText(manifest)) return false;
    for (const [name, { sha256 }] of Object.entries(manifest.files)) {
      if ((await fingerprintFile(path.join(target, name))).sha256 !== sha256) return false;
    }
    return true;
  } catch {
    // A third run may be taking it away, or it cannot be read: it is replaced.
    return false;
  }
}

/** Takes the partition that is there out of the way; another run may have done so first. Returns where it went. */
async function moveAway(store: Store, folder: string): Promise<string> {
  const old = replacedPath(await store.temporaryPath(), folder);
  try {
    await rename(store.path(folder), old);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return old;
}

function writeError(error: unknown, folder: string): unknown {
  // Errors of other threads come with their message alone, which begins with the code.
  const { code, message } = error as NodeJS.ErrnoException;
  const isFull = /\b(ENOSPC|EDQUOT|EFBIG)\b|no space left/i.test(`${code} ${message}`);
  if (isFull) {
    return new DataError({
      file: folder,
      message: "could not be written because the disk is full",
      fix: "make room and run the same command again",
    });
  }
  if (code === undefined || error instanceof WorkbenchError) return error;
  return new DataError({
    file: folder,
    message: `could not be written (${code})`,
    fix: "see that this user may write there and that nothing else is in its place, and run the same command again",
  });
}
