import type { BenchResult } from "../benchmark.js";
import { best, compare, type NamedRuns, type Rival, within } from "../compare.js";
import { contestantName, DROPOUT, type Kind, type NetworkRun } from "./network-contestants.js";
import { MOST_DIFFERENCE } from "./same-work.js";

/** What a network is held to. */
export interface NetworkBars {
  /** A training step's time may be so many times that of the first form of PyTorch's. */
  readonly stepTimes: number;
  /** How PyTorch's users write it; the first form has the bars, others are for information. */
  readonly forms: readonly [string, ...string[]];
}

/** What was run. */
export interface NetworkRuns {
  /** By `contestantName`. */
  readonly runs: Readonly<Record<string, readonly NetworkRun[]>>;
  /** In the batch. */
  readonly windows: number;
  /** Why there is no PyTorch, if there is none. */
  readonly missing: string | undefined;
}

const STEP_AIM = 1;
const MOST_P50_MS = 2;
const MIB = 2 ** 20;

/** Figures of all rounds: training step, memory, one prediction. */
export function networkFigures(bars: NetworkBars, ran: NetworkRuns): readonly BenchResult[] {
  return [
    ...stepFigures(bars, ran),
    ...memoryFigures(bars.forms[0], ran),
    ...predictionFigures(bars.forms, ran),
  ];
}

function stepFigures({ stepTimes, forms }: NetworkBars, ran: NetworkRuns): readonly BenchResult[] {
  const [first, ...others] = forms;
  const what = `training step, ${ran.windows} windows`;
  const stepMs = ({ work }: NetworkRun): number => work.stepMs!;
  const dropout = {
    what: `${what}, dropout ${DROPOUT}`,
    note: "ours draws one factor for all steps of a window, PyTorch one for each",
  };
  const cuts = oursOf(ran, "steps", ({ work }) => work.cutMs!);
  return [
    compare(oursOf(ran, "steps", stepMs), theirsOf(ran, "steps", first, stepMs), {
      what,
      unit: "ms",
      bar: stepTimes,
      aim: STEP_AIM,
    }),
    ...others.map((form) => beside(ran, "steps", form, stepMs, { what, unit: "ms" })),
    beside(ran, "dropout", first, stepMs, { ...dropout, unit: "ms" }),
    best(cuts, { what: "cutting and scaling the batch before a step", unit: "ms", bar: null }),
  ];
}

function memoryFigures(form: string, ran: NetworkRuns): readonly BenchResult[] {
  const peak = ({ peakBytes }: NetworkRun): number => peakBytes / MIB;
  const added = ({ peakBytes, work }: NetworkRun): number => (peakBytes - work.loadedBytes!) / MIB;
  return [
    compare(oursOf(ran, "steps", peak), theirsOf(ran, "steps", form, peak), {
      what: "peak memory of the whole process",
      unit: "MiB",
      bar: 1,
    }),
    beside(ran, "steps", form, added, {
      what: "memory that the steps add to what is loaded",
      unit: "MiB",
      note: "PyTorch's wheel for Linux loads CUDA's libraries also where no GPU is",
    }),
  ];
}

function predictionFigures(forms: NetworkBars["forms"], ran: NetworkRuns): readonly BenchResult[] {
  const p50Ms = ({ work }: NetworkRun): number => work.p50Ms!;
  const p99Ms = ({ work }: NetworkRun): number => work.p99Ms!;
  const p50 = { what: "one window to a probability, p50", unit: "ms" };
  const p99 = { what: "one window to a probability, p99", unit: "ms" };
  return [
    best(oursOf(ran, "latency", p50Ms), { ...p50, bar: MOST_P50_MS }),
    ...forms.map((form) => beside(ran, "latency", form, p50Ms, p50)),
    beside(ran, "latency", forms[0], p99Ms, p99),
    ...forms.map((form) => sameProbability(ran, form)),
  ];
}

type Pick = (run: NetworkRun) => number;

/** A figure of ours beside one of a form of PyTorch's, for information. */
function beside(
  ran: NetworkRuns,
  kind: Kind,
  form: string,
  pick: Pick,
  told: { readonly what: string; readonly unit: string; readonly note?: string },
): BenchResult {
  return compare(oursOf(ran, kind, pick), theirsOf(ran, kind, form, pick), { ...told, bar: null });
}

function oursOf({ runs }: NetworkRuns, kind: Kind, pick: Pick): NamedRuns {
  return { name: "ours", runs: runs[contestantName(kind)]!.map(pick) };
}

function theirsOf({ runs, missing }: NetworkRuns, kind: Kind, form: string, pick: Pick): Rival {
  if (missing !== undefined) return { name: form, missing };
  return { name: form, runs: runs[contestantName(kind, form)]!.map(pick) };
}

function sameProbability({ runs, missing }: NetworkRuns, form: string): BenchResult {
  const [ours] = runs[contestantName("latency")]!;
  const differences = (runs[contestantName("latency", form)] ?? []).map(({ work }) =>
    Math.abs(work.probability! - ours!.work.probability!),
  );
  const what = `same probability as ${form}'s: differs by`;
  const held = { what, unit: "of 1", bar: MOST_DIFFERENCE };
  const result = within({ name: "difference", runs: differences }, held);
  return missing === undefined ? result : { ...result, note: missing };
}
