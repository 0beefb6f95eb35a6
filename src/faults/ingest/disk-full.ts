import { rm, stat } from "node:fs/promises";
import path from "node:path";
import { seededRandom } from "../../core/random.js";
import { PARQUET_FILE, partitionFolder } from "../../store/partition.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import type { EndedProcess } from "../child-program.js";
import { type ProcessOptions, runIngest } from "../ingest-process.js";
import { type IngestScene, ingestScene } from "../ingest-scene.js";
import { KNOWN_TYPES } from "../known-day.js";
import { resumeAndCount } from "../resume.js";
import { smallDisk } from "../small-disk.js";
import { FILLER } from "../steps/plan.js";
import { readTrace, stepEnvironment } from "../steps/trace.js";
import { StoreTally } from "../store-tally.js";
import { treeHashes } from "../tree-hashes.js";

const MARKET = { symbols: ["BTCUSDT"], days: 1 };
const SMALL = { types: ["trades", "quotes"], rows: 6000 } as const;
const FULL = { types: KNOWN_TYPES, rows: 20_000 };
const SMALL_TRIES = 1;
const PAGE_BYTES = 4096;
const BLOCK_BYTES = 512;
/** One file at a time, so that the disk is full in the file that a size was chosen for. */
const JOBS = 1;

/** What a disk has room for. */
interface Room {
  /** Bytes that are left when the run begins to write. */
  readonly leaveBytes?: number;
  /** Files and folders in all. */
  readonly entries?: number;
}

/** Fills the disk in tables, rejected rows and manifests; makes room and runs again. */
export const diskFull: FaultCampaign = { name: "disk-full", run };

async function run(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const scene = await ingestScene(path.join(options.folder, "scene"), {
    ...MARKET,
    ...(options.isFull ? FULL : SMALL),
    seed: options.seed,
  });
  const files = await filesInOrder(scene);
  const filled = [
    await fillDisk("the disk is full", bytesLeft(files), scene, options),
    await fillDisk("the disk holds no further file", entryCounts(scene), scene, options),
  ];
  const there = filled.filter((result) => result !== undefined);
  const missing = filled.length - there.length;
  const note =
    missing === 0
      ? ""
      : `; ${missing} rows of full disks are missing: mounting is not possible here`;
  return [...there, await limitFiles(files, `ulimit -f${note}`, { ...options, scene })];
}

/** Sizes of the store's files in the order that they are written. */
async function filesInOrder({ market, truth }: IngestScene): Promise<readonly number[]> {
  const names = market.keys.flatMap((key) =>
    [PARQUET_FILE, "rejected.csv", "manifest.json"].map(
      (name) => `${partitionFolder(key)}/${name}`,
    ),
  );
  const there = names.filter((name) => name in truth.tree);
  return Promise.all(there.map(async (name) => (await stat(path.join(truth.root, name))).size));
}

/** Disks that are full just before each file in turn, and in the middle of it. */
function bytesLeft(files: readonly number[]): readonly Room[] {
  let before = 0;
  return files.flatMap((bytes) => {
    const pages = Math.ceil(bytes / PAGE_BYTES);
    const parts = [...new Set([0, pages >> 1])];
    const rooms = parts.map((part) => ({ leaveBytes: (before + part) * PAGE_BYTES }));
    before += pages;
    return rooms;
  });
}

/** Disks with too few places for files and folders, from the root alone to one less than needed. */
function entryCounts({ truth }: IngestScene): readonly Room[] {
  const needed = Object.keys(truth.tree).length + 1;
  return Array.from({ length: needed - 2 }, (_, i) => ({ entries: i + 2 }));
}

async function fillDisk(
  fault: string,
  rooms: readonly Room[],
  scene: IngestScene,
  { isFull, seed, folder, onProgress }: CampaignOptions,
): Promise<FaultResult | undefined> {
  const tally = new StoreTally(`${fault}, then room and the same command again`);
  const chosen = isFull ? rooms : spread(rooms, seed);
  const filled: Record<string, number> = {};
  for (const [i, { entries, ...left }] of chosen.entries()) {
    const disk = smallDisk(path.join(folder, "disk"), entries);
    if (disk === undefined) return undefined;
    try {
      const root = path.join(disk.folder, "store");
      const trace = path.join(folder, "trace.jsonl");
      await rm(trace, { force: true });
      const environment = stepEnvironment({ folder: disk.folder, trace, ...left });
      const ended = await runIngest(root, scene.market, { jobs: JOBS, environment });
      const failed = (await readTrace(trace)).find(({ error }) => error === "ENOSPC");
      const place = failed === undefined ? "nowhere" : nameOf(failed.path);
      filled[place] = (filled[place] ?? 0) + 1;
      await rm(path.join(disk.folder, FILLER), { force: true });
      disk.allowEntries();
      await count(tally, `${JSON.stringify({ entries, ...left })} ${place}`, root, {
        scene,
        ended,
      });
    } finally {
      disk.remove();
    }
    onProgress(i + 1, chosen.length, "full disks");
  }
  const where = Object.entries(filled).map(([name, count]) => `${count} × ${name}`);
  return tally.result(`tmpfs; first refused at ${where.sort().join(", ")}`);
}

/** The way that works without mounting: no file may pass a size. */
async function limitFiles(
  files: readonly number[],
  note: string,
  { scene, isFull, seed, folder, onProgress }: CampaignOptions & { readonly scene: IngestScene },
): Promise<FaultResult> {
  const tally = new StoreTally("a file reaches the size limit, then the same command without it");
  const blocks = files.map((bytes) => Math.max(1, Math.ceil(bytes / BLOCK_BYTES) - 1));
  const sizes = [...new Set(blocks.flatMap((count) => [count, Math.max(1, count >> 1)]))];
  const chosen = isFull ? sizes : spread(sizes, seed);
  for (const [i, fileBlocks] of chosen.entries()) {
    const root = path.join(folder, `limited-${i}`);
    const ended = await runIngest(root, scene.market, { jobs: JOBS, fileBlocks });
    await count(tally, `${fileBlocks * BLOCK_BYTES} bytes a file`, root, { scene, ended });
    await rm(root, { recursive: true, force: true });
    onProgress(i + 1, chosen.length, "size limits");
  }
  return tally.result(note);
}

async function count(
  tally: StoreTally,
  which: string,
  root: string,
  {
    scene,
    ended,
    ...run
  }: ProcessOptions & { readonly scene: IngestScene; readonly ended: EndedProcess },
): Promise<void> {
  const left = Object.keys(await treeHashes(root)).find((name) => name.startsWith(".tmp/"));
  const flaw = left === undefined ? unclear(ended) : `${left} was left behind`;
  await resumeAndCount(tally, which, { root, ...scene }, { ...run, jobs: JOBS, flaw });
}

/** What is wrong with how a run told of the full disk: it must fail, say what happened and how to mend it. */
function unclear({ code, out, err }: EndedProcess): string | undefined {
  // Where not even the store's own folders can be made, no file is begun: that is 2, as for any folder that takes nothing.
  if (code !== 1 && code !== 2) return `the run ended with ${code}: ${err.trim()}`;
  const reasons = code === 2 || out === "" ? [err] : failures(out);
  const isClear = (reason: string): boolean =>
    /full|size limit/.test(reason) && /; make room|; raise/.test(reason);
  const other = reasons.find((reason) => !isClear(reason));
  if (reasons.length === 0) return "the run named no file that failed";
  return other === undefined ? undefined : `it was said only: ${other.trim()}`;
}

function failures(out: string): readonly string[] {
  const { partitions } = JSON.parse(out) as {
    readonly partitions: readonly { readonly status: string; readonly reason?: string }[];
  };
  return partitions.flatMap(({ status, reason = "" }) => (status === "failed" ? [reason] : []));
}

function nameOf(file: string): string {
  const name = path.basename(file);
  return /\.(parquet|csv|json)/.test(name) ? name : "a folder or other file";
}

/** Some items, each from another part of the list. */
function spread<Item>(items: readonly Item[], seed: number): readonly Item[] {
  const random = seededRandom(seed, "spread");
  const share = items.length / SMALL_TRIES;
  return Array.from(
    { length: Math.min(SMALL_TRIES, items.length) },
    (_, i) => items[Math.floor(share * (i + random.uniform()))]!,
  );
}
