import path from "node:path";
import { type ChildProgram, startChild } from "../child-program.js";
import { stepEnvironment } from "../steps/trace.js";
import type { RunPlan } from "./drive-run.js";

const CHILD = path.join(__dirname, "run-child.js");

/** What `tools/tickbook.js` runs, from the build that this file belongs to. */
const TICKBOOK = `require(${JSON.stringify(path.resolve(__dirname, "..", "..", "cli", "main.js"))})
  .main(process.argv.slice(1)).then((code) => { process.exitCode = code; })`;

/**
 * Starts a run as a process that does not outlive this one.
 *
 * @param options.killAt - number of its file-system step below the run's root before which it ends itself by `kill -9`
 */
export function startRun(
  plan: RunPlan,
  { killAt }: { readonly killAt?: number } = {},
): ChildProgram {
  const steps = killAt === undefined ? {} : stepsTo(plan, killAt);
  return startChild(process.execPath, [CHILD, JSON.stringify(plan)], {
    cwd: plan.scene.store,
    environment: { TICKBOOK_CACHE: path.join(plan.scene.store, "..", "cache"), ...steps },
  });
}

/** Starts a command of `tickbook` on a run's root in a process of its own. */
export function startTickbook(plan: RunPlan, ...args: readonly string[]): ChildProgram {
  return startChild(process.execPath, ["-e", TICKBOOK, "--", ...args, "--data", plan.root], {
    cwd: plan.scene.store,
    environment: { TICKBOOK_CACHE: path.join(plan.scene.store, "..", "cache") },
  });
}

function stepsTo({ root }: RunPlan, killAt: number): Readonly<Record<string, string>> {
  return stepEnvironment({ folder: root, trace: `${root}.jsonl`, killAt });
}
