// The processes of a try that look and prune until they have seen enough.
import { setTimeout as sleep } from "node:timers/promises";
import type { ChildProgram } from "../child-program.js";
import type { Flaw } from "./judge.js";
import type { Together } from "./kinds.js";
import type { LookReport } from "./look-again.js";
import { isMarked } from "./marks.js";
import type { BesidePlan } from "./plan.js";
import type { PruneReport } from "./prune-again.js";
import { REPLACED_DAYS, tradesKey } from "./scene.js";
import { startBeside } from "./start-beside.js";
import type { TryScene } from "./try-scene.js";

/** No process of a try takes this long, unless it hangs. */
const HANG_MS = 120_000;
const PAUSE_MS = 5;

/** A process that looks or prunes. */
export interface Watcher {
  readonly plan: BesidePlan;
  readonly child: ChildProgram;
}

/** What such a process has to say at its end. */
export type WatchReport = Partial<LookReport> & Partial<PruneReport>;

/** Starts the processes that look and prune. */
export function startWatching(
  { readers, replacers, pruned, kill }: Together,
  { common, versions, number, least: most }: TryScene,
): readonly Watcher[] {
  const [first, second] = versions;
  // Where a whole ingest replaces each partition once, or many processes share the machine, few looks take long.
  const isSlow = replacers !== 1 || pruned !== undefined;
  const least = isSlow ? Math.ceil(most / 3) : most;
  const looking = readers.map((looks, i): BesidePlan => {
    const role = { role: "look", name: `reader-${i}`, isKilling: kill !== undefined } as const;
    // One store for all looks remembers what it has checked; each reader is such a one in half of the tries.
    const isKept = (number + i) % 2 === 0;
    return {
      ...{ ...common, ...role, looks, least, isKept },
      truths: [first.truthFile, second.truthFile],
    };
  });
  // The neighbour of another symbol takes a folder around it with it.
  const places = [tradesKey(REPLACED_DAYS), tradesKey(0, "ETHUSDT")];
  const pruning = (pruned === undefined ? [] : places).map((place, i): BesidePlan => {
    const role = { role: "prune", name: `pruner-${i}`, what: pruned! } as const;
    return { ...common, ...role, pruned: place, source: first.root, least };
  });
  return [...looking, ...pruning].map((plan) => ({ plan, child: startBeside(plan) }));
}

/**
 * Waits until every process that still runs has made a mark.
 *
 * @param isWorthWaiting - false ends it
 */
export async function untilAll(
  watching: readonly Watcher[],
  mark: "ready" | "enough",
  isWorthWaiting: () => boolean = () => true,
): Promise<void> {
  const until = Date.now() + HANG_MS;
  while (isAnyAwaited(watching, mark) && isWorthWaiting() && Date.now() < until) {
    await sleep(PAUSE_MS);
  }
}

/** Whether a process that still runs has not made a mark. */
export function isAnyAwaited(watching: readonly Watcher[], mark: "ready" | "enough"): boolean {
  return watching.some(
    ({ plan: { name, marks }, child }) => child.isRunning() && !isMarked(marks, `${mark}-${name}`),
  );
}

/** What a process that was told to stop has to say; what it lacks is a flaw. */
export async function reportOf({ plan: { name }, child }: Watcher): Promise<WatchReport> {
  const failed = await flawOf(child, name);
  if (failed !== undefined) return { flaw: failed };
  const report = JSON.parse((await child.ended).out) as WatchReport & { readonly lacks: string };
  if (report.lacks === "") return report;
  const { kind, what } = report.flaw ?? { kind: "loud", what: "" };
  const all = [what, `${name} lacked ${report.lacks}`].filter((part) => part !== "");
  return { ...report, flaw: { kind, what: all.join("; ") } };
}

/** How a process that was told to stop failed to do so in peace. */
export async function flawOf(child: ChildProgram, name: string): Promise<Flaw | undefined> {
  const timer = setTimeout(child.kill, HANG_MS);
  const { code, signal, err } = await child.ended;
  clearTimeout(timer);
  if (code === 0) return undefined;
  return { kind: "loud", what: `${name} ended with ${code ?? signal}: ${err.trim()}` };
}
