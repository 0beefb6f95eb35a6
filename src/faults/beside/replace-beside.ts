import { seededRandom } from "../../core/random.js";
import type { ChildProgram } from "../child-program.js";
import { runIngest } from "../ingest-process.js";
import type { Flaw } from "./judge.js";
import { killReplacing } from "./kill-replacing.js";
import type { Kill, Together } from "./kinds.js";
import { countReplacement } from "./marks.js";
import type { ReplacePlan } from "./plan.js";
import { startBeside } from "./start-beside.js";
import type { TryScene } from "./try-scene.js";
import { isAnyAwaited, untilAll, type Watcher } from "./watching.js";

const MOST_INGESTS = 60;
/** Replacements of one process for each look that has to meet one, before these are too few. */
const MOST_FOR_EACH = 250;

/** What the replacing side of a try did. */
export interface Work {
  /** Processes that end when they are told to stop. */
  readonly running: readonly ChildProgram[];
  /** The replacing process was killed while a partition was out of its place. */
  readonly wasAway?: boolean;
  readonly flaw?: Flaw;
}

/** Replaces partitions until the others have seen enough of it, or it is no use any more. */
export async function replaceBeside(
  { replacers, kill }: Together,
  scene: TryScene,
  watching: readonly Watcher[],
): Promise<Work> {
  await untilAll(watching, "ready");
  if (kill !== undefined) return killBeside(kill, scene, watching);
  if (replacers === "ingests") return ingestBeside(scene, watching);
  const running = Array.from({ length: replacers }, (_, i) => startBeside(replacePlan(scene, i)));
  await untilAll(watching, "enough", () => running.some((child) => child.isRunning()));
  return { running };
}

async function killBeside(
  kill: Kill,
  scene: TryScene,
  watching: readonly Watcher[],
): Promise<Work> {
  const { steps, number, seed } = scene;
  const { miss, guarding, wasAway } = await killReplacing(replacePlan(scene, 0), kill, {
    ...{ steps, random: seededRandom(seed, "kill") },
    isWhileAway: number % 3 < 2,
  });
  await untilAll(watching, "enough");
  return {
    running: guarding === undefined ? [] : [guarding],
    ...(wasAway === undefined ? {} : { wasAway }),
    ...(miss === undefined ? {} : { flaw: { kind: "loud", what: miss } }),
  };
}

async function ingestBeside(
  { common: { root, marks, keys }, versions }: TryScene,
  watching: readonly Watcher[],
): Promise<Work> {
  for (let i = 1; i <= MOST_INGESTS && isAnyAwaited(watching, "enough"); i++) {
    const { code, err } = await runIngest(root, versions[i % 2]!.market, { jobs: 1 });
    if (code !== 0) {
      const what = `an ingest ended with ${code}: ${err.trim()}`;
      return { running: [], flaw: { kind: "loud", what } };
    }
    for (const _ of keys) countReplacement(marks);
  }
  return { running: [] };
}

function replacePlan({ common, versions, least }: TryScene, number: number): ReplacePlan {
  return {
    ...{ ...common, role: "replace", name: `replacer-${number}` },
    versions: [versions[0].root, versions[1].root],
    most: MOST_FOR_EACH * least,
  };
}
