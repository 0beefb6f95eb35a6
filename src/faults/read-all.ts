import { requireIntact } from "../store/integrity.js";
import { listPartitions } from "../store/list.js";
import { openStore } from "../store/store.js";

/** Reads every partition that a store lists; returns the first complaint, undefined when there is none. */
export async function firstReadError(root: string): Promise<string | undefined> {
  const store = await openStore(root);
  try {
    for (const { folder } of await listPartitions(store)) await requireIntact(store, folder);
    return undefined;
  } catch (error) {
    return `a reader was told: ${(error as Error).message}`;
  } finally {
    await store.close();
  }
}
