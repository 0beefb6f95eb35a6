// How long does a live stream take from the event that closes a bar to the row of features?
import path from "node:path";
import { WorkbenchError } from "../../core/errors.js";
import { FEATURES } from "../../features/catalogue.js";
import type { BenchResult } from "../benchmark.js";
import { best } from "../compare.js";
import { measuredChild } from "../measured-child.js";
import type { LiveWork } from "./live-child.js";

/** Closes that are measured in one process: fewer where few rounds are asked for. */
const CLOSES_PER_ROUND = 240;
const MOST_CLOSES = 1200;

/** Mean time of a close, and the 99th of a hundred. */
const MEAN_US = 50;
const P99_US = 1000;

/** An engine with full windows, fed event by event, some times over. */
export async function live(
  { root, folder }: { readonly root: string; readonly folder: string },
  {
    rounds,
    seed,
    onRun,
  }: {
    readonly rounds: number;
    readonly seed: number;
    readonly onRun: (done: number, total: number, what: string) => void;
  },
): Promise<readonly BenchResult[]> {
  const script = path.join(root, "dist", "bench", "features", "live-child.js");
  const wanted = Math.min(CLOSES_PER_ROUND * rounds, MOST_CLOSES);
  const works: LiveWork[] = [];
  for (let round = 0; round < rounds; round++) {
    onRun(round, rounds, "one engine, event by event");
    const command = [process.execPath, script, String(seed), String(wanted)];
    const outputFile = path.join(folder, "live.json");
    const { output } = await measuredChild(root, { command, outputFile });
    works.push(JSON.parse(output) as LiveWork);
  }
  const { closes, events, features } = works[0]!;
  if (features !== FEATURES.length) {
    throw new WorkbenchError({ message: `the last row has ${features} features only` });
  }
  const figure = (pick: keyof LiveWork, what: string, bar: number | null = null): BenchResult => {
    const runs = works.map((work) => work[pick]);
    return best({ name: what, runs }, { what: `live, ${what}`, unit: "µs", bar });
  };
  const count = (n: number): string => n.toLocaleString("en");
  return [
    {
      ...figure("meanUs", "mean time of a bar's close", MEAN_US),
      note: `${count(closes)} closes among ${count(events)} events; 200 orders a bar for a day before, and a month of bars before that`,
    },
    figure("medianUs", "median time of a bar's close"),
    figure("p99Us", "from the event that closes a bar to the row, p99", P99_US),
    figure("worstUs", "the same, the longest"),
    figure("eventMedianUs", "any event, median"),
    figure("eventP99Us", "any event, p99"),
  ];
}
