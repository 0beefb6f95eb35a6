import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../core/errors.js";
import { fingerprintFile } from "./fingerprint.js";
import { flush } from "./flush.js";
import { requireInside } from "./inside.js";
import {
  completeManifest,
  type Fingerprint,
  type Manifest,
  type ManifestDraft,
  manifestText,
} from "./manifest.js";
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
  await requireInside(store.root, folder);
  const temporary = await store.temporaryPath();
  try {
    await mkdir(temporary);
    const draft = await write(temporary);
    const files: Record<string, Fingerprint> = {};
    for (const name of (await readdir(temporary)).sort()) {
      const file = path.join(temporary, name);
      const [fingerprint] = await Promise.all([fingerprintFile(file), flush(file)]);
      files[name] = fingerprint;
    }
    const manifest = completeManifest(draft, files);
    const manifestFile = path.join(temporary, MANIFEST_FILE);
    await writeFile(manifestFile, manifestText(manifest));
    await flush(manifestFile);
    await flush(temporary);
    await moveInto(store, temporary, folder, manifest);
    return manifest;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw diskError(error, folder);
  }
}

async function moveInto(
  store: Store,
  temporary: string,
  folder: string,
  manifest: Manifest,
): Promise<void> {
  const target = store.path(folder);
  await mkdir(path.dirname(target), { recursive: true });
  const replaced: string[] = [];
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(temporary, target);
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!["ENOTEMPTY", "EEXIST"].includes(code ?? "") || attempt === ATTEMPTS) throw error;
      // Another run may have written the same meanwhile: readers of it are not disturbed.
      if (await isStored(target, manifest)) {
        await rm(temporary, { recursive: true, force: true });
        break;
      }
      replaced.push(await moveAway(store, target));
    }
  }
  for (const old of replaced) await rm(old, { recursive: true, force: true });
  for (let parent = path.dirname(target); parent.length >= store.root.length; ) {
    await flush(parent);
    parent = path.dirname(parent);
  }
}

/** Whether a folder holds a partition to the byte and nothing else. */
async function isStored(target: string, manifest: Manifest): Promise<boolean> {
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
async function moveAway(store: Store, target: string): Promise<string> {
  const old = await store.temporaryPath();
  try {
    await rename(target, old);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return old;
}

function diskError(error: unknown, folder: string): unknown {
  // Errors of other threads come with their message alone, which begins with the code.
  const { code, message } = error as NodeJS.ErrnoException;
  const isFull = /\b(ENOSPC|EDQUOT|EFBIG)\b|no space left/i.test(`${code} ${message}`);
  if (!isFull) return error;
  return new DataError({
    file: folder,
    message: "could not be written because the disk is full",
    fix: "make room and run the same command again",
  });
}
