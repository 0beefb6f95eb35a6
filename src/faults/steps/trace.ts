import { readFile } from "node:fs/promises";
import path from "node:path";
import { PLAN_VARIABLE, type StepPlan, type TracedStep } from "./plan.js";

const PRELOAD = path.join(__dirname, "preload.js");

/** Environment of a child whose steps are counted as planned. */
export function stepEnvironment(plan: StepPlan): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--require=${PRELOAD}`, [PLAN_VARIABLE]: JSON.stringify(plan) };
}

/** Steps that a child has written down, in the order of their beginnings. */
export async function readTrace(file: string): Promise<readonly TracedStep[]> {
  const text = await readFile(file, "utf8");
  // A killed child's last line may be cut.
  const lines = text.split("\n").slice(0, -1);
  const steps = lines.map((line) => JSON.parse(line) as TracedStep);
  return steps.sort((a, b) => a.begun - b.begun);
}
