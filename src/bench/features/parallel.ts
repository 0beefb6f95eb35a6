// Do two cores make the bars of several days nearly twice as fast as one?
import os from "node:os";
import path from "node:path";
import { WorkbenchError } from "../../core/errors.js";
import { alternate, type Contestant } from "../alternate.js";
import type { BenchResult } from "../benchmark.js";
import { compare, type NamedRuns } from "../compare.js";
import { measuredChild } from "../measured-child.js";
import type { BarsWork } from "./bars-child.js";
import type { MadeStore } from "./made-store.js";

const ONE = "one core";
const TWO = "two threads";
/** What the machine itself gives: nothing is shared but processors, memory and disk. */
const APART = "two processes with half of the days each";

/** Two threads are to be so many times as fast as one. */
const SPEEDUP = 1.8;

/**
 * The part of the computation that runs on several days at once, with one thread beside two, in turns. A process of one thread
 * counts by its processor time where that is longer: Node's own helpers run beside it, and one core would have to do their work, too.
 *
 * @param store - several days
 */
export async function parallel(
  { root, folder }: { readonly root: string; readonly folder: string },
  store: MadeStore,
  rounds: Parameters<typeof alternate>[1],
): Promise<readonly BenchResult[]> {
  const dates = store.days.map(({ date }) => date);
  const { exchange, symbol } = store.days[0]!;
  const script = path.join(root, "dist", "bench", "features", "bars-child.js");
  const measure = async (threads: 1 | 2, some: readonly string[]): Promise<BarsWork> => {
    const command = [process.execPath, script, store.root, exchange, symbol, String(threads)];
    const outputFile = path.join(folder, `bars-from-${some[0]}.json`);
    const { output } = await measuredChild(root, { command: [...command, ...some], outputFile });
    return JSON.parse(output) as BarsWork;
  };
  const runs = await alternate(contestantsOf(dates, measure), rounds);
  requireSameBars([...runs[ONE]!, ...runs[TWO]!].flat(), store);
  return figures(runs, store);
}

function contestantsOf(
  dates: readonly string[],
  measure: (threads: 1 | 2, some: readonly string[]) => Promise<BarsWork>,
): readonly Contestant<readonly BarsWork[]>[] {
  const half = dates.length >> 1;
  const halves = [dates.slice(0, half), dates.slice(half)];
  return [
    { name: ONE, run: async () => [await measure(1, dates)] },
    { name: TWO, run: async () => [await measure(2, dates)] },
    { name: APART, run: () => Promise.all(halves.map((some) => measure(1, some))) },
  ];
}

function figures(
  runs: Readonly<Record<string, readonly (readonly BarsWork[])[]>>,
  { days, bookChanges }: MadeStore,
): readonly BenchResult[] {
  const seconds = (name: string): NamedRuns => ({
    name,
    runs: runs[name]!.map((works) => Math.max(...works.map((work) => work.seconds))),
  });
  const one = {
    name: ONE,
    runs: runs[ONE]!.map(([work]) => Math.max(work!.seconds, work!.cpuSeconds)),
  };
  const rows = Math.round(bookChanges / days.length);
  const what = `bars of ${days.length} days of ${rows.toLocaleString("en")} rows`;
  return [
    compare(seconds(TWO), one, {
      what: `${what}, ${TWO}`,
      unit: "s",
      bar: 1 / SPEEDUP,
      note: describe({ one, two: seconds(TWO), apart: seconds(APART) }),
    }),
    compare(seconds(APART), one, { what: `${what}, ${APART}`, unit: "s", bar: null }),
  ];
}

function describe(all: {
  readonly one: NamedRuns;
  readonly two: NamedRuns;
  readonly apart: NamedRuns;
}): string {
  const speedup = ({ runs }: NamedRuns): string =>
    (Math.min(...all.one.runs) / Math.min(...runs)).toFixed(2);
  const cores = os.availableParallelism();
  const few = cores < 2 ? "; on one processor nothing can be gained" : "";
  const load = os.loadavg()[0]!.toFixed(1);
  return `${TWO} are ${speedup(all.two)} times as fast as one; ${APART}, which share nothing, are ${speedup(all.apart)} times: what this machine gives at a load of ${load} on ${cores}${few}`;
}

function requireSameBars(works: readonly BarsWork[], { trades, bookChanges }: MadeStore): void {
  const answers = new Set(works.map(({ sha256 }) => sha256)).size;
  const isWhole = works.every(({ events }) => events === trades + bookChanges);
  if (answers === 1 && isWhole) return;
  throw new WorkbenchError({
    message: `one thread and two gave ${answers} different answers, ${isWhole ? "of all events" : "not of all events"}`,
  });
}
