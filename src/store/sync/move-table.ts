import path from "node:path";
import { DataError } from "../../core/errors.js";
import { commitCopy } from "../commit.js";
import { requireIntact } from "../integrity.js";
import { type Manifest, manifestText } from "../manifest.js";
import type { Store } from "../store.js";
import { TransferError } from "./bucket-error.js";
import type { S3Bucket } from "./s3-bucket.js";
import { type BucketPlace, gone, manifestName, objectName } from "./side.js";

/**
 * Puts a table of the store into the bucket: its files first, each under a name of its own content, the manifest last and
 * only where the bucket still holds what was seen there.
 *
 * @param table.manifest - what the store was seen to hold
 * @param table.seen - tag of the manifest that the bucket was seen to hold; undefined when there was none
 * @returns false when another writer was there before, with another content
 * @throws {DataError} a file of the store is damaged, or the table has changed
 */
export async function pushTable(
  store: Store,
  bucket: S3Bucket,
  {
    folder,
    objects,
    manifest,
    seen,
  }: BucketPlace & { readonly manifest: Manifest; readonly seen: string | undefined },
): Promise<boolean> {
  if ((await requireIntact(store, folder)).sha256 !== manifest.sha256) {
    const message = "was written anew while it was pushed";
    throw new DataError({ file: folder, message, fix: "run the same command again" });
  }
  for (const [name, expected] of Object.entries(manifest.files)) {
    const object = objectName(folder, name, expected.sha256);
    // What a run that died has left is used when it is right, and written again when it is not.
    if (objects.has(object) && (await isSound(bucket, object, expected))) continue;
    await bucket.putFile(object, store.path(`${folder}/${name}`), expected);
  }
  const text = manifestText(manifest);
  if (await bucket.putText(manifestName(folder), text, seen)) return true;
  // The answer to an earlier try may have been lost, or another writer may have put the same.
  return (await bucket.getText(manifestName(folder)))?.text === text;
}

async function isSound(
  bucket: S3Bucket,
  object: string,
  expected: Manifest["files"][string],
): Promise<boolean> {
  try {
    return await bucket.fetch(object, { expected });
  } catch (error) {
    if (!(error instanceof DataError) || error instanceof TransferError) throw error;
    return false;
  }
}

/**
 * Brings a table of the bucket into the store, whole or not at all.
 *
 * @param table.mayReplace - whether it takes the place of another that the store holds by then
 * @returns false when there was another, which has stayed
 * @throws {DataError} an object is damaged or gone
 */
export async function pullTable(
  store: Store,
  bucket: S3Bucket,
  table: { readonly folder: string; readonly manifest: Manifest; readonly mayReplace: boolean },
): Promise<boolean> {
  return commitCopy(store, table, async (temporary) => {
    for (const [name, expected] of Object.entries(table.manifest.files)) {
      const object = objectName(table.folder, name, expected.sha256);
      const file = path.join(temporary, name);
      if (!(await bucket.fetch(object, { expected, file }))) throw gone(object);
    }
  });
}
