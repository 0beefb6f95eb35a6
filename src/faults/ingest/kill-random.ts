import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Bottleneck from "bottleneck";
import { seededRandom } from "../../core/random.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import type { ChildProgram } from "../child-program.js";
import type { StoreTruth } from "../compare-stores.js";
import { startIngest } from "../ingest-process.js";
import { ingestScene } from "../ingest-scene.js";
import type { KnownMarket } from "../known-market.js";
import { resumeAndCount } from "../resume.js";
import { StoreTally } from "../store-tally.js";

const SMALL = {
  ...{ tries: 3, runs: 1, symbols: ["BTCUSDT"], days: 1, rows: 6000 },
  types: ["trades", "quotes", "book_snapshot_5"],
} as const;
const FULL = { tries: 200, runs: 3, symbols: ["BTCUSDT", "ETHUSDT"], days: 2, rows: 40_000 };

/** Runs at once; their duration is measured under the same load. */
const LANES = 2;

/** Kills a real ingest at random moments of its work and runs it again. */
export const killRandom: FaultCampaign = { name: "kill-random", run };

async function run(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { isFull, seed, folder, onProgress } = options;
  const { tries, runs, ...size } = isFull ? FULL : SMALL;
  const { market, truth } = await ingestScene(folder, { ...size, seed });
  const limiter = new Bottleneck({ maxConcurrent: LANES });
  const durations = await Promise.all(
    Array.from({ length: runs }, (_, i) =>
      limiter.schedule(() => workingMs(path.join(folder, `measured-${i}`), market)),
    ),
  );
  const workMs = durations.sort((a, b) => a - b)[runs >> 1]!;

  const tally = new StoreTally("kill -9 at a random moment, then the same command again");
  const stages: Record<string, number> = {};
  let done = 0;
  const kill = async (i: number): Promise<void> => {
    const random = seededRandom(seed, `kill ${i}`);
    const root = path.join(folder, `store-${i}`);
    let moment = 0;
    // A run that ended before its moment was not killed: another moment is drawn.
    for (let isKilled = false; !isKilled; ) {
      await rm(root, { recursive: true, force: true });
      moment = workMs * random.uniform();
      const child = startIngest(root, market);
      await untilThere(root, child);
      await sleep(moment);
      child.kill();
      isKilled = (await child.ended).signal === "SIGKILL";
    }
    const stage = await stageOf(root, truth);
    stages[stage] = (stages[stage] ?? 0) + 1;
    await resumeAndCount(tally, `${moment.toFixed(1)} ms into its work`, { root, market, truth });
    await rm(root, { recursive: true, force: true });
    onProgress(++done, tries, "kills at random moments");
  };
  await Promise.all(Array.from({ length: tries }, (_, i) => limiter.schedule(() => kill(i))));
  const where = Object.entries(stages).map(([stage, count]) => `${count} ${stage}`);
  return [tally.result(`of ${workMs.toFixed(0)} ms of work: ${where.sort().join(", ")}`)];
}

/** How long an undisturbed run works, from the first thing it makes to its end. */
async function workingMs(root: string, market: KnownMarket): Promise<number> {
  const child = startIngest(root, market);
  await untilThere(root, child);
  const begun = performance.now();
  await child.ended;
  const ms = performance.now() - begun;
  await rm(root, { recursive: true, force: true });
  return ms;
}

async function untilThere(root: string, child: ChildProgram): Promise<void> {
  while (!existsSync(root) && child.isRunning()) await sleep(1);
}

async function stageOf(root: string, truth: StoreTruth): Promise<string> {
  const isThere = (folder: string): boolean => existsSync(path.join(root, folder));
  const stored = truth.folders.filter(isThere).length;
  if (stored === truth.folders.length) return "after the last file";
  if (stored > 0) return "between the first file and the last";
  const names = await readdir(path.join(root, ".tmp"), { recursive: true }).catch(() => []);
  return names.some((name) => /\.(parquet|csv|json)/.test(name))
    ? "in the first files"
    : "before the first byte";
}
