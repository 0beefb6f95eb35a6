// Does every way of reading refuse a stored file with flipped bits, and does the command it names mend it?
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { seededRandom } from "../../core/random.js";
import { writeDerived } from "../../store/derived.js";
import { partitionFolder } from "../../store/partition.js";
import { openStore, type Store } from "../../store/store.js";
import type { PartitionKey } from "../../store/tables.js";
import { randomFlips, withFlips } from "../bit-flips.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { putFile, SAMPLE_KEY, sampleLines, textOf } from "../sample-files.js";
import { ingestKey, storeHashes } from "../sample-store.js";
import { READ_TYPES, type Reading, type ReadType, waysToRead } from "../store-readings.js";
import { Tally } from "../tally.js";
import { isSameTree } from "../tree-hashes.js";

/** 2,000 of them fall into tables and manifests. */
const FULL_FLIPS = 2500;
const SMALL_FLIPS = 24;
const MOST_BITS = 6;

/** Every fifth flip falls into rejected rows, two into tables, two into manifests. */
const FILES = [
  "part-0.parquet",
  "manifest.json",
  "part-0.parquet",
  "manifest.json",
  "rejected.csv",
];

const KEYS: readonly (PartitionKey & { readonly type: ReadType })[] = READ_TYPES.map((type) => ({
  ...SAMPLE_KEY,
  type,
}));
const DERIVED = "features/bar=1m/exchange=binance/symbol=BTCUSDT/date=2024-08-08";

/** Flips bits in everything that a store holds. */
export const storeFlip: FaultCampaign = { name: "store-flip", run: runStoreFlip };

/** A partition, how to read it and how to make it again. */
interface Target {
  readonly folder: string;
  readonly readings: readonly Reading[];
  readonly remake: (store: Store) => Promise<unknown>;
}

async function runStoreFlip(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { seed, isFull, folder, onProgress } = options;
  const random = seededRandom(seed, "store flips");
  const root = path.join(folder, "store");
  const mirror = path.join(folder, "mirror");
  await putSamples(mirror, seed);
  const targets = makeTargets(mirror);
  await withStore(root, async (store) => {
    for (const { remake } of targets) await remake(store);
  });
  await requireReadable(root, targets);
  const truth = await storeHashes(root);
  const tallies = new Map(
    FILES.map((file) => [file, new Tally(`bits flipped in ${file} of the store`)]),
  );
  const count = isFull ? FULL_FLIPS : SMALL_FLIPS;
  for (let done = 0; done < count; done++) {
    const file = FILES[done % FILES.length]!;
    const having = targets.filter(({ folder: place }) => `${place}/${file}` in truth);
    const target = having[random.below(having.length)]!;
    const stored = path.join(root, ...target.folder.split("/"), file);
    const bytes = await readFile(stored);
    const flips = randomFlips(random, { from: 0, to: bytes.length, most: 1 + (done % MOST_BITS) });
    await writeFile(stored, withFlips(bytes, flips));
    const what = `${target.folder}/${file}, bits ${flips.bits.join(" ")}`;
    const [outcome, detail] = await whatReadersSay(root, target, file);
    await withStore(root, target.remake);
    const isMended = isSameTree(await storeHashes(root), truth);
    tallies.get(file)!.add(isMended ? outcome : "lost", isMended ? `${what}: ${detail}` : what);
    if (!isMended) await writeFile(stored, bytes);
    onProgress(done + 1, count, "flips");
  }
  const ways = new Set(targets.flatMap(({ readings }) => readings.map(({ name }) => name)));
  const note = `read by ${[...ways].join(", ")}; then made again, and equal to the byte`;
  return [...tallies.values()].map((tally, i) => tally.result(i === 0 ? note : ""));
}

/** Whether all ways of reading refuse, and name the file and a command. */
async function whatReadersSay(
  root: string,
  { folder, readings }: Target,
  file: string,
): Promise<readonly ["detected" | "silent" | undefined, string]> {
  for (const { name, read, manifestOnly } of readings) {
    if (manifestOnly && file !== "manifest.json") continue;
    // A store remembers what it has checked, so that each way of reading gets one of its own.
    const said = await withStore(root, read).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    if (said === undefined) return ["silent", `${name} read it`];
    const isNamed =
      said.message.includes(`${folder}/${file}`) && said.message.includes("npx tickbook");
    if (said.name !== "DataError" || !isNamed) return [undefined, `${name} said: ${said.message}`];
  }
  return ["detected", ""];
}

function makeTargets(mirror: string): readonly Target[] {
  const lake = KEYS.map((key) => ({
    folder: partitionFolder(key),
    readings: waysToRead(key),
    remake: (store: Store) =>
      ingestKey(store, mirror, key, { verify: true, maxRejectedShare: 0.1 }),
  }));
  const columns = {
    bar_end_us: Float64Array.from({ length: 500 }, (_, i) => 60e6 * i),
    mid: Float64Array.from({ length: 500 }, (_, i) => 60_000 + i / 7),
    valid: BigUint64Array.from({ length: 500 }, (_, i) => BigInt(i) ** 5n),
    verdict: Array.from({ length: 500 }, (_, i) => (i % 3 === 0 ? "good" : "usable")),
  };
  const derived: Target = {
    folder: DERIVED,
    readings: waysToRead(DERIVED),
    remake: (store) => writeDerived(store, DERIVED, columns, { inputs: { trades: "0" } }),
  };
  return [...lake, derived];
}

/** Vendor files with some bad rows in the middle, which end up in `rejected.csv`. */
async function putSamples(mirror: string, seed: number): Promise<void> {
  for (const key of KEYS) {
    const lines = [...sampleLines(key, { rows: 300, seed })];
    for (let row = 100; row < 106; row++) lines[row] = `${lines[row]!},one too many`;
    await putFile(mirror, key, gzipSync(textOf(lines)));
  }
}

/** A way of reading that fails on whole files would count every flip as found. */
async function requireReadable(root: string, targets: readonly Target[]): Promise<void> {
  for (const { readings } of targets) {
    for (const { read } of readings) await withStore(root, read);
  }
}

async function withStore<Result>(
  root: string,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(root);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
