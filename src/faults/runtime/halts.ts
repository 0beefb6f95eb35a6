import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { catalogueHash } from "../../features/catalogue.js";
import { promote } from "../../registry/promotion.js";
import { evaluateTrial, trainTrial } from "../../registry/test-registry.js";
import { modelName, versionOf } from "../../registry/trial.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import type { ChildProgram } from "../child-program.js";
import type { RunPlan } from "./drive-run.js";
import { startPostgres } from "./postgres-server.js";
import { RunDatabases } from "./run-databases.js";
import { judgeOrders, ofKind, type RunFlaws, type RunLeft, readLeft } from "./run-left.js";
import { barEndUs, makeRunScene, type RunScene } from "./run-scene.js";
import { NO_FLAWS, RunTally } from "./run-tally.js";
import { startRun, startTickbook } from "./start-run.js";

const SMALL = { bars: 300, tries: 1 } as const;
const FULL = { bars: 300, tries: 10 } as const;

/** A bar in so many ms of the machine's clock. */
const BAR_MS = 60;

/** Halts runs, and demotes their models, by the commands that an operator has. */
export const halts: FaultCampaign = { name: "halts", run };

async function run(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { isFull, seed, folder, onProgress } = options;
  const { bars, tries } = isFull ? FULL : SMALL;
  const server = await startPostgres();
  try {
    const databases = new RunDatabases(server);
    const halted = new RunTally("`tickbook halt` under a run, kill -9, the same run again, --lift");
    const demoted = new RunTally("`tickbook demote` under a run");
    for (let i = 0; i < tries; i++) {
      const market = path.join(folder, `market-${i}`);
      const scene = await makeRunScene(market, { seed: seed + 100 * i, bars });
      const planOf = async (name: string): Promise<RunPlan> => {
        const root = path.join(folder, `${name}-${i}`);
        await mkdir(root, { recursive: true });
        const progress = `${root}.progress`;
        const speed = scene.barUs / 1e3 / BAR_MS;
        return {
          scene,
          root,
          speed,
          progress,
          cutBytes: 4000,
          databaseUrl: await databases.next(),
        };
      };
      const first = 15 + ((7 * i) % 40);
      const [one, other] = [await planOf("halted"), await planOf("demoted")];
      const flaws = await Promise.all([haltedRun(one, first), demotedRun(other, first)]);
      halted.add(`market ${i}`, [flaws[0].place], flaws[0].flaws);
      demoted.add(`market ${i}`, [flaws[1].place], flaws[1].flaws);
      onProgress(i + 1, tries, "halts and demotions");
    }
    return [halted.result(), demoted.result()];
  } finally {
    await server.remove();
  }
}

/** What became of a run, and how it stood when the command was given. */
interface Tried {
  readonly place: string;
  readonly flaws: readonly RunFlaws[];
}

/** Halted, killed, begun again, lifted. */
async function haltedRun(plan: RunPlan, first: number): Promise<Tried> {
  const { scene } = plan;
  let child = startRun(plan);
  await untilBar(plan, child, first);
  const since = await command(plan, "halt", "--reason", "a try");
  await untilBar(plan, child, since + 5);
  child.kill();
  await child.ended;
  child = startRun(plan);
  await untilBar(plan, child, since + 15);
  // It is lifted before the command has ended, so only bars before it began are halted for sure.
  const until = await lastBar(plan);
  const complaint = await endAfter(plan, child, (await command(plan, "halt", "--lift")) + 20);
  const left = await readLeft(plan);
  const flaws = [judgeOrders(left), complaint];
  const fail = (what: string): unknown => flaws.push({ ...NO_FLAWS, what });
  const entries = entryBars(left, scene);
  // The command was given within a bar, and the next one sees it.
  const blocked = entries.filter((bar) => bar > since + 1 && bar <= until);
  if (blocked.length > 0) fail(`entries at bars ${blocked.join()}, halted at ${since}`);
  if (!entries.some((bar) => bar <= since)) fail("no entry before it was halted");
  if (!entries.some((bar) => bar > until + 1)) fail("no entry after it was lifted");
  const held = heldBars(left, scene).filter((bar) => bar > since + 2 && bar <= until);
  if (held.length > 0) fail(`positions at bars ${held.join()}, halted at ${since}`);
  if (until - since < 15) fail(`was halted from bar ${since} to ${until} only`);
  return { place: placeOf(left, scene, since), flaws };
}

/** Demoted in mid-run: entries stop, exits go on. */
async function demotedRun(plan: RunPlan, first: number): Promise<Tried> {
  const { scene, root } = plan;
  const trial = await trainTrial(root, 1, "logistic", { catalogueHash: catalogueHash() });
  await evaluateTrial(root, trial);
  const name = { name: "logistic", version: versionOf(trial.key) };
  const { number: promotedEntry } = await promote(root, name);
  const model = { name: modelName(trial), bundleSha256: trial.bundle, promotedEntry };
  const child = startRun({ ...plan, model });
  await untilBar(plan, child, first);
  const since = await command(plan, "demote", model.name, "--reason", "a try");
  const complaint = await endAfter({ ...plan, model }, child, since + 12);
  const left = await readLeft(plan);
  const flaws = [judgeOrders(left), complaint];
  const fail = (what: string): unknown => flaws.push({ ...NO_FLAWS, what });
  const entries = entryBars(left, scene);
  const late = entries.filter((bar) => bar > since + 1);
  if (late.length > 0) fail(`entries at bars ${late.join()}, demoted at ${since}`);
  if (!entries.some((bar) => bar <= since)) fail("no entry before it was demoted");
  // Stakes are given back at their horizon, four bars later.
  const kept = heldBars(left, scene).filter((bar) => bar > since + 8);
  if (kept.length > 0) fail(`positions at bars ${kept.join()}, demoted at ${since}`);
  return { place: placeOf(left, scene, since), flaws };
}

/** Runs a command of an operator to its end; gives the last bar that had ended by then. */
async function command(plan: RunPlan, ...args: readonly string[]): Promise<number> {
  const { code, err } = await startTickbook(plan, ...args).ended;
  if (code !== 0) throw new Error(`tickbook ${args.join(" ")} ended with ${code}: ${err}`);
  return await lastBar(plan);
}

async function untilBar(plan: RunPlan, child: ChildProgram, bar: number): Promise<void> {
  while ((await lastBar(plan)) < bar) {
    if (!child.isRunning()) {
      const { code, err } = await child.ended;
      throw new Error(`the run ended with ${code} before bar ${bar}: ${err}`);
    }
    await sleep(10);
  }
}

async function lastBar({ scene, progress }: RunPlan): Promise<number> {
  const text = await readFile(progress!, "utf8").catch(() => "");
  return text === "" ? -1 : barOf(Number(text), scene);
}

/** What is left of a run needs no pace: another process takes it to its end. */
async function endAfter(plan: RunPlan, child: ChildProgram, bar: number): Promise<RunFlaws> {
  await untilBar(plan, child, bar);
  child.kill();
  await child.ended;
  const { speed: _, ...fast } = plan;
  const { code, err } = await startRun(fast).ended;
  return { ...NO_FLAWS, what: code === 0 ? "" : `ended with ${code}: ${err.trim()}` };
}

function entryBars({ records }: RunLeft, scene: RunScene): readonly number[] {
  const entries = ofKind(records, "order").filter(({ purpose }) => purpose === "entry");
  return entries.map((order) => barOf(order.barEndUs, scene));
}

/** Bars at whose ends something was held. */
function heldBars({ records }: RunLeft, scene: RunScene): readonly number[] {
  const held = ofKind(records, "equity").filter(({ exposureUsd }) => exposureUsd > 0);
  return held.map(({ atUs }) => barOf(atUs, scene));
}

function placeOf(left: RunLeft, scene: RunScene, bar: number): string {
  return heldBars(left, scene).includes(bar) ? "with something held" : "while nothing was held";
}

function barOf(endUs: number, scene: RunScene): number {
  return Math.round((endUs - barEndUs(scene, 0)) / scene.barUs);
}
