import { lstat, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { commitPartition } from "../commit.js";
import { fingerprintFile } from "../fingerprint.js";
import { PARQUET_FILE, partitionFolder } from "../partition.js";
import { openStore, type Store } from "../store.js";
import { TRADES_KEY } from "../test-trades.js";
import { BUCKET_LIMITS } from "./bucket-limits.js";
import { syncStore } from "./sync.js";
import type { SyncOptions } from "./sync-options.js";
import type { SyncedTable } from "./synced-table.js";
import { passOn, type TestS3Proxy, testS3Proxy } from "./test-s3-proxy.js";
import { awsEnvironment, type TestS3Server, testS3Server } from "./test-s3-server.js";

type Options = Omit<SyncOptions, "direction">;

/** An S3 server for all tests of a file; a bucket, a folder and its stores for each. */
export interface SyncScene {
  readonly server: TestS3Server;
  readonly proxy: TestS3Proxy;
  /** Name of the test's bucket, which is empty when the test begins. */
  readonly bucket: string;
  /** The test's place in it: `s3://bucket/prefix`. */
  readonly url: string;
  /** The test's own folder. */
  readonly folder: string;
  /** A store below the folder; it is closed after the test. */
  readonly store: (name: string) => Promise<Store>;
  readonly push: (store: Store, options?: Options) => Promise<readonly SyncedTable[]>;
  readonly pull: (store: Store, options?: Options) => Promise<readonly SyncedTable[]>;
}

/** Begins of all keys of a test. */
export const PREFIX = "some/prefix";

/** Sets up servers, buckets and folders around the tests of a file. */
export function syncScene(): SyncScene {
  let server!: TestS3Server;
  let proxy!: TestS3Proxy;
  let folder = "";
  let buckets = 0;
  const stores: Store[] = [];
  const bucket = (): string => `bucket-${buckets}`;
  const url = (): string => `s3://${bucket()}/${PREFIX}`;
  const limits = { ...BUCKET_LIMITS, pauseMs: 5 };

  beforeAll(async () => {
    server = await testS3Server();
    proxy = await testS3Proxy(server.url);
    for (const [name, value] of Object.entries(awsEnvironment(proxy.url))) vi.stubEnv(name, value);
  });
  beforeEach(async () => {
    buckets++;
    await server.makeBucket(bucket());
    proxy.requests.length = 0;
    proxy.answer = passOn;
    folder = await mkdtemp(path.join(tmpdir(), "tickbook-sync-"));
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await proxy?.close();
    await server?.close();
  });
  return {
    get server() {
      return server;
    },
    get proxy() {
      return proxy;
    },
    get bucket() {
      return bucket();
    },
    get url() {
      return url();
    },
    get folder() {
      return folder;
    },
    store: async (name) => {
      const store = await openStore(path.join(folder, name));
      stores.push(store);
      return store;
    },
    push: (store, options = {}) =>
      syncStore(store, url(), { limits, direction: "push", ...options }),
    pull: (store, options = {}) =>
      syncStore(store, url(), { limits, direction: "pull", ...options }),
  };
}

/**
 * Writes a partition whose file is large and costs no time to make: it is no Parquet, which nobody but a reader asks.
 *
 * @param date - its day, else as `TRADES_KEY` says
 */
export async function writeLarge(
  store: Store,
  bytes: number,
  date: string = TRADES_KEY.date,
): Promise<void> {
  const key = { ...TRADES_KEY, date };
  await commitPartition(store, partitionFolder(key), async (folder) => {
    await writeFile(path.join(folder, PARQUET_FILE), Buffer.alloc(bytes, "seventeen letters"));
    const columns = [{ name: "price", type: "DOUBLE" }];
    const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) } as const;
    const table = { rows: 1, columns, source, rejected: {}, first: null, last: null };
    return { kind: "ticks", ...key, ...table };
  });
}

/** Statuses of tables, in order. */
export function statuses(tables: readonly SyncedTable[]): readonly string[] {
  return tables.map(({ status }) => status);
}

/** Everything in a store that is not written to just now: SHA-256 of files, `folder` for folders, by path. */
export async function tree(store: Store): Promise<Readonly<Record<string, string>>> {
  await store.close();
  const found: Record<string, string> = {};
  const names = await readdir(store.root, { recursive: true }).catch((): string[] => []);
  for (const name of names.sort()) {
    const file = path.join(store.root, name);
    const isFolder = (await lstat(file)).isDirectory();
    found[name] = isFolder ? "folder" : (await fingerprintFile(file)).sha256;
  }
  return found;
}
