import { Option } from "commander";
import { isShortfall } from "../core/shortfall.js";
import { COLUMN_SETS } from "../dataset/column-sets.js";
import { DIRECTION, LABEL_RULES } from "../dataset/label-rule.js";
import { DEFAULT_MEMBERS } from "../evaluation/ensemble-of.js";
import { prepareExperiment } from "../evaluation/experiment.js";
import { CALIBRATOR_KINDS } from "../models/calibrator.js";
import { deviceText } from "../models/device-text.js";
import { loadTensorflow } from "../models/tensorflow.js";
import { readLedger } from "../registry/ledger.js";
import { parseModelName } from "../registry/named-trial.js";
import { LEAST_EVIDENCE } from "../registry/pass-evidence.js";
import { requireWritableRegistry } from "../registry/require-writable-registry.js";
import { openStore } from "../store/store.js";
import { askedSettings } from "../training/asked-settings.js";
import { MODEL_NAMES, namedSettings } from "../training/named-settings.js";
import { FINAL_SETTINGS } from "../training/settings.js";
import { isRule } from "../training/train-fold.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { deviceOption } from "./device-option.js";
import { EXPECT_HEAD, requireExpectedHead, withHead } from "./ledger-head.js";
import { onceEach } from "./once-each.js";
import { requireSections } from "./settings-sections.js";
import { lackingDayLines, missingDayLines } from "./stored-days.js";
import { fitAsked } from "./train-fits.js";
import { ENSEMBLE, type TrainOptions, trainPlan } from "./train-options.js";
import { tooLittle, trainReport } from "./train-report.js";

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
    .option("--bar <length>", "length of the features' bars: 1m, 5m, 1h (default: 1m)")
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
    .option(
      "--seeds <number>",
      "fit under so many seeds from --seed on, 2 to 100, each a trial; prints mean and deviation of the test's figures",
    )
    .option(
      "--set <name=value...>",
      "settings of the model to ask otherwise, as dropout=0.2; another value is another trial",
    )
    .option(
      "--grid <name=values...>",
      "settings to search over, as units=16,32 dropout=0.2,0.5; each combination is a trial, and the early-stop loss alone chooses",
    )
    .option("--folds <number>", "walk-forward folds, 1 to 999", "1")
    .addOption(
      new Option("--window <kind>", "folds train from the first row, or from a later one each")
        .choices(["anchored", "rolling"])
        .default("anchored"),
    )
    .option(
      "--shares <list>",
      "of a fold's time for training, early stop, calibration and test (default: 0.55,0.1,0.15,0.2)",
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
  onceEach(command, ["set", "grid"]);
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
  const isEnsemble = options.model === ENSEMBLE;
  const settings = isEnsemble
    ? ENSEMBLE
    : askedSettings({ ...namedSettings(options.model, tensorflow), ...final }, plan.set);
  if (settings === ENSEMBLE || !isRule(settings)) say(deviceText(tensorflow));
  const store = await openStore(context.dataDir);
  try {
    const { members = DEFAULT_MEMBERS } = plan;
    for (const name of [options.model, ...(isEnsemble ? members : [])]) {
      await requireWritableRegistry(store.root, parseModelName(name).name, { isFitted: true });
    }
    await requireExpectedHead(store.root, options.expectHead);
    for (const line of await missingDayLines(store, request)) say(line);
    const experiment = await prepareExperiment(store, {
      ...request,
      onProgress: (done, total) => context.progress(done, total, "symbols"),
    });
    for (const line of await lackingDayLines(store, request)) say(line);
    if (isShortfall(experiment)) return tooLittle(experiment, context);
    const fits = await fitAsked(store, experiment, { settings, plan }, context);
    if (isShortfall(fits)) return tooLittle(fits, context);
    const { model } = fits;
    if (model.name !== options.model) {
      say(
        `${options.model} is ${model.name} here: the data has the features of the base set alone, so that both are one trial`,
      );
    }
    const part = (await readLedger(store.root)).state.trials.get(model.key)?.part ?? "";
    if (part !== "") {
      say(
        `it was fitted ${model.isLoaded ? "before, " : ""}for ${part}: give its version where it is meant, as in \`npx tickbook evaluate --model ${model.name}@${model.version}\``,
      );
    }
    const { json, exitCode } = trainReport(experiment, model, context);
    for (const line of fits.lines) say(line);
    return await withHead({ json: { ...json, ...fits.json }, exitCode }, context);
  } finally {
    await store.close();
  }
}
