import { cp, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ingest } from "../ingest/ingest.js";
import { openSource } from "../ingest/open-source.js";
import { PARQUET_FILE, partitionFolder } from "../store/partition.js";
import { openStore } from "../store/store.js";
import { compareStores, firstTorn, type StoreTruth, storeTruth } from "./compare-stores.js";
import {
  EXCHANGE,
  FIRST_DAY,
  type KnownMarket,
  knownMarket,
  requireMarket,
} from "./known-market.js";
import { firstReadError } from "./read-all.js";
import { hasStood, resultTable } from "./result-table.js";
import { StoreTally } from "./store-tally.js";

const SIZE = { types: ["trades", "quotes"], symbols: ["BTCUSDT"], days: 1, rows: 3000 } as const;
const ROWS = SIZE.rows - 1;
let folder: string;
let market: KnownMarket;
let other: KnownMarket;
let truth: StoreTruth;
let otherTruth: StoreTruth;
let trades: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-compare-"));
  market = await knownMarket(path.join(folder, "mirror"), { ...SIZE, seed: 1 });
  other = await knownMarket(path.join(folder, "other-mirror"), { ...SIZE, seed: 2 });
  truth = await stored(market, path.join(folder, "truth"));
  otherTruth = await stored(other, path.join(folder, "other"));
  trades = partitionFolder(market.keys[0]!);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function stored({ mirror, options }: KnownMarket, root: string): Promise<StoreTruth> {
  const store = await openStore(root);
  const { symbols } = options;
  const request = { exchange: EXCHANGE, symbols, days: [FIRST_DAY] };
  await ingest(store, await openSource(mirror), request);
  await store.close();
  return storeTruth(root);
}

/** A copy of the true store, changed. */
async function broken(
  change: (root: string, partition: string) => Promise<unknown>,
): Promise<string> {
  const root = path.join(folder, "broken");
  await rm(root, { recursive: true, force: true });
  await cp(truth.root, root, { recursive: true });
  await change(root, path.join(root, trades));
  return root;
}

test("a store is what its market's files were made of, cell by cell, and no other market's", async () => {
  expect(Object.keys(truth.tree).filter((name) => name.endsWith("rejected.csv"))).toHaveLength(2);
  const store = await openStore(truth.root);
  await requireMarket(store, market);
  await expect(requireMarket(store, other)).rejects.toThrow(
    /timestamp: was stored as \d+ in 2999 /,
  );
  await store.close();
});

test("a true copy has no difference; a row stored twice, lost or changed is counted", async () => {
  const same = await broken(async () => undefined);
  expect(await compareStores(same, truth)).toMatchObject({ isSame: true, lost: 0, duplicated: 0 });

  const twice = await broken((_, partition) =>
    cp(path.join(partition, PARQUET_FILE), path.join(partition, "part-1.parquet")),
  );
  const found = { isSame: false, isSilent: true };
  expect(await compareStores(twice, truth)).toMatchObject({ ...found, lost: 0, duplicated: ROWS });

  const gone = await broken((_, partition) => rm(partition, { recursive: true }));
  const told = { isSame: false, isSilent: false };
  expect(await compareStores(gone, truth)).toMatchObject({ ...told, lost: ROWS, duplicated: 0 });

  // Another market's partition is whole in itself: no check of the store finds anything wrong with it.
  const changed = await broken((_, partition) =>
    cp(path.join(otherTruth.root, trades), partition, { recursive: true }),
  );
  const difference = await compareStores(changed, truth);
  expect(difference).toMatchObject({ ...found, what: `${trades}/manifest.json had other bytes` });
  expect(difference.lost).toBeGreaterThan(0.99 * ROWS);
  expect(difference.duplicated).toBe(difference.lost);
});

test("a file cut under its final name is lost, told by readers, and torn", async () => {
  const root = await broken((_, partition) => truncate(path.join(partition, PARQUET_FILE), 5000));
  expect(await compareStores(root, truth)).toMatchObject({ lost: ROWS, isSilent: false });
  expect(await firstTorn(root, [truth])).toContain(`${trades} held`);
  expect(await firstReadError(root)).toContain("a reader was told");
  expect(await firstTorn(otherTruth.root, [truth])).toContain("no whole run leaves");
  expect(await firstTorn(otherTruth.root, [truth, otherTruth])).toBeUndefined();
});

test("what a run leaves over is a silent difference", async () => {
  const root = await broken(async (store) => {
    await mkdir(path.join(store, ".tmp"));
    await writeFile(path.join(store, ".tmp", "0"), "x");
  });
  const what = ".tmp was left over";
  expect(await compareStores(root, truth)).toMatchObject({ isSilent: true, lost: 0, what });
  expect(await readdir(path.join(root, ".tmp"))).toEqual(["0"]);
});

test("a tally stands only when every try gave the truth and nothing was complained about", async () => {
  const same = await compareStores(await broken(async () => undefined), truth);
  const gone = await compareStores(
    await broken((_, partition) => rm(partition, { recursive: true })),
    truth,
  );
  const tally = new StoreTally("nothing");
  expect(hasStood(tally.result())).toBe(false);
  tally.add("first", same);
  expect(hasStood(tally.result())).toBe(true);
  tally.add("second", same, "a run ended with 1");
  expect(tally.result()).toMatchObject({ tries: 2, detected: 1, lost: 0, silent: 0 });
  expect(hasStood(tally.result())).toBe(false);
  tally.add("third", gone);
  expect(tally.result("a note")).toMatchObject({ tries: 3, detected: 1, lost: ROWS });
  const text = resultTable([tally.result("a note")]);
  expect(text).toContain(`nothing  3      1         ${ROWS.toLocaleString("en-US")}`);
  expect(text).toContain("✗ nothing: a note; second: a run ended with 1");
});
