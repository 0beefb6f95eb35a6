import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Random, seededRandom } from "../../core/random.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import type { RunPlan } from "./drive-run.js";
import { LoggedAtKill } from "./logged-at-kill.js";
import { startPostgres } from "./postgres-server.js";
import { referenceRun } from "./reference-run.js";
import { RunDatabases } from "./run-databases.js";
import { judgeRun, type RunFlaws, type RunLeft, readLeft } from "./run-left.js";
import { makeRunScene } from "./run-scene.js";
import { NO_FLAWS, RunTally } from "./run-tally.js";
import { startRun } from "./start-run.js";

const SMALL = { bars: 60, server: 5, embedded: 2, killsARun: 5 } as const;
const FULL = { bars: 240, server: 150, embedded: 30, killsARun: 15 } as const;
const LANES = 2;

/** File-system steps of a process until its kill, at most; it comes to a few with each bar. */
const MOST_STEPS = 300;
/** Time from its first bar to its kill, at most, ms. */
const MOST_MS = 600;
/** A process that ended before its kill was not killed; so many of them may be needed. */
const MOST_STARTS = 200;

/** Kills real processes that drive a run, and goes on with new ones. */
export const killRuns: FaultCampaign = { name: "kills", run };

async function run(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { isFull, seed, folder, onProgress } = options;
  const { bars, server: onServer, embedded, killsARun } = isFull ? FULL : SMALL;
  const server = await startPostgres();
  try {
    const databases = new RunDatabases(server);
    const scene = await makeRunScene(path.join(folder, "market"), { seed, bars });
    const truth = await referenceRun(scene, path.join(folder, "reference"), await databases.next());
    let done = 0;
    const onKill = (): void => onProgress(++done, onServer + embedded, "kills");
    const kinds = [
      ["PostgreSQL", onServer],
      ["PGlite", embedded],
    ] as const;
    const results: FaultResult[] = [];
    for (const [name, kills] of kinds) {
      const tally = new RunTally(`kill -9 of a run's process, ${name}, then the same run again`);
      let runs = 0;
      let planned = 0;
      const lane = async (): Promise<void> => {
        while (planned < kills) {
          const own = Math.min(killsARun, kills - planned);
          planned += own;
          const i = runs++;
          const root = path.join(folder, `${name}-${i}`);
          const plan = { scene, root, cutBytes: 4000, patienceMs: 30_000 };
          const databaseUrl = name === "PGlite" ? {} : { databaseUrl: await databases.next() };
          const random = seededRandom(seed, `kills ${name} ${i}`);
          const found = { tally, random, kills: own, onKill };
          const killed = await killedRun({ ...plan, ...databaseUrl }, truth, found);
          // A run may end before it was killed so often.
          planned -= own - killed;
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      results.push(tally.result());
    }
    return results;
  } finally {
    await server.remove();
  }
}

/** @returns how often it was killed before it came to its end */
async function killedRun(
  plan: RunPlan,
  truth: RunLeft,
  {
    tally,
    random,
    kills,
    onKill,
  }: {
    readonly tally: RunTally;
    readonly random: Random;
    readonly kills: number;
    readonly onKill: () => void;
  },
): Promise<number> {
  await mkdir(plan.root, { recursive: true });
  const watch = new LoggedAtKill(plan);
  const places: string[] = [];
  const flaws: RunFlaws[] = [];
  for (let starts = 0; starts < MOST_STARTS; starts++) {
    const isLast = places.length >= kills;
    const { place, failure } = isLast
      ? await toTheEnd(plan)
      : await killed(plan, random, places.length % 2 === 0);
    if (failure !== "") flaws.push({ ...NO_FLAWS, what: failure });
    if (place === undefined) break;
    places.push(place);
    flaws.push({ ...NO_FLAWS, unlogged: await watch.unlogged() });
    onKill();
  }
  // One whose last process was refused has come to nothing that could be compared.
  flaws.push(judgeRun(await readLeft(plan), truth));
  tally.add(`the run in ${path.basename(plan.root)}`, places, flaws);
  return places.length;
}

interface Ended {
  /** Where it was killed; undefined where it came to its end. */
  readonly place: string | undefined;
  readonly failure: string;
}

async function toTheEnd(plan: RunPlan): Promise<Ended> {
  const { code, err } = await startRun(plan).ended;
  return { place: undefined, failure: code === 0 ? "" : `ended with ${code}: ${err.trim()}` };
}

/** Starts a process and kills it before one of its file-system steps, or from outside at any moment. */
async function killed(plan: RunPlan, random: Random, isStep: boolean): Promise<Ended> {
  const progress = `${plan.root}.progress`;
  await rm(progress, { force: true });
  const killAt = 1 + random.below(MOST_STEPS);
  const waitMs = random.uniform() * MOST_MS;
  const child = startRun({ ...plan, progress }, isStep ? { killAt } : {});
  if (!isStep) {
    while (!existsSync(progress) && child.isRunning()) await sleep(2);
    await sleep(waitMs);
    child.kill();
  }
  const { code, signal, err } = await child.ended;
  if (signal === "SIGKILL") {
    return { place: isStep ? "before a file-system step" : "at any moment", failure: "" };
  }
  return { place: undefined, failure: code === 0 ? "" : `ended with ${code}: ${err.trim()}` };
}
