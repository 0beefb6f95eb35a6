import { type Shortfall, shortfallText } from "../core/shortfall.js";
import { actedOn } from "../evaluation/acted-on.js";
import { evaluate } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import type { Experiment } from "../evaluation/experiment.js";
import { predictionsOf } from "../evaluation/traded-rows.js";
import { ratioInterval } from "../reporting/evaluation-marks.js";
import { BOUNCE_PRONE, predictsText } from "../reporting/label-text.js";
import { membersOf } from "../training/members-of.js";
import type { TrainedModel } from "../training/trained-model.js";
import { auditLines, excludedLine, withoutBadLine } from "./audit-lines.js";
import type { CommandContext, CommandResult } from "./command.js";
import { experimentFacts } from "./experiment-facts.js";
import { coverageLine, halvesLine, leftOutLine, memberLines } from "./fit-lines.js";

/** What a model is, and what the test says of it, as `train` tells it. */
export function trainReport(
  experiment: Experiment,
  model: TrainedModel,
  { say }: CommandContext,
): { readonly json: object; readonly exitCode: 0 } {
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

/** The data does not suffice: what it lacks, and what to give. */
export function tooLittle(missing: Shortfall, { say }: CommandContext): CommandResult {
  say(`${shortfallText(missing)} Give more days, fewer --folds or a shorter --horizon.`);
  return { json: { shortfall: missing }, exitCode: 1 };
}
