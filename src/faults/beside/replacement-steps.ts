import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readTrace, stepEnvironment } from "../steps/trace.js";
import { replacementCount, setMark } from "./marks.js";
import type { ReplacePlan } from "./plan.js";
import { startBeside } from "./start-beside.js";

/** Replacements of the run that is watched. */
const WATCHED = 4;

/** File-system steps of a process that replaces partitions. */
export interface ReplacementSteps {
  /** Steps of a few replacements. */
  readonly count: number;
  /** Those of them before which a partition is taken out of its place. */
  readonly whileAway: readonly number[];
}

/** Lets a process replace partitions while nobody looks, and notes its steps. */
export async function replacementSteps(plan: ReplacePlan): Promise<ReplacementSteps> {
  const { root, marks } = plan;
  await mkdir(marks, { recursive: true });
  const trace = path.join(marks, "trace.jsonl");
  const child = startBeside(plan, stepEnvironment({ folder: root, trace }));
  while (replacementCount(marks) < WATCHED && child.isRunning()) await sleep(5);
  setMark(marks, "stop");
  const { code, err } = await child.ended;
  if (code !== 0) throw new Error(`the watched process ended with ${code}: ${err}`);
  const steps = await readTrace(trace);
  const taken = steps.filter(
    ({ kind, path: from, error }) =>
      kind === "rename" && error === undefined && isBelow(path.join(root, "lake"), from),
  );
  const whileAway = taken.slice(0, WATCHED).map(({ step }) => step + 1);
  return { count: whileAway.at(-1) ?? steps.length, whileAway };
}

/** Whether a process was killed while a partition was out of its place, by the trace that it has left. */
export async function diedWhileAway(trace: string, root: string): Promise<boolean> {
  const last = (await readTrace(trace)).at(-1);
  return last?.kind === "rename" && isBelow(path.join(root, "lake"), last.path);
}

function isBelow(folder: string, file: string): boolean {
  return file.startsWith(`${folder}${path.sep}`);
}
