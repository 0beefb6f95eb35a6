import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../../core/random.js";
import { temporaryName } from "../../store/temporary.js";
import type { ChildProgram } from "../child-program.js";
import { stepEnvironment } from "../steps/trace.js";
import type { Kill } from "./kinds.js";
import { replacementCount, setMark } from "./marks.js";
import type { GuardPlan, ReplacePlan } from "./plan.js";
import { diedWhileAway, type ReplacementSteps } from "./replacement-steps.js";
import { startBeside } from "./start-beside.js";

/** Moments of kills lie within this time of the end of a replacement. */
const SPAN_MS = 30;
/** Replacements that a killed process may have made before. */
const MOST_BEFORE = 5;
/** A look at whether a process has ended. */
const PAUSE_MS = 2;

/** Name of another host, as folders of its runs begin with it. */
const ELSEWHERE = "anotherhost";

/** How a kill went. */
export interface KillReport {
  /** The process died while a partition was out of its place; undefined where that cannot be known. */
  readonly wasAway?: boolean;
  /** It could not be killed as planned. */
  readonly miss?: string;
  /** What goes on until the try is over. */
  readonly guarding?: ChildProgram;
}

/**
 * Starts a replacing process and has it killed.
 *
 * @param options.isWhileAway - before a step at which a partition is out of its place, where steps are known
 */
export async function killReplacing(
  plan: ReplacePlan,
  kill: Kill,
  {
    steps,
    random,
    isWhileAway,
  }: {
    readonly steps: ReplacementSteps;
    readonly random: Random;
    readonly isWhileAway: boolean;
  },
): Promise<KillReport> {
  const { marks, root } = plan;
  const own = kill.isElsewhere === true ? { ...plan, host: ELSEWHERE } : plan;
  if (kill.at === "moment") {
    const child = startBeside(own);
    const before = 1 + random.below(MOST_BEFORE);
    while (replacementCount(marks) < before && child.isRunning()) await sleep(1);
    await sleep(SPAN_MS * random.uniform());
    child.kill();
    const { signal, code, err } = await child.ended;
    setMark(marks, "killed");
    return signal === "SIGKILL" ? {} : { miss: `the process ended with ${code}: ${err}` };
  }
  const { count, whileAway } = steps;
  const choice = isWhileAway ? whileAway[random.below(whileAway.length)] : undefined;
  const killAt = choice ?? 1 + random.below(count);
  const trace = path.join(marks, "trace.jsonl");
  const environment = stepEnvironment({ folder: root, trace, killAt });
  const ended =
    kill.isUnnoticed === true
      ? await endUnnoticed({ role: "guard", name: "guard", marks, replace: own, environment })
      : await endNoticed(startBeside(own, environment));
  // Before its first step there is none.
  const names = await readdir(path.join(root, ".tmp")).catch((): string[] => []);
  setMark(marks, "killed");
  const wasAway = await diedWhileAway(trace, root);
  if (ended.miss !== undefined) return { wasAway, ...ended };
  if (choice !== undefined && !wasAway) {
    const miss = `step ${killAt} came while every partition was in its place`;
    return { wasAway, ...ended, miss };
  }
  const [here] = temporaryName().split("-");
  const isNamed = names.some((name) => name.split("-")[0] !== here);
  if (kill.isElsewhere !== true || !wasAway || isNamed) return { wasAway, ...ended };
  return { wasAway, ...ended, miss: `${names.join(", ")} name no other host` };
}

async function endNoticed(child: ChildProgram): Promise<KillReport> {
  const { signal, code, err } = await child.ended;
  return signal === "SIGKILL" ? {} : { miss: `the process ended with ${code}: ${err}` };
}

/** Its parent keeps it in the list of processes until the try is over. */
async function endUnnoticed(plan: GuardPlan): Promise<KillReport> {
  const guarding = startBeside(plan);
  const file = path.join(plan.marks, `pid-${plan.name}`);
  while (guarding.isRunning()) {
    const pid = existsSync(file) ? readFileSync(file, "utf8") : "";
    // The state stands behind the name in brackets; Z has ended.
    if (pid !== "" && /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) return { guarding };
    await sleep(PAUSE_MS);
  }
  return { guarding, miss: "the process was not left unnoticed" };
}
