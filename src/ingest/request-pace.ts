import { setTimeout as sleep } from "node:timers/promises";
import Bottleneck from "bottleneck";
import type { ClientLimits } from "./client-limits.js";

/** Keeps a run's requests to one server polite and within their budget. */
export interface RequestPace {
  /** Runs a request when there is room for it and the server has not asked for silence. */
  readonly run: <Answer>(request: () => Promise<Answer>) => Promise<Answer>;
  /** Leaves the server alone for a while: no request begins before. */
  readonly pause: (ms: number) => void;
  /** Counts a file that is asked for the first time. */
  readonly addFile: () => void;
  /** Takes one repeated request from the budget; false when it is used up. */
  readonly takeRepeat: () => boolean;
  /** True once a repeat was refused. */
  readonly isUsedUp: () => boolean;
}

/** The pace of one run against one server. */
export function requestPace({
  requestsAtOnce,
  requestsPerSecond,
  repeatsPerRun,
}: ClientLimits): RequestPace {
  const limiter = new Bottleneck({
    maxConcurrent: requestsAtOnce,
    minTime: 1000 / requestsPerSecond,
  });
  let quietUntilMs = 0;
  let repeats = repeatsPerRun;
  let isUsedUp = false;
  return {
    run: (request) =>
      limiter.schedule(async () => {
        const waitMs = quietUntilMs - performance.now();
        if (waitMs > 0) await sleep(waitMs);
        return request();
      }),
    pause: (ms) => {
      quietUntilMs = Math.max(quietUntilMs, performance.now() + ms);
    },
    addFile: () => {
      repeats++;
    },
    takeRepeat: () => {
      if (repeats > 0) repeats--;
      else isUsedUp = true;
      return !isUsedUp;
    },
    isUsedUp: () => isUsedUp,
  };
}
