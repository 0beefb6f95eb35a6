// Days of a market as fast as they go: how long, and whether memory stays flat.
import path from "node:path";
import { HOUR_US } from "../../core/time.js";
import type { LiveModel } from "../../runtime/signal/live-model.js";
import type { BenchResult } from "../benchmark.js";
import { best, within } from "../compare.js";
import { inProcesses } from "../in-processes.js";
import type { LiveStore } from "./live-store.js";
import { type MarketDayJob, type MarketDayWork, marketDayJob } from "./market-day-job.js";
import { memoryGrowth } from "./memory-growth.js";
import { writeModel } from "./model-files.js";

/** What a day of a market may take, minutes. */
const DAY_MINUTES = 10;

/** What a run may come to hold more with each market hour, MiB: 24 of them a day are less than a gigabyte in a month. */
const GROWTH_MIB = 1;

/** Where and on what is measured. */
export interface DayArena {
  readonly root: string;
  readonly folder: string;
  readonly live: LiveStore;
  readonly model: LiveModel;
  readonly bars: number;
}

/** Times of a day, and memory by hour. */
export interface DayFindings {
  readonly results: readonly BenchResult[];
  /** That each run took. */
  readonly seconds: readonly number[];
}

/** Replays the market some times over, and once more to look at its memory. */
export async function marketDay(
  arena: DayArena,
  {
    rounds,
    onRun,
  }: {
    readonly rounds: number;
    readonly onRun: (done: number, total: number, what: string) => void;
  },
): Promise<DayFindings> {
  const { folder, live, bars } = arena;
  const model = path.join(folder, "model-of-days");
  await writeModel(model, arena.model);
  const works: MarketDayWork[] = [];
  for (let round = 0; round <= rounds; round++) {
    const isWeighed = round === rounds;
    onRun(round, rounds + 1, isWeighed ? "memory by market hour" : "a market as fast as it goes");
    const job = { live, model, run: `day-${bars}-${round}`, bars, isWeighed };
    works.push(await inProcess(arena.root, job));
  }
  const timed = works.slice(0, rounds);
  const seconds = timed.map((work) => work.seconds);
  const { outcome } = works[0]!;
  const days = (bars * live.barUs) / (24 * HOUR_US);
  return {
    results: [
      ...(rounds === 0 ? [] : [speed(seconds, { days, live, outcome })]),
      ...memory(works[rounds]!.hours),
    ],
    seconds,
  };
}

async function inProcess(root: string, job: MarketDayJob): Promise<MarketDayWork> {
  const [work] = await inProcesses<MarketDayJob, MarketDayWork>([job], {
    script: path.join(root, "dist", "bench", "runtime", "market-day-child.js"),
    here: marketDayJob,
    nameOf: ({ run }) => run,
    onDone: () => {},
  });
  return work!;
}

function speed(
  seconds: readonly number[],
  {
    days,
    live,
    outcome,
  }: { readonly days: number } & Pick<DayArena, "live"> & Pick<MarketDayWork, "outcome">,
): BenchResult {
  const perDay = seconds.map((one) => one / 60 / days);
  const result = best(
    { name: "24 hours of market", runs: perDay },
    {
      what: `24 hours of ${live.symbols.length} symbols on paper, journal in PGlite`,
      unit: "minutes",
      bar: DAY_MINUTES,
    },
  );
  const least = result.ours ?? Number.NaN;
  const { events, bars, orders } = outcome;
  const count = (value: number): string => value.toLocaleString("en");
  return {
    ...result,
    note: `${(least * 60).toFixed(1)} s, ${count(Math.round((24 * 60) / least))} times as fast as the market; ${count(events)} arrivals, ${count(bars)} bars, ${count(orders)} orders`,
  };
}

function memory(hours: MarketDayWork["hours"]): readonly BenchResult[] {
  return (["reachable", "resident"] as const).map((kind) => {
    const mib = hours.map((hour) => hour[kind] / 2 ** 20);
    const { slope, from } = memoryGrowth(mib);
    const result = within(
      { name: `${kind} memory`, runs: slope === null ? [] : [slope] },
      {
        what: `${kind} memory by market hour, after the first ${from} of ${hours.length}`,
        unit: "MiB an hour",
        // Of a market too short for a slope nothing is known, and nothing judged.
        bar: kind === "reachable" && slope !== null ? GROWTH_MIB : null,
      },
    );
    return { ...result, note: `MiB: ${mib.map((value) => value.toFixed(0)).join(" ")}` };
  });
}
