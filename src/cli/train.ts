import { Option } from "commander";
import { OptionError } from "../core/errors.js";
import { settingValues } from "../core/settings.js";
import { isShortfall, type Shortfall, shortfallText } from "../core/shortfall.js";
import { exchangeSymbols } from "../core/symbols.js";
import { daysBetween } from "../core/time.js";
import { buildDataset } from "../dataset/build-dataset.js";
import { walkForwardFolds } from "../dataset/folds.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { evaluate } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { loadTensorflow } from "../models/tensorflow.js";
import { openStore } from "../store/store.js";
import { fitOrLoad } from "../training/fit-or-load.js";
import { defaultLstmSettings, LOGISTIC_SETTINGS, LSTM_SETTINGS } from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { auditLines, withoutBadLine } from "./audit-lines.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { loadSettings } from "./settings.js";

interface Options {
  readonly model: "logistic" | "lstm";
  readonly exchange: string;
  readonly symbols: string;
  readonly from: string;
  readonly to?: string;
  readonly horizon?: string;
  readonly latency?: string;
  readonly seed?: string;
  readonly folds: string;
}

/** `train`: walk-forward training of one model; appends a trial, or loads the model of the same trial. */
export const trainCommand: AddCommand = (program) => {
  program
    .command("train")
    .description("train a model walk-forward on stored features and record the trial")
    .addOption(
      new Option("--model <name>", "what to train")
        .choices(["logistic", "lstm"])
        .makeOptionMandatory(),
    )
    .requiredOption("--exchange <name>", "exchange, as the vendor names it")
    .requiredOption("--symbols <names>", "comma-separated symbols or coins")
    .requiredOption("--from <day>", "first UTC day")
    .option("--to <day>", "day after the last (default: the day after --from)")
    .option("--horizon <bars>", "bars ahead that labels look")
    .option("--latency <ms>", "milliseconds from a bar's end to the mid a label starts from")
    .option("--seed <number>", "seed of initial weights, batch order and dropout")
    .option("--folds <number>", "walk-forward folds", "1")
    .action(action<Options>(async (_args, options, context) => await train(options, context)));
};

async function train(options: Options, context: CommandContext): Promise<CommandResult> {
  const { horizonBars, latencyMs, seed } = settingValues(
    loadSettings({
      horizonBars: options.horizon,
      latencyMs: options.latency,
      seed: options.seed,
    }),
  );
  const store = await openStore(context.dataDir);
  try {
    const dataset = await buildDataset(store, {
      exchange: options.exchange,
      symbols: exchangeSymbols(options.exchange, options.symbols),
      days: daysBetween(options.from, options.to),
      horizonBars,
      latencyUs: latencyMs * 1000,
      onProgress: (done, total) => context.progress(done, total, "symbols"),
    });
    // All models are fitted on the same rows: those whose longest window is good.
    const windowBars = LSTM_SETTINGS.steps;
    const folds = walkForwardFolds(dataset, { folds: wholeNumber(options.folds), windowBars });
    if (isShortfall(folds)) return tooLittle(folds, context);
    const settings =
      options.model === "lstm" ? defaultLstmSettings(await loadTensorflow()) : LOGISTIC_SETTINGS;
    const model = await fitOrLoad(dataset, folds, settings, {
      root: store.root,
      seed,
      onEpoch: ({ fold, epoch, epochs, trainLoss, earlyStopLoss, samplesPerSecond }) => {
        context.say(
          `fold ${fold}, epoch ${epoch} of at most ${epochs}: loss ${trainLoss.toFixed(4)}, ` +
            `early stop ${earlyStopLoss.toFixed(4)}, ${Math.round(samplesPerSecond)} windows/s`,
        );
      },
    });
    return isShortfall(model) ? tooLittle(model, context) : report(dataset, folds, model, context);
  } finally {
    await store.close();
  }
}

function report(
  dataset: Dataset,
  folds: readonly Fold[],
  model: TrainedModel,
  { say }: CommandContext,
): CommandResult {
  const { name, version, testRows: rows, probability } = model;
  const { isSimulated, models, slices } = evaluate({
    dataset,
    folds,
    models: [{ model: name, rows, probability }],
  });
  const own = models[0] as ModelEvaluation;
  const { metrics, majorityRate, badRows, unauditedRows } = own;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const { estimate, lower, upper } = metrics.accuracy;
  say(
    `${name}@${version} ${model.isLoaded ? "loaded" : "trained"}: accuracy ${percent(estimate)} ` +
      `(${percent(lower)} to ${percent(upper)}) on ${rows.length} bars beside ` +
      `${percent(majorityRate)} for the majority, ${isSimulated ? "SIMULATED" : "REAL"}; ` +
      `trial ${model.trials} in the ledger`,
  );
  const without = withoutBadLine(own);
  for (const line of [...(without === undefined ? [] : [without]), ...auditLines(slices)])
    say(line);
  return {
    json: {
      name,
      version,
      isLoaded: model.isLoaded,
      isSimulated,
      folds: model.folds.map(({ counts, history }) => ({ ...counts, history })),
      metrics: { ...metrics, majorityRate },
      badRows,
      withoutBad: {
        rows: own.withoutBad.rows,
        metrics: { ...own.withoutBad.metrics, majorityRate: own.withoutBad.majorityRate },
      },
      unauditedRows,
      unauditedFittedRows: own.unauditedFittedRows,
      figures: model.figures,
      secondsPerEpoch: model.secondsPerEpoch,
      trials: model.trials,
    },
    exitCode: 0,
  };
}

function tooLittle(missing: Shortfall, { say }: CommandContext): CommandResult {
  say(shortfallText(missing));
  return { json: { shortfall: missing }, exitCode: 1 };
}

function wholeNumber(folds: string): number {
  if (/^[1-9]\d{0,2}$/.test(folds)) return Number(folds);
  throw new OptionError({
    column: "--folds",
    message: `was "${folds}", expected a whole number from 1`,
    fix: "give for example --folds 1",
  });
}
