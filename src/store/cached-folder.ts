import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "../core/folder.js";

/**
 * A folder of the cache that is there whole or not at all.
 *
 * @param name - carries everything that the content depends on
 * @param fill - gets an empty folder to fill when there is none yet
 * @returns its path
 */
export async function cachedFolder(
  cache: string,
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = path.join(cache, name);
  if (existsSync(folder)) return folder;
  const unfinished = path.join(cache, `unfinished-${process.pid}-${randomUUID()}`);
  makeFolder(cache, "TICKBOOK_CACHE");
  await mkdir(unfinished);
  try {
    await fill(unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      // Another run was faster; its folder is as good as ours.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}
