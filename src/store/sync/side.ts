// What one of the two sides holds of a table.
import { createHash } from "node:crypto";
import path from "node:path";
import { DataError } from "../../core/errors.js";
import { requireInside } from "../inside.js";
import { requireIntact } from "../integrity.js";
import { type Manifest, manifestText, parseManifestText } from "../manifest.js";
import { PARQUET_FILE } from "../partition.js";
import { settledManifest } from "../settled.js";
import type { Store } from "../store.js";
import { UnreadableError } from "../unreadable.js";
import { TransferError } from "./bucket-error.js";
import type { S3Bucket, StoredObject } from "./s3-bucket.js";

/**
 * `absent`: no manifest, so no table. `whole`: the manifest, and all its files in their sizes. `broken`: it or a file is
 * damaged. `foreign`: another version's, which this one cannot judge.
 */
export type Side =
  | { readonly state: "absent" }
  | { readonly state: "whole"; readonly manifest: Manifest }
  | { readonly state: "broken" | "foreign"; readonly reason: string; readonly fix: string };

/** The bucket's side, with the tag of its manifest where there is one. */
export type BucketSide = Side & { readonly etag?: string };

/** A table's place in the bucket. */
export interface BucketPlace {
  readonly folder: string;
  /** Objects that were listed there, by name. */
  readonly objects: ReadonlyMap<string, StoredObject>;
}

/**
 * Name of a file's object. It carries the hash, so that two writers of different tables never touch each other's objects,
 * and a manifest that is replaced in one step replaces its files with it.
 */
export function objectName(folder: string, name: string, sha256: string): string {
  const { name: stem, ext } = path.posix.parse(name);
  return `${folder}/${stem}.${sha256}${ext}`;
}

/** Name of a manifest's object. */
export function manifestName(folder: string): string {
  return `${folder}/manifest.json`;
}

/**
 * The store's side of a table.
 *
 * @param options.verify - hash the files, not only look at their sizes
 * @throws {DataError} its place is a link
 */
export async function storeSide(
  store: Store,
  folder: string,
  { verify }: { readonly verify: boolean },
): Promise<Side> {
  await requireInside(store.root, folder);
  try {
    if ((await settledManifest(store, folder)) === undefined) return { state: "absent" };
    const how = verify ? { again: true } : { sizesOnly: true };
    return { state: "whole", manifest: await requireIntact(store, folder, how) };
  } catch (error) {
    return unusable(error, (place) => place.fix ?? "make it again");
  }
}

/**
 * The bucket's side of a table, by what was listed there.
 *
 * @param known - a manifest that it may hold; told by the object's tag, so that it need not be fetched
 */
export async function bucketSide(
  bucket: S3Bucket,
  { folder, objects }: BucketPlace,
  known: Manifest | undefined,
): Promise<BucketSide> {
  const listed = objects.get(manifestName(folder));
  if (listed === undefined) return { state: "absent" };
  const text = known === undefined ? undefined : manifestText(known);
  const isKnown = text !== undefined && listed.etag.includes(md5(text));
  let { etag } = listed;
  try {
    const found = isKnown ? { text, etag } : await bucket.getText(manifestName(folder));
    if (found === undefined) return { state: "absent" };
    etag = found.etag;
    const manifest = parseManifestText(found.text, folder);
    // Another writer may have put what was not there when the list was made.
    const wrong =
      unlisted(folder, manifest, objects) &&
      unlisted(folder, manifest, await objectsOf(bucket, folder));
    if (wrong !== undefined) throw wrong;
    return { state: "whole", manifest, etag };
  } catch (error) {
    return { ...brokenObject(error), etag };
  }
}

/** Reads every object of a table that looked whole, and says which is not what the manifest says. */
export async function verifiedSide(
  bucket: S3Bucket,
  folder: string,
  side: BucketSide,
): Promise<BucketSide> {
  if (side.state !== "whole") return side;
  try {
    for (const [name, expected] of Object.entries(side.manifest.files)) {
      const object = objectName(folder, name, expected.sha256);
      if (!(await bucket.fetch(object, { expected }))) throw gone(object);
    }
    return side;
  } catch (error) {
    return { ...side, ...brokenObject(error) };
  }
}

/** What is said of an object that a manifest names and that is not there. */
export function gone(object: string): DataError {
  const message = "is not in the bucket although its manifest is";
  return new DataError({ file: object, message, fix: PUSH });
}

const PUSH = "push it again with `npx tickbook sync push --verify`";

/** What of a manifest's files is not listed as it should be. */
function unlisted(
  folder: string,
  { files }: Manifest,
  objects: BucketPlace["objects"],
): DataError | undefined {
  if (files[PARQUET_FILE] === undefined) {
    return new DataError({ file: manifestName(folder), message: "named no table" });
  }
  for (const [name, { bytes, sha256 }] of Object.entries(files)) {
    const object = objectName(folder, name, sha256);
    const found = objects.get(object);
    if (found === undefined) return gone(object);
    if (found.bytes === bytes) continue;
    const message = `has ${found.bytes} bytes, its manifest says ${bytes}`;
    return new DataError({ file: object, message });
  }
  return undefined;
}

async function objectsOf(bucket: S3Bucket, folder: string): Promise<BucketPlace["objects"]> {
  const objects = new Map<string, StoredObject>();
  for await (const [name, object] of bucket.list(`${folder}/`)) objects.set(name, object);
  return objects;
}

function brokenObject(error: unknown): Side {
  return unusable(error, () => PUSH);
}

/** The side that an error tells of; what did not arrive or cannot be read tells nothing. */
function unusable(error: unknown, fixOf: (place: DataError["place"]) => string): Side {
  const isSilent = error instanceof TransferError || error instanceof UnreadableError;
  if (!(error instanceof DataError) || isSilent) throw error;
  const { fix: _, ...place } = error.place;
  const isForeign = place.column === "format";
  const { message: reason } = new DataError(place);
  const fix = isForeign ? "use the tickbook version that wrote it" : fixOf(error.place);
  return { state: isForeign ? "foreign" : "broken", reason, fix };
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
