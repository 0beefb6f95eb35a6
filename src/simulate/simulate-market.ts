import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Piscina } from "piscina";
import { DataError, OptionError, WorkbenchError } from "../core/errors.js";
import { daysBetween } from "../core/time.js";
import { makeThreadsSafeToEnd } from "../core/worker-threads.js";
import { isCandleFile, joinCandleFiles } from "./candle-files.js";
import { EVENT_TYPES, type EventType } from "./day-files.js";
import { type DayJob, type DayRecord, simulateDay } from "./day-job.js";
import { faultKindNames } from "./faults/choose-kinds.js";
import { type Edge, symbolIndex } from "./settings.js";
import {
  type AccuracyByHorizon,
  accuracies,
  closeSimulation,
  openSimulation,
} from "./simulation-record.js";
import { THIN_TYPES } from "./thin-files.js";

/** What to simulate. */
export interface SimulationOptions {
  /** Symbols to write; the market always has all of its symbols. */
  readonly symbols: readonly string[];
  /** First day, and day after the last. */
  readonly from: string;
  readonly to: string;
  readonly seed: number;
  readonly edge: Edge;
  /** Seven states of the book and about four trades a minute that say what the full market says; has no faults. */
  readonly isThin?: boolean;
  readonly hasFaults: boolean;
  /** Kinds of faults to plant; all of them where it is not given. */
  readonly faultKinds?: readonly string[];
  /** Event types to write, `simulation_truth`, and `candles`. */
  readonly types: readonly (EventType | "simulation_truth" | "candles")[];
  /** Called after each symbol-day. */
  readonly progress?: (done: number, total: number) => void;
}

/** What a run left in its folder, for the symbols and days asked for. */
export interface SimulationSummary {
  /** Number of files and of their rows. */
  readonly files: number;
  readonly rows: number;
  /** Symbol-days that were there already. */
  readonly kept: number;
  readonly oracleAccuracy: AccuracyByHorizon;
  readonly attainableAccuracy: AccuracyByHorizon;
}

/**
 * Writes a dataset mirror of a simulated market: `{root}/simulated/{type}/{yyyy}/{mm}/{dd}/{SYMBOL}.csv.gz` and
 * `simulation.json`, written last; with `candles` also `{root}/candles/{SYMBOL}.csv`, made from the trades by the exchange's
 * minute, about 1 % of the minutes missing.
 *
 * One seed, edge and first day give the same bytes for each day and symbol, whatever the last day and the choice of
 * symbols and types. Files are written under temporary names; a run that was stopped is simply run again; symbol-days
 * that are complete are kept.
 *
 * @param root - folder of the mirror
 * @throws {OptionError} unknown symbol, reversed range, a type or faults that the thin market cannot have, or a folder that
 *   cannot be written or holds another market
 * @throws {DataError} a file could not be written
 */
export async function simulateMarket(
  root: string,
  { symbols, from, to, seed, edge, types, progress, ...options }: SimulationOptions,
): Promise<SimulationSummary> {
  for (const symbol of symbols) symbolIndex(symbol);
  const dates = daysBetween(from, to);
  const market = { seed, edge, from };
  const kind = kindOf(options, types);
  const there = openSimulation(root, { ...market, ...kind });
  const wanted = dates.flatMap((date, day) => symbols.map((symbol) => ({ symbol, date, day })));
  const isComplete = (symbol: string, date: string): boolean => {
    const record = there.find((one) => one.symbol === symbol && one.date === date);
    return types.every((type) => record?.files.some((file) => typeOf(file) === type));
  };
  const missing = wanted.filter(({ symbol, date }) => !isComplete(symbol, date));
  const jobs = missing.map(({ symbol, date, day }): DayJob => {
    const before = there.find((one) => one.symbol === symbol && one.date === date);
    const written = before?.files.map(typeOf) ?? [];
    const all = new Set<string>([...types, ...written]);
    return {
      root,
      market,
      symbol,
      day,
      types: EVENT_TYPES.filter((type) => all.has(type)),
      hasTruth: all.has("simulation_truth"),
      hasCandles: all.has("candles"),
      ...kind,
    };
  });
  const made = await runJobs(jobs, root, (done) => progress?.(done, jobs.length));
  const isMade = new Set(made.map(dayKey));
  const all = [...there.filter((day) => !isMade.has(dayKey(day))), ...made];
  joinCandleFiles(root, all);
  const record = closeSimulation(root, { ...market, ...kind }, all);
  const asked = new Set(wanted.map(dayKey));
  const days = record.days.filter((day) => asked.has(dayKey(day)));
  const files = days.flatMap((day) => day.files);
  return {
    files: files.length,
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    kept: wanted.length - missing.length,
    ...accuracies(days),
  };
}

/** Clean markets are known by the same record whatever kinds of faults there are, and full ones by one that says nothing of it. */
function kindOf(
  {
    isThin = false,
    hasFaults,
    faultKinds = faultKindNames(),
  }: Pick<SimulationOptions, "isThin" | "hasFaults" | "faultKinds">,
  types: SimulationOptions["types"],
): Pick<DayJob, "isThin" | "hasFaults" | "faultKinds"> {
  if (!isThin) return hasFaults ? { hasFaults, faultKinds } : { hasFaults };
  if (hasFaults) {
    throw new OptionError({
      column: "--faults",
      message: "was given with --thin, whose few events have no place for them",
      fix: "leave one of the two out",
    });
  }
  const unknown = EVENT_TYPES.find((type) => types.includes(type) && !THIN_TYPES.includes(type));
  if (unknown === undefined) return { hasFaults, isThin };
  throw new OptionError({
    column: "--types",
    message: `named ${unknown}, which the thin market does not have`,
    fix: `leave --thin out, or choose among ${[...THIN_TYPES, "simulation_truth", "candles"].join(", ")}`,
  });
}

function startThreads(worker: string, threads: number): Piscina {
  makeThreadsSafeToEnd();
  return new Piscina({ filename: worker, minThreads: threads, maxThreads: threads });
}

function typeOf(file: { readonly path: string }): string {
  return isCandleFile(file) ? "candles" : file.path.split("/")[1]!;
}

function dayKey({ symbol, date }: { readonly symbol: string; readonly date: string }): string {
  return `${symbol}/${date}`;
}

/** Runs the jobs in worker threads; in this thread where the code was not built, as under a notebook or a test. */
async function runJobs(
  jobs: readonly DayJob[],
  root: string,
  progress: (done: number) => void,
): Promise<DayRecord[]> {
  const worker = path.join(__dirname, "day-job.js");
  const threads = Math.min(availableParallelism(), 8, jobs.length);
  const pool = existsSync(worker) && threads > 1 ? startThreads(worker, threads) : undefined;
  let done = 0;
  const run = async (job: DayJob): Promise<DayRecord> => {
    const record: DayRecord =
      pool === undefined ? await simulateDay(job) : await pool.run(job, { name: "simulateDay" });
    progress(++done);
    return record;
  };
  try {
    if (pool !== undefined) return await Promise.all(jobs.map(run));
    const records: DayRecord[] = [];
    for (const job of jobs) records.push(await run(job));
    return records;
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    throw new DataError({
      file: root,
      message: `could not be completed (${error instanceof Error ? error.message : String(error)})`,
      fix: "mend that, then run the command again",
    });
  } finally {
    await pool?.destroy();
  }
}
