// Everything that is measured of a model, each beside what it rests on.

import type { Bootstrapped } from "../core/block-bootstrap.js";
import { FEWEST_SHARPE_DAYS } from "../core/daily-sharpe.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { baseBrierLoss, baseLogLoss } from "./base-losses.js";
import { intervalText, markOfModel, signed } from "./evaluation-marks.js";
import { modelText, TEST_MAJORITY } from "./model-names.js";
import type { Cell, Table } from "./table.js";
import { sharpeWords } from "./trading-tables.js";

/** How a figure is written. */
interface Unit {
  readonly scale: number;
  readonly digits: number;
  readonly text: string;
}

const PERCENT: Unit = { scale: 100, digits: 1, text: " %" };
const SMALL_PERCENT: Unit = { scale: 100, digits: 2, text: " %" };
const POINTS: Unit = { scale: 100, digits: 1, text: " points" };
const PLAIN: Unit = { scale: 1, digits: 3, text: "" };
const LOSS: Unit = { scale: 1, digits: 4, text: "" };
const BPS: Unit = { scale: 1, digits: 2, text: " bps" };
const TIMES: Unit = { scale: 1, digits: 1, text: " × capital" };

/** One line a figure: value, interval, what knowing nothing scores, and how many independent rows, bars or days it rests on. */
export function figuresTable(evaluation: ModelEvaluation): Table {
  const { model, backtest } = evaluation;
  return {
    caption:
      `${markOfModel(evaluation)}Every figure of ${modelText(model)} with its 95 % interval by resampling blocks of time; ` +
      sharpeWords(backtest.daily.length),
    columns: [
      { name: "figure", kind: "short" },
      { name: "value", kind: "short" },
      { name: "95 % interval", kind: "aside" },
      { name: "knowing nothing", kind: "short" },
      { name: "rests on", kind: "short" },
    ],
    rows: [...scoreLines(evaluation), ...truthLines(evaluation), ...moneyLines(evaluation)],
  };
}

function scoreLines(evaluation: ModelEvaluation): readonly (readonly Cell[])[] {
  const { metrics, acted, majorityRate, calibrationNoiseFloor, upRate, rows } = evaluation;
  const on = (
    name: string,
    figure: Bootstrapped,
    unit: Unit,
    nothing: string,
    of = rows,
  ): readonly Cell[] => [
    name,
    valueText(figure.estimate, unit),
    intervalText(figure, unit.digits, unit.scale),
    nothing,
    restText(figure, of, "rows"),
  ];
  const isWhole = acted.rows === rows;
  return [
    on(
      "accuracy",
      metrics.accuracy,
      PERCENT,
      `${valueText(majorityRate, PERCENT)}, ${TEST_MAJORITY}`,
    ),
    on(`accuracy above the ${TEST_MAJORITY}`, metrics.aboveMajority, POINTS, "0 points"),
    on("accuracy above chance", metrics.aboveChance, POINTS, "0 points"),
    ...(Number.isFinite(metrics.aboveLogistic.estimate)
      ? [on("accuracy above logistic", metrics.aboveLogistic, POINTS, "0 points")]
      : []),
    ...(isWhole
      ? []
      : [
          on(
            "accuracy where it acts",
            acted.accuracy,
            PERCENT,
            `${valueText(acted.majorityRate, PERCENT)}, their majority`,
            acted.rows,
          ),
        ]),
    on("balanced accuracy", metrics.balancedAccuracy, PERCENT, "50 %"),
    on("Matthews correlation", metrics.matthewsCorrelation, PLAIN, "0"),
    on("AUC", metrics.auc, PLAIN, "0.5"),
    on("Brier loss", metrics.brierLoss, LOSS, baseBrierLoss(upRate).toFixed(4)),
    on("Brier skill", metrics.brierSkillScore, SMALL_PERCENT, "0 %"),
    on("log-loss, nats", metrics.logLoss, LOSS, baseLogLoss(upRate).toFixed(4)),
    on("log-loss skill", metrics.logLossSkillScore, SMALL_PERCENT, "0 %"),
    on("calibration error", metrics.calibrationError, PERCENT, noiseText(calibrationNoiseFloor)),
    ...(isWhole
      ? []
      : [
          on(
            "calibration error where it acts",
            acted.calibrationError,
            PERCENT,
            noiseText(acted.calibrationNoiseFloor),
            acted.rows,
          ),
        ]),
  ];
}

/** Of simulated data only: figures by true probability, without luck. */
function truthLines({ ceilings, rows }: ModelEvaluation): readonly (readonly Cell[])[] {
  if (ceilings === undefined) return [];
  const { attainable, model, attainableShare } = ceilings;
  const rest = (figure: Bootstrapped): string => restText(figure, rows, "rows");
  return [
    [
      "accuracy by true probability",
      valueText(model.estimate, PERCENT),
      intervalText(model, 1),
      `${valueText(attainable.estimate, PERCENT)} attainable`,
      rest(model),
    ],
    [
      "share of attainable",
      valueText(attainableShare.estimate, { ...PERCENT, digits: 0 }),
      intervalText(attainableShare, 0),
      "0 %",
      rest(attainableShare),
    ],
  ];
}

function moneyLines({ backtest }: ModelEvaluation): readonly (readonly Cell[])[] {
  const { intervals, sharpe, daily, equity } = backtest;
  const bars = equity.timeUs.length;
  const on = (name: string, figure: Bootstrapped, unit: Unit, nothing: string): readonly Cell[] => [
    name,
    valueText(figure.estimate, unit),
    intervalText(figure, unit.digits, unit.scale),
    nothing,
    restText(figure, bars, "bars"),
  ];
  const isShort = daily.length < FEWEST_SHARPE_DAYS;
  const days = `${daily.length} ${daily.length === 1 ? "day" : "days"}`;
  return [
    on("return before costs", intervals.grossReturn, SMALL_PERCENT, "0 %"),
    on("return after costs", intervals.netReturn, SMALL_PERCENT, "0 %"),
    on("largest fall from a peak", intervals.maxDrawdown, SMALL_PERCENT, "—"),
    on("turnover a day", intervals.turnoverADay, TIMES, "—"),
    on("cost a side", intervals.sideCostBps, BPS, "—"),
    on("break-even cost a side", intervals.breakEvenCostBps, BPS, "0 bps"),
    [
      "Sharpe ratio, annualised",
      isShort ? null : valueText(sharpe.estimate, { ...PLAIN, digits: 1 }),
      isShort ? null : intervalText(sharpe, 1, 1),
      "0",
      isShort ? `${days}, too few` : days,
    ],
  ];
}

function valueText(value: number, { scale, digits, text }: Unit): string | null {
  return Number.isFinite(value) ? `${signed((scale * value).toFixed(digits))}${text}` : null;
}

function noiseText(floor: number): string {
  return Number.isFinite(floor) ? `${valueText(floor, PERCENT)}, noise alone` : "—";
}

/** What a figure rests on; no independent row where its scatter is unknown. */
function restText({ effectiveRows }: Bootstrapped, of: number, noun: "rows" | "bars"): string {
  const independent =
    effectiveRows >= 0.5 ? `${many(effectiveRows)} independent` : "an unknown part";
  return `${independent} of ${many(of)} ${noun}`;
}

function many(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
