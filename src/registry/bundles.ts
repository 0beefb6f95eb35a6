// Where does a trained model live? In a folder of its own that appears whole, with the hash of every file.
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { canonicalJson, contentHash } from "../core/content-hash.js";
import { DataError, OptionError } from "../core/errors.js";
import { flush } from "../store/flush.js";
import { writeFlushed } from "../store/write-flushed.js";
import { isAbsent } from "./is-absent.js";
import { orRemoved, unfinished } from "./leftovers.js";
import { type Trial, versionOf } from "./trial.js";
import { markUnrecorded } from "./unrecorded.js";
import { requireFolder } from "./wrong-thing.js";

/** What a bundle says about itself. */
export interface BundleCard {
  readonly name: string;
  readonly version: string;
  /** Key of the trial that made it. */
  readonly trial: string;
  /** Anything else that a reader of the bundle needs. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** A bundle with its files in memory. */
export interface Bundle extends BundleCard {
  readonly files: Readonly<Record<string, Uint8Array>>;
}

interface StoredCard extends BundleCard {
  readonly format: number;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

const FORMAT = 1;
/** What lists a bundle's files with their hashes. */
export const BUNDLE_CARD = "bundle.json";
const NOT_THERE = "is not there";

/** How a damaged bundle is made again; what was found of it is not made again by that. */
export const TRAIN_AGAIN =
  "leave evaluations/ there and train again: the same trial gives the same model";

/**
 * Writes a bundle to `registry/models/{name}/{version}`: to a temporary folder, flushed, then renamed. One that is there
 * already is replaced only by the same content; a folder without the list of its files gets them anew, that list last, and keeps
 * what else is there. A new one is marked as not recorded until its trial is.
 *
 * @param root - of the store
 * @returns hash of the bundle's card, which holds the hash of every file
 * @throws {DataError} another bundle of that name and version is there
 */
export async function writeBundle(root: string, bundle: Bundle): Promise<string> {
  const text = canonicalJson(cardOf(bundle));
  const folder = bundleFolder(root, bundle.name, bundle.version);
  const temporary = unfinished(folder);
  await orRemoved(temporary, async () => {
    await mkdir(temporary, { recursive: true });
    for (const [name, bytes] of Object.entries(bundle.files)) {
      await writeFlushed(path.join(temporary, name), bytes);
    }
    await writeFlushed(path.join(temporary, BUNDLE_CARD), Buffer.from(text));
    if (!(await hasBundle(root, bundle.name, bundle.version))) await markUnrecorded(folder);
    await putInPlace(root, bundle, temporary);
  });
  return contentHash(Buffer.from(text));
}

/** A folder that is there without the list of its files takes them one by one; one with it must be the same. */
async function putInPlace(root: string, bundle: Bundle, temporary: string): Promise<void> {
  const { name, version } = bundle;
  const folder = bundleFolder(root, name, version);
  try {
    await rename(temporary, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isFolder = code === "ENOTEMPTY" || code === "EEXIST";
    if (!isFolder && code !== "ENOTDIR") throw error;
    if (isFolder && !(await hasBundle(root, name, version))) {
      await moveInto(folder, temporary, [...Object.keys(bundle.files), BUNDLE_CARD]);
    }
    await rm(temporary, { recursive: true, force: true });
    await readBundle(root, name, version, contentHash(Buffer.from(canonicalJson(cardOf(bundle)))));
  }
}

/** File by file, in their order. */
async function moveInto(folder: string, from: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const place = path.join(folder, file);
    // Whatever damage lies there, a folder even.
    await rm(place, { recursive: true, force: true });
    await rename(path.join(from, file), place);
  }
  await flush(folder);
}

/**
 * Reads a bundle; nothing is handed out before all hashes have been checked.
 *
 * @param expected - hash of its card, from the trial that made it
 * @throws {OptionError} a name or version that none has
 * @throws {DataError} absent, or a file differs from what was written; names it
 */
export async function readBundle(
  root: string,
  name: string,
  version: string,
  expected: string,
): Promise<Bundle> {
  const folder = bundleFolder(root, name, version);
  const { files: listed, ...card } = await readCard(folder, expected);
  const files: Record<string, Uint8Array> = {};
  for (const [file, { sha256 }] of Object.entries(listed)) {
    const bytes = await readPart(folder, file);
    if (contentHash(bytes) !== sha256) {
      throw damaged(path.join(folder, file), "had another SHA-256 than its bundle says");
    }
    files[file] = new Uint8Array(bytes);
  }
  return { ...card, files };
}

/**
 * Reads what a trial's bundle says about itself, and none of its files.
 *
 * @throws {DataError} absent, or not what was written
 */
export async function readBundleCard(
  root: string,
  { model, key, bundle }: Pick<Trial, "model" | "key" | "bundle">,
): Promise<BundleCard> {
  const { files: _, ...card } = await readCard(bundleFolder(root, model, versionOf(key)), bundle);
  return card;
}

async function readCard(folder: string, expected: string): Promise<Omit<StoredCard, "format">> {
  const bytes = await readPart(folder, BUNDLE_CARD);
  if (contentHash(bytes) !== expected) {
    throw damaged(path.join(folder, BUNDLE_CARD), "is not the one that its trial recorded");
  }
  const { format, ...card } = JSON.parse(bytes.toString()) as StoredCard;
  if (format === FORMAT) return card;
  throw damaged(path.join(folder, BUNDLE_CARD), `had format ${format}, expected ${FORMAT}`);
}

/** What was read, or what is wrong with it as a sentence, where a damaged file is a result like another. */
export async function orDamage<Value>(
  read: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly damage: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof DataError) return { damage: error.message };
    throw error;
  }
}

/** True when a bundle of that name and version is there; says nothing about its state. */
export async function hasBundle(root: string, name: string, version: string): Promise<boolean> {
  try {
    return (await readdir(bundleFolder(root, name, version))).includes(BUNDLE_CARD);
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Writes a file beside its final name, flushes it, renames it and flushes the name. */
export async function writeAtomically(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = unfinished(file);
  await orRemoved(temporary, async () => {
    await writeFlushed(temporary, bytes);
    await rename(temporary, file);
  });
  await flush(path.dirname(file));
}

function cardOf({ name, version, trial, content, files }: Bundle): StoredCard {
  const listed = Object.entries(files).map(([file, bytes]) => [
    file,
    { bytes: bytes.length, sha256: contentHash(bytes) },
  ]);
  return { format: FORMAT, name, version, trial, content, files: Object.fromEntries(listed) };
}

/**
 * Where a bundle and what is said of it are.
 *
 * @throws {OptionError} a name or version that none has
 */
export function bundleFolder(root: string, name: string, version: string): string {
  for (const part of [name, version]) {
    if (isNamePart(part)) continue;
    throw new OptionError({
      column: "--model",
      message: `was ${JSON.stringify(part)}, which no model or version is called`,
      fix: "take a name from `npx tickbook models`",
    });
  }
  return path.join(root, "registry", "models", name, version);
}

/** True for what a model or a version may be called. */
export function isNamePart(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(text);
}

async function readPart(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, file));
  } catch (error) {
    if (!isAbsent(error)) throw error;
    await requireFolder(folder);
    const isFolder = (error as NodeJS.ErrnoException).code === "EISDIR";
    const place = path.join(folder, file);
    throw damaged(place, isFolder ? "is a folder, expected a file" : NOT_THERE);
  }
}

function damaged(file: string, message: string): DataError {
  const isCard = path.basename(file) === BUNDLE_CARD;
  const card = isCard ? "delete it, " : `delete the ${BUNDLE_CARD} beside it, `;
  const fix = `${isCard && message === NOT_THERE ? "" : card}${TRAIN_AGAIN}`;
  return new DataError({ file, message, fix });
}
