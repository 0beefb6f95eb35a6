import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../../core/random.js";
import type { RunPlan } from "./drive-run.js";
import { exchangeFile, readExchange } from "./exchange-log.js";
import { LoggedAtKill } from "./logged-at-kill.js";
import { type RunFlaws, type RunLeft, readLeft } from "./run-left.js";
import { NO_FLAWS, type RunTally } from "./run-tally.js";
import { startRun } from "./start-run.js";

/** File-system steps of a process until its kill, at most; it comes to a few with each bar. */
const MOST_STEPS = 300;
/** A process that ended before its kill was not killed; so many of them may be needed. */
const MOST_STARTS = 200;

/** How often a run is killed, and who looks at what it leaves. */
export interface KilledRun {
  readonly tally: RunTally;
  readonly random: Random;
  readonly kills: number;
  /** Time from a process's first bar to its kill, at most, ms. */
  readonly mostMs: number;
  readonly judge: (left: RunLeft) => RunFlaws;
  readonly onKill: () => void;
}

/**
 * Kills a run's processes one after the other, and lets the last one come to its end.
 *
 * @returns how often it was killed before it came to its end
 */
export async function killedRun(
  plan: RunPlan,
  { tally, random, kills, mostMs, judge, onKill }: KilledRun,
): Promise<number> {
  await mkdir(plan.root, { recursive: true });
  const watch = new LoggedAtKill(plan);
  const places: string[] = [];
  const flaws: RunFlaws[] = [];
  for (let starts = 0; starts < MOST_STARTS; starts++) {
    const isLast = places.length >= kills;
    const { place, failure } = isLast
      ? await toTheEnd(plan)
      : await killed(plan, random, { isStep: places.length % 2 === 0, mostMs });
    if (failure !== "") flaws.push({ ...NO_FLAWS, what: failure });
    if (place === undefined) break;
    const hasOrdered = readExchange(exchangeFile(plan.root)).length > 0;
    places.push(hasOrdered ? place : `${place} before the first order`);
    flaws.push({ ...NO_FLAWS, unlogged: await watch.unlogged() });
    onKill();
  }
  // One whose last process was refused has come to nothing that could be compared.
  flaws.push(judge(await readLeft(plan)));
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
async function killed(
  plan: RunPlan,
  random: Random,
  { isStep, mostMs }: Pick<KilledRun, "mostMs"> & { readonly isStep: boolean },
): Promise<Ended> {
  const progress = `${plan.root}.progress`;
  await rm(progress, { force: true });
  const killAt = 1 + random.below(MOST_STEPS);
  const waitMs = random.uniform() * mostMs;
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
