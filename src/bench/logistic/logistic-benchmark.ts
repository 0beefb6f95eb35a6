import path from "node:path";
import { mean } from "../../core/statistics.js";
import { type LogisticData, logisticLogits, logLoss } from "../../models/logistic.js";
import { LOGISTIC_SETTINGS } from "../../training/settings.js";
import { alternate, type Contestant } from "../alternate.js";
import type { Benchmark, BenchOptions, BenchResult } from "../benchmark.js";
import { best, compare, type NamedRuns, type Rival, within } from "../compare.js";
import type { InstalledRival } from "../installed-rival.js";
import { machineFacts } from "../machine.js";
import { type MeasuredRun, measuredChild, pythonOf } from "../measured-child.js";
import { requireDisk } from "../require-disk.js";
import { pythonRivals, SCIKIT_LEARN_PACKAGES } from "../rivals.js";
import { TWO_THREADS } from "../two-threads.js";
import { writeDoubles } from "./doubles-file.js";
import type { FitWork } from "./fit-child.js";
import { madeRows, WIDTH } from "./made-rows.js";

const ROWS = 1_000_000;
/** Fewer are too few to choose a prior for so many columns by blocks of time. */
const LEAST_ROWS = 1000;
const ROUNDS = 5;

/** Of the fit that is held beside scikit-learn's. */
const PRIOR_DEVIATION = 0.1;

const OURS = "one fit";
const CHOOSING = "choosing the prior and the fit";
const SCIKIT_LEARN = "scikit-learn newton-cholesky";

const MOST_TIMES = 1.5;
const MOST_DIFFERENCE = 1e-6;

/** A run; scikit-learn's tells neither prior nor backend. */
interface Run extends MeasuredRun {
  readonly work: Pick<FitWork, "seconds" | "weights" | "intercept"> & Partial<FitWork>;
}

/** The logistic regression on a million rows: time, log-loss and memory beside scikit-learn. */
export const logisticBenchmark: Benchmark = {
  name: "logistic",
  about: "logistic regression on 1,000,000 × 53 beside scikit-learn: time, log-loss, memory",
  leastRows: LEAST_ROWS,
  run: async (options) => {
    const { root, folder, seed, onProgress } = options;
    const rows = options.rows ?? ROWS;
    await requireDisk(folder, 8 * rows * (WIDTH + 1));
    onProgress(0, 1, "making rows");
    const data = madeRows(rows, seed);
    await writeDoubles(path.join(folder, "inputs.f64"), data.inputs);
    await writeDoubles(path.join(folder, "outcome.f64"), Float64Array.from(data.outcome));
    const installed = await pythonRivals(options, SCIKIT_LEARN_PACKAGES);
    const machine = await machineFacts(root);
    const rounds = { rounds: options.rounds ?? ROUNDS, seed, onRun: onProgress };
    const runs = await alternate(contestants(options, data, installed), rounds);
    const versions = "missing" in installed ? {} : installed.versions;
    const facts = {
      input: `${rows.toLocaleString("en")} × ${WIDTH} doubles, scaled (made, seeded)`,
      timed: "from rows in memory to weights; both libraries loaded before, two threads each",
      TensorFlow: runs[OURS]![0]!.work.backend!,
    };
    return {
      results: figures(data, runs, installed),
      facts: { ...facts, ...machine, ...versions },
    };
  },
};

function contestants(
  { root, folder }: BenchOptions,
  { overlapBars }: LogisticData,
  installed: InstalledRival,
): readonly Contestant<Run>[] {
  const outputFile = path.join(folder, "fit.json");
  const files = ["inputs.f64", "outcome.f64"].map((name) => path.join(folder, name));
  const measure = async (
    program: readonly string[],
    values: readonly number[],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Run> => {
    const command = [...program, ...files, ...values.map(String)];
    const environment = { ...TWO_THREADS, ...variables };
    const run = await measuredChild(root, { command, outputFile, environment });
    return { ...run, work: JSON.parse(run.output) as FitWork };
  };
  const ours = [process.execPath, path.join(root, "dist", "bench", "logistic", "fit-child.js")];
  const { priorDeviations } = LOGISTIC_SETTINGS;
  const own = [
    { name: OURS, run: () => measure(ours, [overlapBars, PRIOR_DEVIATION]) },
    { name: CHOOSING, run: () => measure(ours, [overlapBars, ...priorDeviations]) },
  ];
  if ("missing" in installed) return own;
  const theirs = [pythonOf(root), path.join(root, "tools", "bench", "sklearn_logistic.py")];
  // Σ loss / overlap + ‖w‖² / (2 · deviation²), times deviation², is C · Σ loss + ‖w‖² / 2.
  const c = PRIOR_DEVIATION ** 2 / overlapBars;
  const packages = { PYTHONPATH: installed.folder };
  return [...own, { name: SCIKIT_LEARN, run: () => measure(theirs, [c], packages) }];
}

function figures(
  data: LogisticData,
  runs: Readonly<Record<string, readonly Run[]>>,
  installed: InstalledRival,
): readonly BenchResult[] {
  const named = (name: string, pick: (run: Run) => number): NamedRuns => ({
    name,
    runs: (runs[name] ?? []).map(pick),
  });
  const rival = (pick: (run: Run) => number): Rival =>
    "missing" in installed
      ? { name: SCIKIT_LEARN, missing: installed.missing }
      : named(SCIKIT_LEARN, pick);
  const seconds = ({ work }: Run): number => work.seconds;
  const mebibytes = ({ peakBytes }: Run): number => peakBytes / 2 ** 20;
  const choosing = named(CHOOSING, seconds);
  return [
    compare(named(OURS, seconds), rival(seconds), { what: OURS, unit: "s", bar: MOST_TIMES }),
    lossDifference(data, runs, installed),
    within(
      {
        name: OURS,
        runs: [new Set(runs[OURS]!.map(({ work }) => JSON.stringify(weightsOf(work)))).size],
      },
      { what: `different weights in ${runs[OURS]!.length} processes`, unit: "", bar: 1 },
    ),
    compare(choosing, named(OURS, seconds), {
      what: `${CHOOSING}, of ${LOGISTIC_SETTINGS.priorDeviations.length}`,
      unit: "s",
      bar: null,
      note: `took ${runs[CHOOSING]!.map(({ work }) => work.priorDeviation).join(", ")}`,
    }),
    compare(named(OURS, mebibytes), rival(mebibytes), {
      what: "peak memory of the whole process",
      unit: "MiB",
      bar: null,
    }),
    best(
      { name: "doubles", runs: [data.inputs.byteLength / 2 ** 20] },
      { what: "the inputs alone", unit: "MiB", bar: null },
    ),
  ];
}

/** Mean log-loss of ours less scikit-learn's, on the rows that both were fitted on. */
function lossDifference(
  data: LogisticData,
  runs: Readonly<Record<string, readonly Run[]>>,
  installed: InstalledRival,
): BenchResult {
  const lossOf = ({ work }: Run): number => {
    const { weights, intercept } = weightsOf(work);
    const line = { kind: "logistic", weights: Float64Array.from(weights), intercept } as const;
    const logits = logisticLogits(line, data.inputs);
    return mean(logits.map((logit, i) => logLoss(logit, data.outcome[i]!)));
  };
  const theirs = (runs[SCIKIT_LEARN] ?? []).slice(0, 1).map(lossOf);
  const differences = theirs.map((loss) => Math.abs(lossOf(runs[OURS]![0]!) - loss));
  const result = within(
    { name: "difference", runs: differences },
    { what: `mean log-loss, from that of ${SCIKIT_LEARN}`, unit: "nats", bar: MOST_DIFFERENCE },
  );
  return "missing" in installed ? { ...result, note: installed.missing } : result;
}

function weightsOf({ weights, intercept }: Run["work"]): Pick<FitWork, "weights" | "intercept"> {
  return { weights, intercept };
}
