import type { Benchmark, BenchOptions } from "../benchmark.js";
import { machineFacts } from "../machine.js";
import { informativeResults, strongResults } from "./edge-results.js";
import { nullResults } from "./null-results.js";
import { QUESTIONS, type QuestionName } from "./questions.js";
import type { SeedFindings, SeedJob } from "./seed-job.js";
import { workOnSeeds } from "./seed-processes.js";

/** Markets of each question; one informative market has more labels than a hundred others. */
type Counts = Readonly<Record<QuestionName, number>>;
const FULL: Counts = { informative: 1, strong: 20, null: 150 };
const FEW: Counts = { informative: 1, strong: 4, null: 24 };

/** Whole experiments on markets whose truth is known: nothing found where there is nothing, and found where there is. */
export const placeboBenchmark: Benchmark = {
  name: "placebo",
  about:
    "whole experiments where the truth is known: no edge and nothing passes, an edge and it is found",
  hasNoRows: true,
  run: async (options) => {
    const counts = countsOf(options);
    const jobs = jobsOf(counts, options);
    const facts = await machineFacts(options.root);
    const say = (done: number): void =>
      options.onProgress(done, jobs.length, `simulated market ${done} of ${jobs.length}`);
    say(0);
    const begin = performance.now();
    const findings = await workOnSeeds(jobs, { root: options.root, onDone: say });
    const seconds = (performance.now() - begin) / 1000;
    const of = (name: QuestionName): readonly SeedFindings[] =>
      findings.filter((_, i) => jobs[i]!.question === QUESTIONS[name]);
    return {
      results: [
        ...nullResults(of("null")),
        ...of("informative").flatMap(informativeResults),
        ...strongResults(of("strong")),
      ],
      facts: {
        ...factsOf(of),
        "first seed": String(options.seed),
        "experiments took": `${Math.round(seconds)} s`,
        ...facts,
      },
    };
  },
};

/** Rounds stand for markets where their number is given. */
function countsOf({ isFull, rounds }: BenchOptions): Counts {
  const counts = isFull ? FULL : FEW;
  return rounds === undefined ? counts : { ...counts, strong: rounds, null: Math.max(2, rounds) };
}

/** The largest markets first. */
function jobsOf(
  counts: Counts,
  { seed, folder }: Pick<BenchOptions, "seed" | "folder">,
): readonly SeedJob[] {
  const names: readonly QuestionName[] = ["informative", "strong", "null"];
  return names.flatMap((name) =>
    Array.from({ length: counts[name] }, (_, i) => ({
      question: QUESTIONS[name],
      seed: seed + i,
      folder,
    })),
  );
}

function factsOf(
  of: (name: QuestionName) => readonly SeedFindings[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (["null", "informative", "strong"] as const).map((name) => {
      const { market, folds } = QUESTIONS[name];
      const markets = of(name);
      const [first] = markets;
      const shape = `${markets.length} of ${market.days} days × ${market.symbols} ${market.symbols === 1 ? "symbol" : "symbols"}, bars of ${market.barMinutes} min, ${market.horizonMinutes} min ahead`;
      const test = `${folds.folds} anchored folds, ${first?.testDays ?? 0} test days of ${(first?.rows ?? 0).toLocaleString("en")} rows`;
      const attainable = `attainable ${(100 * (first?.attainableAccuracy ?? 0.5)).toFixed(2)} %`;
      return [`${name} market`, `${shape}; ${test}; ${attainable}`];
    }),
  );
}
