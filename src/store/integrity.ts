import { lstat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { DataError } from "../core/errors.js";
import { fingerprintFile } from "./fingerprint.js";
import type { Manifest } from "./manifest.js";
import { PARQUET_FILE } from "./partition.js";
import { remedy } from "./remedy.js";
import { settledManifest } from "./settled.js";
import { placeStamp } from "./stamp.js";
import type { Store } from "./store.js";
import { unreadable } from "./unreadable.js";

/** Looks at a partition that is changing, and the time between them. */
const ATTEMPTS = 20;
const PAUSE_MS = 20;

/** How a partition's files are looked at. */
interface Thoroughness {
  readonly again?: boolean;
  readonly sizesOnly?: boolean;
}

/**
 * The manifest of a partition whose files were found to be what it says; checked once per process and version of a file.
 *
 * @param folder - below the store's root
 * @param options.again - check even what this process has checked before
 * @param options.sizesOnly - look at the files' sizes and read none
 * @throws {DataError} the partition is not there, or size or SHA-256 of a file differs from the manifest
 */
export async function requireIntact(
  store: Store,
  folder: string,
  options: Thoroughness = {},
): Promise<Manifest> {
  const manifest = await intactManifest(store, folder, options);
  if (manifest !== undefined) return manifest;
  throw new DataError({ file: folder, message: "is not in the store", fix: howToGet(folder) });
}

/**
 * The same where there may be none.
 *
 * @returns undefined when the partition is not there
 * @throws {DataError} size or SHA-256 of a file differs from the manifest
 */
export async function intactManifest(
  store: Store,
  folder: string,
  options: Thoroughness = {},
): Promise<Manifest | undefined> {
  for (let attempt = 1; ; attempt++) {
    const stamp = await placeStamp(store.path(folder));
    const manifest = await settledManifest(store, folder);
    if (manifest === undefined) return undefined;
    try {
      return await requireFiles(store, folder, manifest, options);
    } catch (error) {
      // Another run may have been putting a new partition in its place, or this one back.
      await settledManifest(store, folder).catch(() => undefined);
      const isSame = (await placeStamp(store.path(folder))) === stamp;
      if (attempt === ATTEMPTS || isSame) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

async function requireFiles(
  store: Store,
  folder: string,
  manifest: Manifest,
  { again = false, sizesOnly = false }: Thoroughness,
): Promise<Manifest> {
  if (manifest.files[PARQUET_FILE] === undefined) {
    throw damaged(folder, folder, "had no table in its manifest");
  }
  for (const [name, expected] of Object.entries(manifest.files)) {
    const place = `${folder}/${name}`;
    const found = await there(lstat(store.path(place)), place, folder);
    if (!found.isFile()) throw damaged(place, folder, "is a link or no file");
    if (found.size !== expected.bytes) {
      const message = `had ${found.size} bytes, its manifest says ${expected.bytes}`;
      throw damaged(place, folder, message);
    }
    if (sizesOnly) continue;
    const version = `${place} ${expected.sha256} ${found.ino} ${found.mtimeMs} ${found.ctimeMs}`;
    if (!again && store.isVerified(version)) continue;
    const { sha256 } = await there(fingerprintFile(store.path(place)), place, folder);
    if (sha256 !== expected.sha256) {
      throw damaged(place, folder, `had SHA-256 ${sha256}, its manifest says ${expected.sha256}`);
    }
    store.setVerified(version);
  }
  return manifest;
}

/** As a damaged partition is mended, without what only makes sense where there is one. */
function howToGet(folder: string): string {
  return remedy(folder)
    .replace("delete the folder and run", "check its name, or run")
    .replace(" again", "")
    .replace(" --verify", "");
}

async function there<Found>(look: Promise<Found>, place: string, folder: string): Promise<Found> {
  try {
    return await look;
  } catch (error) {
    const { code = "no reason" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR"].includes(code)) {
      throw damaged(place, folder, "is not there although its manifest is");
    }
    throw unreadable(place, error);
  }
}

function damaged(file: string, folder: string, message: string): DataError {
  return new DataError({ file, message, fix: remedy(folder) });
}
