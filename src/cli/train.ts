import { Option } from "commander";
import { isShortfall, type Shortfall, shortfallText } from "../core/shortfall.js";
import { COLUMN_SETS } from "../dataset/column-sets.js";
import { DIRECTION, LABEL_RULES } from "../dataset/label-rule.js";
import { actedOn } from "../evaluation/acted-on.js";
import { DEFAULT_MEMBERS, ensembleOf } from "../evaluation/ensemble-of.js";
import { evaluate } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { type Experiment, prepareExperiment, trainModel } from "../evaluation/experiment.js";
import { predictionsOf } from "../evaluation/traded-rows.js";
import { CALIBRATOR_KINDS } from "../models/calibrator.js";
import { deviceText } from "../models/device-text.js";
import { loadTensorflow } from "../models/tensorflow.js";
import { readLedger } from "../registry/ledger.js";
import { parseModelName } from "../registry/named-trial.js";
import { LEAST_EVIDENCE } from "../registry/pass-evidence.js";
import { requireWritableRegistry } from "../registry/require-writable-registry.js";
import { ratioInterval } from "../reporting/evaluation-marks.js";
import { BOUNCE_PRONE, predictsText } from "../reporting/label-text.js";
import { openStore, type Store } from "../store/store.js";
import { membersOf } from "../training/members-of.js";
import { MODEL_NAMES, namedSettings } from "../training/named-settings.js";
import { FINAL_SETTINGS, type TrainingSettings } from "../training/settings.js";
import { isRule } from "../training/train-fold.js";
import type { TrainedModel } from "../training/trained-model.js";
import { auditLines, excludedLine, withoutBadLine } from "./audit-lines.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { deviceOption } from "./device-option.js";
import { experimentFacts } from "./experiment-facts.js";
import { coverageLine, halvesLine, leftOutLine, memberLines } from "./fit-lines.js";
import { EXPECT_HEAD, requireExpectedHead, withHead } from "./ledger-head.js";
import { onceEach } from "./once-each.js";
import { requireSections } from "./settings-sections.js";
import { lackingDayLines, missingDayLines } from "./stored-days.js";
import { type TrainOptions, type TrainPlan, trainPlan } from "./train-options.js";

/** The model that is made of others. */
const ENSEMBLE = "ensemble";

type Options = TrainOptions & { readonly expectHead?: string };

/** `train`: walk-forward training of one model; appends a trial, or loads the model of the same trial. */
export const trainCommand: AddCommand = (program) => {
  const command = program
    .command("train")
    .description("train a model walk-forward on stored features and record the trial")
    .addOption(
      new Option("--model <name>", "what to train")
        .choices([...MODEL_NAMES, ENSEMBLE])
        .makeOptionMandatory(),
    )
    .option(
      "--members <names>",
      `of an ensemble: comma-separated models, each NAME, trained as usual with this seed, or NAME@version, trained on the same data before (default: ${DEFAULT_MEMBERS.join(",")})`,
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
        "base (33 of prices and volumes) or full (53), less what the days are too few for; refused where the source lacks one on most days of a symbol (default: all that it has)",
      ).choices(COLUMN_SETS),
    )
    .addOption(
      new Option("--label <rule>", "what is predicted")
        .choices(Object.keys(LABEL_RULES))
        .default(DIRECTION.kind),
    )
    .option("--horizon <bars>", "bars ahead that labels look, 1 to 1440 (default: the setting, 15)")
    .option(
      "--latency <ms>",
      "milliseconds from a bar's end to the mid a label starts from, 0 to 60000; candles have none (default: the setting, 500)",
    )
    .option(
      "--seed <number>",
      "seed of initial weights, batch order and dropout (default: the setting, 1)",
    )
    .option("--folds <number>", "walk-forward folds, 1 to 999", "1")
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
    .addOption(deviceOption())
    .option("--name <dataset>", "what the stored matrix is called (default: after the market)")
    .option(...EXPECT_HEAD)
    .action(action<Options>(async (_args, options, context) => await train(options, context)));
  onceEach(command);
};

async function train(options: Options, context: CommandContext): Promise<CommandResult> {
  requireSections();
  const plan = trainPlan(options);
  const { request, final } = plan;
  const { say } = context;
  if (final.coverage < LEAST_EVIDENCE.coverage) {
    say(
      `--coverage ${options.coverage} acts on fewer bars than the ${100 * LEAST_EVIDENCE.coverage} % that the accuracy gate needs: ` +
        "unless the test happens to act on more, nothing can promote this model",
    );
  }
  const tensorflow = await loadTensorflow();
  const settings =
    options.model === ENSEMBLE
      ? ENSEMBLE
      : { ...namedSettings(options.model, tensorflow), ...final };
  const isEnsemble = settings === ENSEMBLE;
  if (isEnsemble || !isRule(settings)) say(deviceText(tensorflow));
  const store = await openStore(context.dataDir);
  try {
    const { members = DEFAULT_MEMBERS } = plan;
    for (const name of [options.model, ...(isEnsemble ? members : [])]) {
      await requireWritableRegistry(store.root, parseModelName(name).name);
    }
    await requireExpectedHead(store.root, options.expectHead);
    for (const line of await missingDayLines(store, request)) say(line);
    const experiment = await prepareExperiment(store, {
      ...request,
      onProgress: (done, total) => context.progress(done, total, "symbols"),
    });
    for (const line of await lackingDayLines(store, request)) say(line);
    if (isShortfall(experiment)) return tooLittle(experiment, context);
    const model = await fitAsked(store, experiment, settings, { ...plan, ...context });
    if (isShortfall(model)) return tooLittle(model, context);
    if (model.name !== options.model) {
      say(
        `${options.model} is ${model.name} here: the data has the features of the base set alone, so that both are one trial`,
      );
    }
    const part = (await readLedger(store.root)).state.trials.get(model.key)?.part ?? "";
    if (part !== "") {
      say(
        `it was fitted before, for ${part}: give its version where it is meant, as in \`npx tickbook evaluate --model ${model.name}@${model.version}\``,
      );
    }
    return await withHead(report(experiment, model, context), context);
  } finally {
    await store.close();
  }
}

async function fitAsked(
  store: Store,
  experiment: Experiment,
  settings: TrainingSettings | typeof ENSEMBLE,
  { final, seed, members, say, progress }: TrainPlan & Pick<CommandContext, "say" | "progress">,
): Promise<TrainedModel | Shortfall> {
  if (settings === ENSEMBLE) {
    const named = members === undefined ? {} : { members };
    return await ensembleOf(store, experiment, { seed, say, progress, final, ...named });
  }
  return await trainModel(store, experiment, settings, { seed, say, progress });
}

function report(
  experiment: Experiment,
  model: TrainedModel,
  { say }: CommandContext,
): CommandResult {
  const { dataset, folds, origin } = experiment;
  const { name, version, testRows: rows } = model;
  const facts = experimentFacts(experiment);
  const { isActedOn } = actedOn(dataset, model.folds, model.settings.coverage);
  const { isSimulated, models, slices } = evaluate({
    dataset,
    folds,
    models: [{ ...predictionsOf(model), isActedOn }],
    seed: model.seed,
  });
  const own = models[0] as ModelEvaluation;
  const { metrics, majorityRate, badRows, unauditedRows } = own;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const { accuracy } = metrics;
  const members = membersOf(model.folds);
  say(
    `${name}@${version} ${model.isLoaded ? "loaded" : "trained"}: accuracy ${percent(accuracy.estimate)} ` +
      `(${ratioInterval(accuracy)}) on ${rows.length} bars beside ` +
      `${percent(majorityRate)} for the majority, ${isSimulated ? "SIMULATED" : "REAL"}; ` +
      `${model.trials} ${model.trials === 1 ? "trial" : "trials"} in the ledger`,
  );
  say(`predicts ${predictsText(facts)}`);
  if (facts.labelKind === "close") say(BOUNCE_PRONE);
  const left = [leftOutLine(dataset), excludedLine(dataset.excluded)];
  const about = [
    ...memberLines(members),
    halvesLine(model.folds),
    ...left,
    coverageLine(model.settings, own.acted.coverage),
    withoutBadLine(own),
  ];
  for (const line of [...about, ...auditLines(slices)]) {
    if (line !== undefined) say(line);
  }
  return {
    json: {
      name,
      version,
      isLoaded: model.isLoaded,
      isSimulated,
      ...facts,
      dataset: origin.place,
      excluded: dataset.excluded,
      leftOut: dataset.leftOut,
      coverage: { asked: model.settings.coverage, share: own.acted.coverage },
      folds: model.folds.map(({ counts, history, ensemble }) => {
        return { ...counts, history, ...(ensemble === undefined ? {} : { ensemble }) };
      }),
      ...(members.length === 0 ? {} : { members }),
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
  say(`${shortfallText(missing)} Give more days, fewer --folds or a shorter --horizon.`);
  return { json: { shortfall: missing }, exitCode: 1 };
}
