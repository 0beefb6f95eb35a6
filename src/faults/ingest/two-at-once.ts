import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../../core/random.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import type { ChildProgram } from "../child-program.js";
import type { StoreTruth } from "../compare-stores.js";
import { startIngest } from "../ingest-process.js";
import { type IngestScene, ingestScene } from "../ingest-scene.js";
import { KNOWN_TYPES, type KnownType } from "../known-day.js";
import { firstReadError } from "../read-all.js";
import { resumeAndCount } from "../resume.js";
import { StoreTally } from "../store-tally.js";

const SMALL = { tries: 1, days: 3, rows: 4000 };
const FULL = { tries: 12, days: 3, rows: 30_000 };
/** Runs begin within this time of each other: a start takes some hundred of it. */
const LAG_MS = 300;
const LOOK_AGAIN_MS = 50;

/** What runs at once. */
interface Together {
  readonly name: string;
  /** Days of each run, from the first and to the one after the last. */
  readonly runs: readonly (readonly [number, number])[];
  /** The first run is killed. */
  readonly isKilled?: boolean;
  /** The store holds older partitions. */
  readonly isReplacing?: boolean;
}

const TOGETHER: readonly Together[] = [
  {
    name: "two ingests at once of the same days",
    runs: [
      [0, 3],
      [0, 3],
    ],
  },
  {
    name: "three ingests at once of overlapping days",
    runs: [
      [0, 2],
      [1, 3],
      [0, 3],
    ],
  },
  {
    name: "two ingests at once, one killed",
    runs: [
      [0, 3],
      [0, 3],
    ],
    isKilled: true,
  },
  {
    name: "two ingests at once in place of older partitions",
    runs: [
      [0, 3],
      [0, 3],
    ],
    isReplacing: true,
  },
];

/** Runs several ingests on one store while a reader looks on. */
export const twoAtOnce: FaultCampaign = { name: "two-at-once", run };

async function run(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { isFull, seed, folder, onProgress } = options;
  const { tries, ...size } = isFull ? FULL : SMALL;
  const types: readonly KnownType[] = isFull ? KNOWN_TYPES : ["trades"];
  const sizes = { ...size, types, symbols: ["BTCUSDT"] };
  const scene = await ingestScene(path.join(folder, "now"), { ...sizes, seed });
  const older = await ingestScene(path.join(folder, "older"), { ...sizes, seed: seed + 1 });
  const results: FaultResult[] = [];
  for (const together of TOGETHER) {
    const tally = new StoreTally(together.name);
    let reads = 0;
    for (let i = 0; i < tries; i++) {
      const root = path.join(folder, "store");
      const earlier = together.isReplacing === true ? older.truth : undefined;
      reads += await runTogether(tally, together, root, { scene, earlier, seed: seed + i });
      await rm(root, { recursive: true, force: true });
      onProgress(results.length * tries + i + 1, TOGETHER.length * tries, "runs at once");
    }
    results.push(tally.result(`a reader checked all partitions ${reads} times meanwhile`));
  }
  return results;
}

async function runTogether(
  tally: StoreTally,
  { name, runs, isKilled = false }: Together,
  root: string,
  {
    scene,
    earlier,
    seed,
  }: {
    readonly scene: IngestScene;
    readonly earlier: StoreTruth | undefined;
    readonly seed: number;
  },
): Promise<number> {
  if (earlier !== undefined) await cp(earlier.root, root, { recursive: true });
  const random = seededRandom(seed, name);
  const children: ChildProgram[] = [];
  for (const days of runs) {
    children.push(startIngest(root, scene.market, { days }));
    await sleep(LAG_MS * random.uniform());
  }
  const [first] = children;
  let reads = 0;
  let complaint: string | undefined;
  const killAfter = 1 + random.below(5);
  while (children.some((child) => child.isRunning())) {
    complaint ??= await lastingReadError(root);
    reads++;
    if (isKilled && reads === killAfter) first!.kill();
    await sleep(5);
  }
  const ended = await Promise.all(children.map((child) => child.ended));
  const bad = ended.find(({ code }, i) => code !== 0 && !(isKilled && i === 0));
  const flaw =
    bad === undefined ? complaint : `a run ended with ${bad.code}: ${bad.err || bad.out}`;
  await resumeAndCount(
    tally,
    `seed ${seed}`,
    { root, ...scene, ...(earlier === undefined ? {} : { earlier }) },
    { flaw },
  );
  return reads;
}

/** A partition that is being replaced is not there for an instant: only what is told twice counts. */
async function lastingReadError(root: string): Promise<string | undefined> {
  if ((await firstReadError(root)) === undefined) return undefined;
  await sleep(LOOK_AGAIN_MS);
  return firstReadError(root);
}
