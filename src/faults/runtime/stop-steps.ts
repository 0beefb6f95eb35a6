import path from "node:path";
import { type Random, seededRandom } from "../../core/random.js";
import { openStore, type Store } from "../../store/store.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { driveRun, type RunPlan } from "./drive-run.js";
import { LoggedAtKill } from "./logged-at-kill.js";
import { startPostgres } from "./postgres-server.js";
import { referenceRun } from "./reference-run.js";
import { RunDatabases } from "./run-databases.js";
import { judgeRun, type RunFlaws, type RunLeft, readLeft } from "./run-left.js";
import { makeRunScene } from "./run-scene.js";
import { NO_FLAWS, RunTally } from "./run-tally.js";

const SMALL = { bars: 60, abandoned: 16, ended: 8, embedded: 0 } as const;
const FULL = { bars: 300, abandoned: 650, ended: 200, embedded: 20 } as const;

/** Steps of a run until it is stopped, at most: about a dozen come with each bar. */
const MOST_STEPS = 150;

/** Leaves runs between two of their steps, or ends them in order, and goes on from their files. */
export const stopSteps: FaultCampaign = { name: "stop-steps", run };

/** Thrown where a run is left. */
class Abandoned extends Error {}

interface Stops {
  readonly tally: RunTally;
  readonly random: Random;
  /** In order, as by a signal; else left as by an error. */
  readonly isInOrder: boolean;
  readonly stops: number;
}

async function run({
  isFull,
  seed,
  folder,
  onProgress,
}: CampaignOptions): Promise<readonly FaultResult[]> {
  const { bars, abandoned, ended, embedded } = isFull ? FULL : SMALL;
  const server = await startPostgres();
  const scene = await makeRunScene(path.join(folder, "market"), { seed, bars });
  const store = await openStore(scene.store);
  try {
    const databases = new RunDatabases(server);
    const truth = await referenceRun(scene, path.join(folder, "reference"), await databases.next());
    const all = abandoned + ended + embedded;
    let done = 0;
    let runs = 0;
    const plans = async (isEmbedded: boolean): Promise<RunPlan> => {
      const root = path.join(folder, `run-${runs++}`);
      // Cut often: what was shipped and cut is what a restart may miss.
      const plan = { scene, root, cutBytes: 4000, patienceMs: 30_000 };
      return isEmbedded ? plan : { ...plan, databaseUrl: await databases.next() };
    };
    const kinds = [
      ["left between two steps, PostgreSQL", abandoned, false, false],
      ["ended in order within a bar, PostgreSQL", ended, true, false],
      ["left between two steps, PGlite", embedded, false, true],
    ] as const;
    const results: FaultResult[] = [];
    for (const [fault, stops, isInOrder, isEmbedded] of kinds) {
      if (stops === 0) continue;
      const tally = new RunTally(`a run is ${fault}, then goes on`);
      const random = seededRandom(seed, fault);
      while (tally.tries < stops) {
        const left = stops - tally.tries;
        const kind = { tally, random, isInOrder, stops: left };
        const onStop = (): void => onProgress(++done, all, "stops");
        await stoppedRun(await plans(isEmbedded), store, truth, { ...kind, onStop });
      }
      results.push(tally.result());
    }
    return results;
  } finally {
    await store.close();
    await server.remove();
  }
}

/** Drives one run to its end over many stops. */
async function stoppedRun(
  plan: RunPlan,
  store: Store,
  truth: RunLeft,
  { tally, random, isInOrder, stops, onStop }: Stops & { readonly onStop: () => void },
): Promise<void> {
  const places: string[] = [];
  const flaws: RunFlaws[] = [];
  const watch = new LoggedAtKill(plan);
  for (let isEnded = false; !isEnded; ) {
    const isLast = places.length >= stops;
    const stopAt = isLast ? Number.POSITIVE_INFINITY : 1 + random.below(MOST_STEPS);
    const stopped = await driveUntil(plan, store, { stopAt, isInOrder });
    isEnded = stopped === undefined;
    if (stopped === undefined) break;
    places.push(stopped);
    flaws.push({ ...NO_FLAWS, unlogged: await watch.unlogged() });
    onStop();
  }
  flaws.push(judgeRun(await readLeft(plan), truth));
  tally.add(`the run in ${path.basename(plan.root)}`, places, flaws);
}

/** @returns the step at which it was stopped; undefined when it has come to its end */
async function driveUntil(
  plan: RunPlan,
  store: Store,
  { stopAt, isInOrder }: { readonly stopAt: number; readonly isInOrder: boolean },
): Promise<string | undefined> {
  const ending = new AbortController();
  let steps = 0;
  let stopped: string | undefined;
  const onStep = (step: string): void => {
    if (++steps < stopAt) return;
    stopped ??= step;
    // A run that was left does nothing any more.
    if (!isInOrder) throw new Abandoned(step);
    ending.abort();
  };
  try {
    const { isEnded } = await driveRun(plan, store, { onStep, signal: ending.signal });
    return isEnded ? undefined : stopped;
  } catch (error) {
    if (error instanceof Abandoned) return stopped;
    throw error;
  }
}
