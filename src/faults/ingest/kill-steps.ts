import { cp, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import Bottleneck from "bottleneck";
import { type Random, seededRandom } from "../../core/random.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { compareStores, type StoreTruth } from "../compare-stores.js";
import { runIngest } from "../ingest-process.js";
import { ingestScene } from "../ingest-scene.js";
import { KNOWN_TYPES, type KnownType } from "../known-day.js";
import type { KnownMarket } from "../known-market.js";
import { resumeAndCount } from "../resume.js";
import type { TracedStep } from "../steps/plan.js";
import { appearances } from "../steps/power-loss.js";
import { readTrace, stepEnvironment } from "../steps/trace.js";
import { StoreTally } from "../store-tally.js";

const MARKET = { symbols: ["BTCUSDT"], days: 1, rows: 6000 };
const SMALL_TYPES: readonly KnownType[] = ["trades", "book_snapshot_5"];
/** Steps that the small campaign draws of each kind of kill. */
const SMALL_SAMPLE = 1;
const LANES = 2;
/** Runs that may be needed to be killed at one step. */
const RUNS_PER_STEP = 20;

/** What a run does to a store that holds nothing, or older partitions of the same names. */
interface Start {
  readonly name: string;
  readonly market: KnownMarket;
  readonly truth: StoreTruth;
  readonly earlier?: StoreTruth;
  readonly steps: readonly TracedStep[];
}

/** Kills an ingest between every two of its file-system steps and in the middle of every write. */
export const killSteps: FaultCampaign = { name: "kill-steps", run };

async function run(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { seed, folder, isFull } = options;
  const market = { ...MARKET, types: isFull ? KNOWN_TYPES : SMALL_TYPES };
  const scene = await ingestScene(path.join(folder, "now"), { ...market, seed });
  const older = await ingestScene(path.join(folder, "older"), { ...market, seed: seed + 1 });
  const fresh = await traced("into an empty store", folder, scene);
  const replacing = await traced("in place of older partitions", folder, {
    ...scene,
    earlier: older.truth,
  });
  const results: FaultResult[] = [];
  for (const start of [fresh, replacing]) {
    results.push(await killAtSteps(start, start.steps, { ...options, isTorn: false }));
    const writes = start.steps.filter(({ kind }) => kind === "write");
    results.push(await killAtSteps(start, writes, { ...options, isTorn: true }));
  }
  return [...results, powerLoss([fresh, replacing], folder)];
}

/** Runs the ingest undisturbed and writes its steps down. */
async function traced(
  name: string,
  folder: string,
  start: Omit<Start, "name" | "steps">,
): Promise<Start> {
  const place = path.join(folder, name.replaceAll(" ", "-"));
  const root = await prepare(place, start.earlier);
  const trace = `${place}.jsonl`;
  const environment = stepEnvironment({ folder: place, trace });
  const { code, err } = await runIngest(root, start.market, { jobs: 1, environment });
  if (code !== 0) throw new Error(`the traced ingest ended with ${code}: ${err}`);
  const { isSame, what } = await compareStores(root, start.truth);
  if (!isSame) throw new Error(`the traced ingest gave another store: ${what}`);
  return { ...start, name, steps: await readTrace(trace) };
}

async function killAtSteps(
  start: Start,
  steps: readonly TracedStep[],
  { isTorn, isFull, seed, folder, onProgress }: CampaignOptions & { readonly isTorn: boolean },
): Promise<FaultResult> {
  const { name, earlier } = start;
  const what = isTorn ? "in the middle of a write" : "just before a file-system step";
  const tally = new StoreTally(`kill -9 ${what}, ${name}, then resume`);
  const chosen = isFull ? steps : sample(steps, seededRandom(seed, what + name));
  const limiter = new Bottleneck({ maxConcurrent: LANES });
  let done = 0;
  let again = 0;
  const kill = async (step: TracedStep): Promise<void> => {
    const which = `step ${step.step}, ${step.kind} of ${path.basename(step.path)}`;
    const place = path.join(folder, `try-${step.step}-${isTorn}-${earlier === undefined}`);
    const root = path.join(place, "store");
    let missed: string | undefined;
    // Threads may take their steps in another order than in the traced run.
    for (let run = 0; run < RUNS_PER_STEP; run++) {
      if (run > 0) again++;
      missed = await runInto(place, start, { step, isTorn });
      if (missed === undefined) break;
      await rm(place, { recursive: true, force: true });
    }
    if (missed === undefined) await resumeAndCount(tally, which, { ...start, root }, { jobs: 1 });
    else tally.miss(which, `not met in ${RUNS_PER_STEP} runs, the last of which ${missed}`);
    await rm(place, { recursive: true, force: true });
    onProgress(++done, chosen.length, `kills ${what}`);
  };
  await Promise.all(chosen.map((step) => limiter.schedule(() => kill(step))));
  const repeats = again > 0 ? `; ${again} runs again, whose steps came in another order` : "";
  return tally.result(`a whole run has ${steps.length}${repeats}`);
}

/** Runs the ingest up to a step; how it ended when it was not killed there. */
async function runInto(
  place: string,
  { market, earlier }: Start,
  { step: { step }, isTorn }: { readonly step: TracedStep; readonly isTorn: boolean },
): Promise<string | undefined> {
  const root = await prepare(place, earlier);
  // Beside the folder, in which all steps count.
  const trace = `${place}.jsonl`;
  await rm(trace, { force: true });
  const environment = stepEnvironment({ folder: place, trace, killAt: step, isTorn });
  const { signal, code, err } = await runIngest(root, market, { jobs: 1, environment });
  if (signal !== "SIGKILL") return `ended with ${code ?? signal} ${err.trim()}`.trim();
  const wasTorn = (await readTrace(trace)).some((line) => line.isTorn === true);
  return wasTorn === isTorn ? undefined : "took another step than a write there";
}

/** A folder with the store as it was before the run: not there, or with older partitions. */
async function prepare(place: string, earlier: StoreTruth | undefined): Promise<string> {
  const root = path.join(place, "store");
  await mkdir(place, { recursive: true });
  if (earlier !== undefined) await cp(earlier.root, root, { recursive: true });
  return root;
}

/** Whether everything that got its final name was safe on the disk by then, by the steps of whole runs. */
function powerLoss(starts: readonly Start[], folder: string): FaultResult {
  const found = starts.flatMap(({ steps }) =>
    appearances(steps, (file) => file.split(path.sep).includes(".tmp")),
  );
  const unsafe = found.filter((appearance) => appearance.unsafe.length > 0);
  const first = unsafe[0];
  const note = "judged by the order of writes, flushes and renames";
  return {
    fault: "power loss at any moment",
    tries: found.length,
    detected: found.length - unsafe.length,
    lost: 0,
    duplicated: 0,
    // A file of a final name that was not flushed is cut or empty afterwards.
    silent: unsafe.length,
    note:
      first === undefined
        ? note
        : `${note}; ${path.relative(folder, first.path)}: ${first.unsafe.join(", ")}`,
  };
}

/** Some of the steps, in order, without repeats. */
function sample(steps: readonly TracedStep[], random: Random): readonly TracedStep[] {
  const left = [...steps];
  while (left.length > SMALL_SAMPLE) left.splice(random.below(left.length), 1);
  return left;
}
