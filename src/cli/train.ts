import { Option } from "commander";
import { OptionError } from "../core/errors.js";
import { settingValues } from "../core/settings.js";
import { isShortfall, type Shortfall, shortfallText } from "../core/shortfall.js";
import { exchangeSymbols } from "../core/symbols.js";
import { daysBetween } from "../core/time.js";
import { COLUMN_SETS, type ColumnSet } from "../dataset/column-sets.js";
import { DIRECTION, type LabelRule, TRIPLE_BARRIER } from "../dataset/label-rule.js";
import { evaluate } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { type Experiment, prepareExperiment, trainModel } from "../evaluation/experiment.js";
import { CALIBRATOR_KINDS, type CalibratorKind } from "../models/calibrator.js";
import { loadTensorflow } from "../models/tensorflow.js";
import { openStore } from "../store/store.js";
import { MODEL_NAMES, namedSettings } from "../training/named-settings.js";
import { FINAL_SETTINGS } from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { auditLines, withoutBadLine } from "./audit-lines.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { withHead } from "./ledger-head.js";
import { loadSettings } from "./settings.js";

interface Options {
  readonly model: string;
  readonly exchange: string;
  readonly symbols: string;
  readonly from: string;
  readonly to?: string;
  readonly source: "ticks" | "candles";
  readonly columns?: ColumnSet;
  readonly label: LabelRule["kind"];
  readonly horizon?: string;
  readonly latency?: string;
  readonly seed?: string;
  readonly folds: string;
  readonly window: "anchored" | "rolling";
  readonly calibrator: CalibratorKind;
  readonly coverage: string;
  readonly name?: string;
}

/** `train`: walk-forward training of one model; appends a trial, or loads the model of the same trial. */
export const trainCommand: AddCommand = (program) => {
  program
    .command("train")
    .description("train a model walk-forward on stored features and record the trial")
    .addOption(
      new Option("--model <name>", "what to train").choices(MODEL_NAMES).makeOptionMandatory(),
    )
    .requiredOption("--exchange <name>", "exchange, as the vendor names it")
    .requiredOption("--symbols <names>", "comma-separated symbols or coins; one model for all")
    .requiredOption("--from <day>", "first UTC day")
    .option("--to <day>", "day after the last (default: the day after --from)")
    .addOption(
      new Option("--source <kind>", "what features are made from")
        .choices(["ticks", "candles"])
        .default("ticks"),
    )
    .addOption(
      new Option(
        "--columns <set>",
        "base (33 of prices and volumes) or full (53); refused where the source lacks one (default: all that it has)",
      ).choices(COLUMN_SETS),
    )
    .addOption(
      new Option("--label <rule>", "what is predicted")
        .choices([DIRECTION.kind, TRIPLE_BARRIER.kind])
        .default(DIRECTION.kind),
    )
    .option("--horizon <bars>", "bars ahead that labels look")
    .option("--latency <ms>", "milliseconds from a bar's end to the mid a label starts from")
    .option("--seed <number>", "seed of initial weights, batch order and dropout")
    .option("--folds <number>", "walk-forward folds", "1")
    .addOption(
      new Option("--window <kind>", "folds train from the first row, or from a later one each")
        .choices(["anchored", "rolling"])
        .default("anchored"),
    )
    .addOption(
      new Option("--calibrator <kind>", "what is fitted on the calibration slice")
        .choices(CALIBRATOR_KINDS)
        .default(FINAL_SETTINGS.calibrator),
    )
    .option(
      "--coverage <share>",
      "share of bars to act on, the surest ones, by a threshold that the calibration slice sets; another share is another trial",
      String(FINAL_SETTINGS.coverage),
    )
    .option("--name <dataset>", "what the stored matrix is called (default: after the market)")
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
  const settings = {
    ...namedSettings(options.model, await loadTensorflow()),
    calibrator: options.calibrator,
    coverage: shareOf(options.coverage),
  };
  const store = await openStore(context.dataDir);
  try {
    const experiment = await prepareExperiment(store, {
      exchange: options.exchange,
      symbols: exchangeSymbols(options.exchange, options.symbols),
      days: daysBetween(options.from, options.to),
      horizonBars,
      latencyMs,
      labelRule: options.label === "direction" ? DIRECTION : TRIPLE_BARRIER,
      ...(options.columns === undefined ? {} : { features: options.columns }),
      source: options.source,
      folds: wholeNumber(options.folds),
      window: options.window,
      ...(options.name === undefined ? {} : { name: options.name }),
      onProgress: (done, total) => context.progress(done, total, "symbols"),
    });
    if (isShortfall(experiment)) return tooLittle(experiment, context);
    const { say } = context;
    const model = await trainModel(store, experiment, settings, { seed, say });
    if (isShortfall(model)) return tooLittle(model, context);
    return await withHead(report(experiment, model, context), context);
  } finally {
    await store.close();
  }
}

function report(
  { dataset, folds, origin }: Experiment,
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
      dataset: origin.place,
      excluded: dataset.excluded,
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

function shareOf(coverage: string): number {
  const share = Number(coverage);
  if (coverage.trim() !== "" && share > 0 && share <= 1) return share;
  throw new OptionError({
    column: "--coverage",
    message: `was "${coverage}", expected a share above 0, at most 1`,
    fix: "give for example 0.2, or leave it out to act on every bar",
  });
}
