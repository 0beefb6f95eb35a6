import { checkLeft } from "./check-left.js";
import { type Flaw, worse } from "./judge.js";
import type { Together } from "./kinds.js";
import { replacementCount, setMark } from "./marks.js";
import { replaceBeside } from "./replace-beside.js";
import { type TryOptions, tryScene } from "./try-scene.js";
import { flawOf, reportOf, startWatching, type WatchReport } from "./watching.js";

/** What came of a try. */
export interface TryReport {
  readonly looks: number;
  /** Looks that a replacement fell into. */
  readonly beside: number;
  readonly replacements: number;
  readonly prunes: number;
  /** The replacing process was killed while a partition was out of its place. */
  readonly wasAway: boolean;
  /** Time after a kill until all readers had seen a version in every way. */
  readonly waitedMs?: number;
  /** The worst of what was wrong. */
  readonly flaw?: Flaw;
}

/** Lets all processes of one kind work on a fresh store until they have seen enough, and looks at what they leave. */
export async function runTry(together: Together, options: TryOptions): Promise<TryReport> {
  const scene = await tryScene(together, options);
  const { marks } = scene.common;
  const watching = startWatching(together, scene);
  const work = await replaceBeside(together, scene, watching);
  setMark(marks, "stop");
  const reports = await Promise.all(watching.map(reportOf));
  const endings = await Promise.all(work.running.map((child) => flawOf(child, "a replacer")));
  const left = await checkLeft(scene, together);
  const told = reports.map((report) => report.flaw);
  const flaw = [work.flaw, ...told, ...endings, left].reduce(worse, undefined);
  const sum = (of: (report: WatchReport) => number | undefined): number =>
    reports.reduce((total, report) => total + (of(report) ?? 0), 0);
  const waitedMs = Math.max(...reports.map((report) => report.waitedMs ?? Number.NaN));
  return {
    looks: sum(({ looks }) => looks),
    beside: sum(({ beside }) => beside),
    replacements: replacementCount(marks),
    prunes: sum(({ prunes }) => prunes),
    wasAway: work.wasAway === true,
    ...(Number.isFinite(waitedMs) ? { waitedMs } : {}),
    ...(flaw === undefined ? {} : { flaw }),
  };
}
