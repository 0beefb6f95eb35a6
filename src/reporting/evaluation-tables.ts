// Figures of models as tables.
import type { Evaluation } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { intervalText, markOf, percent } from "./evaluation-marks.js";
import { modelText, TEST_MAJORITY } from "./model-names.js";
import type { Cell, Table } from "./table.js";

/** Every figure of each model beside its base, with intervals. */
export function metricsTable(evaluation: Evaluation): Table {
  const hasTruth = evaluation.models.some(({ ceilings }) => ceilings !== undefined);
  const truth = [{ name: "by true probability", unit: "%", digits: 1 }];
  const attainable = evaluation.models[0]?.ceilings?.attainable.estimate ?? Number.NaN;
  const beside = Number.isFinite(attainable)
    ? `; ${(100 * attainable).toFixed(1)} % is attainable`
    : "";
  return {
    caption: `${markOf(evaluation)}Test figures, with 95 % block-bootstrap intervals${beside}`,
    columns: [
      { name: "model", kind: "short" },
      { name: "accuracy", unit: "%", digits: 1 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: TEST_MAJORITY, unit: "%", digits: 1 },
      ...(hasTruth ? truth : []),
      { name: "AUC", digits: 3 },
      { name: "Brier skill", unit: "%", digits: 2 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: "calibration error", unit: "%", digits: 1 },
      { name: "its noise floor", unit: "%", kind: "aside" },
      { name: "independent rows", digits: 0 },
    ],
    rows: evaluation.models.map((model): readonly Cell[] => [
      modelText(model.model),
      percent(model.metrics.accuracy.estimate),
      intervalText(model.metrics.accuracy, 1),
      percent(model.majorityRate),
      ...(hasTruth ? [percent(model.ceilings?.model.estimate)] : []),
      model.metrics.auc.estimate,
      percent(model.metrics.brierSkillScore.estimate),
      intervalText(model.metrics.brierSkillScore, 2),
      percent(model.metrics.calibrationError.estimate),
      percent(model.calibrationNoiseFloor)?.toFixed(1) ?? null,
      Math.round(model.effectiveRows),
    ]),
  };
}

/** The scores that accuracy leaves out: both classes alike, ranks, and probabilities, each beside what knows nothing. */
export function scoresTable(evaluation: Evaluation): Table {
  return {
    caption: `${markOf(evaluation)}Scores beside those of who knows nothing: balanced accuracy 50 %, correlation 0, skill 0`,
    columns: [
      { name: "model", kind: "short" },
      { name: "balanced accuracy", unit: "%", digits: 1 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: "Matthews correlation", digits: 3 },
      { name: "interval", kind: "aside" },
      { name: "Brier loss", digits: 4 },
      { name: "log-loss", digits: 4 },
      { name: "log-loss skill", unit: "%", digits: 2 },
      { name: "interval", unit: "%", kind: "aside" },
    ],
    rows: evaluation.models.map(({ model, metrics }): readonly Cell[] => [
      modelText(model),
      percent(metrics.balancedAccuracy.estimate),
      intervalText(metrics.balancedAccuracy, 1),
      metrics.matthewsCorrelation.estimate,
      intervalText(metrics.matthewsCorrelation, 3, 1),
      metrics.brierLoss.estimate,
      metrics.logLoss.estimate,
      percent(metrics.logLossSkillScore.estimate),
      intervalText(metrics.logLossSkillScore, 2),
    ]),
  };
}

/** Accuracy of each model by symbol, beside the symbol's own base rate. */
export function symbolTable(evaluation: Evaluation): Table {
  return {
    caption: `${markOf(evaluation)}Accuracy by symbol`,
    columns: [
      { name: "model", kind: "short" },
      { name: "symbol" },
      { name: "rows" },
      { name: "accuracy", unit: "%", digits: 1 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: "majority of the part", unit: "%", digits: 1 },
      { name: "independent rows", digits: 0 },
    ],
    rows: evaluation.models.flatMap(({ model, bySymbol }) =>
      bySymbol.map(({ group, rows, accuracy, majorityRate }): readonly Cell[] => [
        modelText(model),
        group,
        rows,
        percent(accuracy.estimate),
        intervalText(accuracy, 1),
        percent(majorityRate),
        Math.round(accuracy.effectiveRows),
      ]),
    ),
  };
}

/** The kinds of calibrators on the same test rows, beside the model's probabilities as they are. */
export function calibratorTable({
  model,
  calibrators = [],
}: Pick<ModelEvaluation, "model" | "calibrators">): Table {
  return {
    caption: `Calibrators of ${modelText(model)}, each fitted on the calibration slice and judged on the test; below 0 is better than none`,
    columns: [
      { name: "calibrator", kind: "short" },
      { name: "calibration error", unit: "%", digits: 2 },
      { name: "less none", unit: "points", digits: 2 },
      { name: "interval", unit: "points", kind: "aside" },
      { name: "Brier loss", digits: 4 },
      { name: "log-loss", digits: 4 },
      { name: "less none", unit: "1e−3 nats", digits: 2 },
      { name: "interval", unit: "1e−3 nats", kind: "aside" },
      { name: "independent rows", digits: 0 },
    ],
    rows: calibrators.map(({ calibrator, losses, lessNone }): readonly Cell[] => {
      const isNone = calibrator === "none";
      return [
        calibrator,
        percent(losses.calibrationError.estimate),
        isNone ? null : percent(lessNone.calibrationError.estimate),
        isNone ? null : intervalText(lessNone.calibrationError, 2),
        losses.brierLoss.estimate,
        losses.logLoss.estimate,
        isNone ? null : 1000 * lessNone.logLoss.estimate,
        isNone ? null : intervalText(lessNone.logLoss, 2, 1000),
        isNone ? null : Math.round(lessNone.logLoss.effectiveRows),
      ];
    }),
  };
}
