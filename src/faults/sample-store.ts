import { rm } from "node:fs/promises";
import path from "node:path";
import { type IngestedPartition, type IngestOptions, ingest } from "../ingest/ingest.js";
import { openSource } from "../ingest/open-source.js";
import { openStore, type Store } from "../store/store.js";
import type { PartitionKey } from "../store/tables.js";
import { putFile, SAMPLE_KEY } from "./sample-files.js";
import { treeHashes } from "./tree-hashes.js";

/** A mirror folder and a store beside it, for planting faults in one and looking for them in the other. */
export interface SampleStore {
  readonly store: Store;
  readonly mirror: string;
  /** Puts bytes into the mirror and ingests them. */
  readonly ingest: (bytes: Buffer, key?: PartitionKey) => Promise<IngestedPartition>;
  /** Everything stored; what a run keeps in the temporary folder while it is open is left out. */
  readonly hashes: () => Promise<Readonly<Record<string, string>>>;
  readonly close: () => Promise<void>;
  /** Removes both folders. */
  readonly remove: () => Promise<void>;
}

/**
 * Opens an empty store and mirror.
 *
 * @param folder - does not exist yet, or is empty
 */
export async function sampleStore(
  folder: string,
  options: Partial<IngestOptions> = {},
): Promise<SampleStore> {
  const store = await openStore(path.join(folder, "store"));
  const mirror = path.join(folder, "mirror");
  return {
    store,
    mirror,
    ingest: async (bytes, key = SAMPLE_KEY) => {
      await putFile(mirror, key, bytes);
      return ingestKey(store, mirror, key, options);
    },
    hashes: () => storeHashes(store.root),
    close: () => store.close(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Ingests one file from a mirror folder. */
export async function ingestKey(
  store: Store,
  mirror: string,
  { exchange, symbol, type, date }: PartitionKey,
  options: Partial<IngestOptions> = {},
): Promise<IngestedPartition> {
  const source = await openSource(mirror);
  const request = { exchange, symbols: [symbol], types: [type], days: [date] };
  const [file] = await ingest(store, source, { jobs: 1, ...request, ...options });
  return file!;
}

/** Everything in a store but its temporary folder. */
export async function storeHashes(root: string): Promise<Readonly<Record<string, string>>> {
  const all = Object.entries(await treeHashes(root));
  return Object.fromEntries(all.filter(([name]) => !name.startsWith(".tmp")));
}
