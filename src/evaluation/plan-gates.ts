// What do the plan's three gates say when they are taken literally, and what would pass them without any skill?
import { counted } from "../core/counted.js";
import { normalCdf } from "../core/statistics.js";
import { expectedBestSharpe } from "./deflated-sharpe.js";
import type { ModelEvaluation } from "./evaluate-model.js";
import type { GateVerdict } from "./gates.js";

/** A gate of the plan as it is written: a figure beside a limit, and nothing else. */
export interface PlanGate {
  readonly name: string;
  readonly rule: string;
  readonly value: number;
  readonly passes: boolean;
  /** What it misses, with the figure that shows it on this very test. */
  readonly misses: string;
  /** Undecided where the figure could not be measured. */
  readonly verdict: GateVerdict;
}

/** Limits of the plan. */
const ACCURACY = 0.68;
const CALIBRATION_ERROR = 0.05;
const SHARPE = 1;
const DAYS_A_YEAR = 365;

/** What of an evaluation the plan's gates look at. */
export type PlanGateInput = Pick<
  ModelEvaluation,
  "majorityRate" | "calibrationNoiseFloor" | "upRate" | "trials"
> & {
  readonly metrics: Pick<ModelEvaluation["metrics"], "accuracy" | "calibrationError">;
  readonly backtest: Pick<ModelEvaluation["backtest"], "sharpe" | "daily">;
};

/** The three gates, each with what it cannot tell from skill. */
export function planGates(evaluation: PlanGateInput): readonly PlanGate[] {
  const { metrics, backtest, majorityRate, calibrationNoiseFloor, trials } = evaluation;
  const accuracy = metrics.accuracy.estimate;
  const error = metrics.calibrationError.estimate;
  const sharpe = backtest.sharpe.estimate;
  const days = backtest.daily.length;
  const gates = [
    {
      name: "accuracy",
      rule: "test accuracy ≥ 68 %",
      value: accuracy,
      passes: accuracy >= ACCURACY,
      misses: `the base rate (always calling one side is right in ${percent(majorityRate)} here), the cost of acting on it, and that leaving out small moves lifts it without any skill`,
    },
    {
      name: "calibration",
      rule: "calibration error ≤ 5 %",
      value: error,
      passes: error <= CALIBRATION_ERROR,
      misses: `a forecast that knows nothing: saying ${percent(evaluation.upRate)} at every bar of this test has an error of 0; and noise: ${noiseText(calibrationNoiseFloor)}`,
    },
    {
      name: "Sharpe",
      rule: "backtest Sharpe > 1.0",
      value: sharpe,
      passes: sharpe > SHARPE,
      misses: luckMissed(days, trials),
    },
  ];
  return gates.map((gate) => ({ ...gate, verdict: verdictOf(gate) }));
}

function verdictOf({ value, passes }: Pick<PlanGate, "value" | "passes">): GateVerdict {
  if (!Number.isFinite(value)) return "undecided";
  return passes ? "pass" : "fail";
}

function noiseText(floor: number): string {
  return Number.isFinite(floor)
    ? `a perfect model would show ${percent(floor)} on as few rows`
    : "what a perfect model would show on so short a test is not known";
}

function luckMissed(days: number, trials: number): string {
  if (days === 0) return "luck: no day was tested on at least half of its bars";
  return `luck: without any skill ${percent(chanceOfSharpe(days))} of strategies show more than 1 over ${counted(days, "day")}, and the best of ${counted(trials, "try", "tries")} averages ${bestOfTries(days, trials).toFixed(1)}`;
}

/** Chance that a strategy without skill shows an annualised Sharpe ratio above 1 over so many days. */
export function chanceOfSharpe(days: number): number {
  return 1 - normalCdf(SHARPE * Math.sqrt(days / DAYS_A_YEAR));
}

/** Mean annualised Sharpe ratio of the best of so many independent tries without skill. */
function bestOfTries(days: number, tries: number): number {
  return expectedBestSharpe({ count: tries, sharpeDeviation: Math.sqrt(DAYS_A_YEAR / days) });
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}
