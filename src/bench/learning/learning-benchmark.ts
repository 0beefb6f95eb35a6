import path from "node:path";
import { modelName } from "../../training/settings.js";
import type { Benchmark, BenchOptions, BenchResult } from "../benchmark.js";
import { atMost } from "../figures.js";
import { inProcesses } from "../in-processes.js";
import { machineFacts } from "../machine.js";
import { smallMarket } from "../placebo/small-market.js";
import { informativeResults } from "./informative-results.js";
import { type LearningFindings, type LearningJob, learnMarket } from "./market-job.js";
import { NETWORKS } from "./networks.js";
import { nullResults } from "./null-results.js";
import { overfitOneBatch } from "./one-batch.js";
import { LEARNING_QUESTIONS, type LearningQuestionName } from "./questions.js";

/** Markets of each question. */
type Counts = Readonly<Record<LearningQuestionName, number>>;
const FULL: Counts = { informative: 10, null: 10 };
const FEW: Counts = { informative: 2, null: 10 };

/** A network below it knows a batch by heart. */
const BY_HEART_LOSS = 0.01;
const MOST_STEPS = 3000;

/** What the networks learn where the truth is known: what is there, nothing where nothing is, and one batch by heart. */
export const learningBenchmark: Benchmark = {
  name: "learning",
  about:
    "what networks learn where the truth is known: what is attainable beside a line, chance where nothing is, one batch by heart",
  hasNoRows: true,
  run: async (options) => {
    const jobs = jobsOf(options);
    const facts = await machineFacts(options.root);
    const total = jobs.length + 1;
    options.onProgress(0, total, "one batch by heart");
    const begin = performance.now();
    const byHeart = await oneBatchResults(options.seed);
    const say = (done: number): void =>
      options.onProgress(1 + done, total, `simulated market ${done} of ${jobs.length}`);
    say(0);
    const findings = await inProcesses(jobs, {
      script: path.join(options.root, "dist", "bench", "learning", "learning-child.js"),
      here: learnMarket,
      nameOf: ({ seed }) => `seed ${seed}`,
      onDone: say,
    });
    const seconds = (performance.now() - begin) / 1000;
    const of = (name: LearningQuestionName): readonly LearningFindings[] =>
      findings.filter((_, i) => jobs[i]!.question === LEARNING_QUESTIONS[name]);
    return {
      results: [...informativeResults(of("informative")), ...nullResults(of("null")), ...byHeart],
      facts: {
        ...marketFacts("informative", of("informative")),
        ...marketFacts("null", of("null")),
        ...Object.fromEntries(
          NETWORKS.map((settings) => [modelName(settings), JSON.stringify(settings)]),
        ),
        "first seed": String(options.seed),
        "all took": `${Math.round(seconds)} s`,
        ...facts,
      },
    };
  },
};

/** The largest markets first. Rounds stand for informative markets where their number is given. */
function jobsOf({ isFull, rounds, seed }: BenchOptions): readonly LearningJob[] {
  const counts = isFull ? FULL : FEW;
  const jobs = (name: LearningQuestionName, count: number): readonly LearningJob[] =>
    Array.from({ length: count }, (_, i) => ({
      question: LEARNING_QUESTIONS[name],
      seed: seed + i,
      networks: NETWORKS,
    }));
  return [...jobs("informative", rounds ?? counts.informative), ...jobs("null", counts.null)];
}

async function oneBatchResults(seed: number): Promise<readonly BenchResult[]> {
  const { market } = LEARNING_QUESTIONS.informative;
  const { dataset } = await smallMarket({ ...market, days: 4, symbols: 1 }, seed);
  const results: BenchResult[] = [];
  for (const settings of NETWORKS) {
    const until = { loss: BY_HEART_LOSS, mostSteps: MOST_STEPS };
    const { windows, steps, loss } = await overfitOneBatch(dataset, settings, seed, until);
    results.push(
      atMost(BY_HEART_LOSS, {
        what: `one batch of ${windows} windows by heart, loss of ${modelName(settings)}`,
        unit: "nats",
        value: loss,
        note: `after ${steps} steps`,
      }),
    );
  }
  return results;
}

function marketFacts(
  name: LearningQuestionName,
  markets: readonly LearningFindings[],
): Readonly<Record<string, string>> {
  const { market, folds } = LEARNING_QUESTIONS[name];
  const [first] = markets;
  const shape = `${markets.length} of ${market.days} days × ${market.symbols} ${market.symbols === 1 ? "symbol" : "symbols"}, bars of ${market.barMinutes} min, ${market.horizonMinutes} min ahead`;
  const test = `${folds.folds} anchored folds, ${(first?.rows ?? 0).toLocaleString("en")} test rows`;
  const attainable = `attainable ${(100 * (first?.attainableAccuracy ?? 0.5)).toFixed(2)} %`;
  const seconds = (first?.models ?? []).map(
    (learned) => `${learned.model} ${Math.round(learned.seconds)} s`,
  );
  return {
    [`${name} market`]: `${shape}; ${test}; ${attainable}; a market's fits took ${seconds.join(", ")}`,
  };
}
