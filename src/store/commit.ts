import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../core/errors.js";
import { fingerprintFile } from "./fingerprint.js";
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
  const temporary = await store.temporaryPath();
  try {
    await mkdir(temporary);
    const draft = await write(temporary);
    const files: Record<string, Fingerprint> = {};
    for (const name of (await readdir(temporary)).sort()) {
      const file = path.join(temporary, name);
      files[name] = await fingerprintFile(file);
      await flush(file);
    }
    const manifest = completeManifest(draft, files);
    const manifestFile = path.join(temporary, "manifest.json");
    await writeFile(manifestFile, manifestText(manifest));
    await flush(manifestFile);
    await flush(temporary);
    await moveInto(store, temporary, folder);
    return manifest;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw diskError(error, folder);
  }
}

async function moveInto(store: Store, temporary: string, folder: string): Promise<void> {
  const target = store.path(folder);
  await mkdir(path.dirname(target), { recursive: true });
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(temporary, target);
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!["ENOTEMPTY", "EEXIST"].includes(code ?? "") || attempt === ATTEMPTS) throw error;
      await moveAway(store, target);
    }
  }
  for (let parent = path.dirname(target); parent.length >= store.root.length; ) {
    await flush(parent);
    parent = path.dirname(parent);
  }
}

/** Takes the partition that is there out of the way; another run may have done so first. */
async function moveAway(store: Store, target: string): Promise<void> {
  const old = await store.temporaryPath();
  try {
    await rename(target, old);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  await rm(old, { recursive: true, force: true });
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
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
