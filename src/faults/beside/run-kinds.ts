import { cp, rm } from "node:fs/promises";
import path from "node:path";
import type { CampaignOptions, FaultResult } from "../campaign.js";
import { Tally } from "../tally.js";
import type { Together } from "./kinds.js";
import { type ReplacementSteps, replacementSteps } from "./replacement-steps.js";
import { runTry, type TryReport } from "./run-try.js";
import { type BesideScene, besideScene, tradesKey } from "./scene.js";

const SMALL = { rows: 3000, least: 2 };
const FULL = { rows: 20_000, least: 6 };

const UNWATCHED: ReplacementSteps = { count: 0, whileAway: [] };

/**
 * Makes the tries of some kinds, one after the other.
 *
 * @param options.scene - what all tries begin with, where it is made already
 */
export async function runKinds(
  all: readonly Together[],
  options: CampaignOptions & { readonly scene?: BesideScene },
): Promise<readonly FaultResult[]> {
  const { isFull, seed, folder, onProgress } = options;
  const { rows, least } = isFull ? FULL : SMALL;
  const scene = options.scene ?? (await besideScene(path.join(folder, "scene"), { rows, seed }));
  const kinds = all.filter(isPossible);
  // Only who is killed is killed at a step.
  const isWatched = kinds.some(({ kill }) => kill !== undefined);
  const steps = isWatched ? await stepsOf(scene, path.join(folder, "watched"), seed) : UNWATCHED;
  const tries = (kind: Together): number => (isFull ? kind.tries : 1);
  const total = kinds.reduce((sum, kind) => sum + tries(kind), 0);
  const results: FaultResult[] = [];
  let done = 0;
  for (const kind of kinds) {
    const tally = new Tally(kind.name);
    const reports: TryReport[] = [];
    for (let number = 0; number < tries(kind); number++) {
      const place = path.join(folder, "try");
      const own = { folder: place, seed: seed + number, number, least };
      const report = await runTry(kind, { ...own, scene, steps });
      const { flaw } = report;
      const outcome = flaw === undefined ? "detected" : flaw.kind;
      tally.add(outcome === "loud" ? undefined : outcome, `try ${number}: ${flaw?.what}`);
      reports.push(report);
      await rm(place, { recursive: true, force: true });
      onProgress(++done, total, "tries of readers beside writers");
    }
    results.push(tally.result(noteOf(kind, reports)));
  }
  return results;
}

/** Ended processes that stay in the list are seen on Linux only. */
function isPossible({ kill }: Together): boolean {
  return kill?.isUnnoticed !== true || process.platform === "linux";
}

async function stepsOf(
  scene: BesideScene,
  folder: string,
  seed: number,
): Promise<ReplacementSteps> {
  const root = path.join(folder, "store");
  await cp(scene.starts[0].root, root, { recursive: true });
  const common = { root, marks: path.join(folder, "marks"), keys: [tradesKey(0)], seed };
  const versions = [scene.versions[0].root, scene.versions[1].root] as const;
  return replacementSteps({ ...common, role: "replace", name: "watched", versions, most: 100 });
}

function noteOf({ kill, pruned }: Together, reports: readonly TryReport[]): string {
  const sum = (name: "looks" | "beside" | "replacements" | "prunes"): string =>
    reports.reduce((total, report) => total + report[name], 0).toLocaleString("en");
  const looks = `${sum("looks")} looks, a replacement in ${sum("beside")} of them`;
  const work = `${sum("replacements")} replacements`;
  const prunes = pruned === undefined ? "" : `, ${sum("prunes")} prunes`;
  if (kill === undefined) return `${looks}, ${work}${prunes}`;
  const away = reports.filter(({ wasAway }) => wasAway).length;
  const where = kill.at === "step" ? `, ${away} kills while a partition was out of its place` : "";
  const waitedMs = reports.flatMap((report) => report.waitedMs ?? []);
  const seconds = (Math.max(...waitedMs) / 1000).toFixed(1);
  const seen = `in ${waitedMs.length} tries a version was seen in every way, within ${seconds} s`;
  return `${looks}, ${work}${where}; ${waitedMs.length === 0 ? "no version was seen in every way" : seen}`;
}
