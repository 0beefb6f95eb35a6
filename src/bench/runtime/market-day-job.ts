// Replayed days as a paper run in a process of its own: how long they take, and what memory it holds as they go by.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { HOUR_US } from "../../core/time.js";
import type { LiveOutcome } from "../../runtime/live-run.js";
import { driveRun } from "./drive-run.js";
import type { LiveStore } from "./live-store.js";
import { readModel } from "./model-files.js";

/** What to run; plain data, so that it can be sent to a process. */
export interface MarketDayJob {
  readonly live: LiveStore;
  /** Folder of the model. */
  readonly model: string;
  readonly run: string;
  readonly bars: number;
  /** True clears away what is garbage before it looks, each market hour, which takes time. */
  readonly isWeighed: boolean;
}

/** Memory after a market hour, bytes. */
export interface HourMemory {
  /** Of the process, as the system counts it. */
  readonly resident: number;
  /** Reachable objects and buffers of it. */
  readonly reachable: number;
}

/** What came of it. */
export interface MarketDayWork {
  /** From an open process to the end of the run: journal opened, all replayed, journal closed. */
  readonly seconds: number;
  readonly outcome: LiveOutcome;
  readonly hours: readonly HourMemory[];
}

/** Runs. */
export async function marketDayJob({
  live,
  model: folder,
  run,
  bars,
  isWeighed,
}: MarketDayJob): Promise<MarketDayWork> {
  const model = await readModel(folder);
  const collect = isWeighed ? garbageCollector() : (): void => {};
  const hours: HourMemory[] = [];
  const begin = performance.now();
  const outcome = await driveRun(live, {
    ...{ run, mode: "paper", model, bars },
    onBar: (bar) => {
      if (!isWeighed || (bar * live.barUs) % HOUR_US !== 0) return;
      collect();
      const { rss, heapUsed, external } = process.memoryUsage();
      hours.push({ resident: rss, reachable: heapUsed + external });
    },
  });
  return { seconds: (performance.now() - begin) / 1000, outcome, hours };
}

/** What `node --expose-gc` would give; a process that is sent jobs was started without. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
