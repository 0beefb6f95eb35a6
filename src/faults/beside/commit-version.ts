import { copyFile } from "node:fs/promises";
import path from "node:path";
import { partitionFolder } from "../../store/partition.js";
import { readManifest } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import { openStore } from "../../store/store.js";
import { commitTicks } from "../../store/write.js";
import type { TradesKey } from "./plan.js";

/**
 * Puts a copy of a partition of another store into a store, by the way that everything is written.
 *
 * @param source.root - of the other store
 * @param source.key - its partition, which may lie at another place
 */
export async function commitVersion(
  store: Store,
  key: TradesKey,
  source: { readonly root: string; readonly key: TradesKey },
): Promise<void> {
  const other = await openStore(source.root);
  const manifest = await readManifest(other, source.key);
  if (manifest === undefined) throw new Error(`${source.root} lacks ${source.key.date}`);
  const { rows, first, last, rejected, files, source: origin } = manifest;
  await commitTicks(store, key, async (folder) => {
    for (const name of Object.keys(files)) {
      const from = other.path(`${partitionFolder(source.key)}/${name}`);
      await copyFile(from, path.join(folder, name));
    }
    return { rows, first, last, rejected, source: origin };
  });
}
