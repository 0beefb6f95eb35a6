// Every figure of a model beside its base rate.
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import { baseBrierLoss, baseLogLoss } from "../base-losses.js";

/** What an evaluation measured of a model, however it was traded. */
type EvaluatedFigures = Omit<ModelEvaluation, "ladder">;

/** A figure with its interval and what it is read against. */
export interface CardMetric {
  readonly name: string;
  /** `ratio` is shown in percent, `none` as it is. */
  readonly unit: "ratio" | "none";
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** What a forecast without skill shows; NaN where nothing is known. */
  readonly base: number;
  /** What the base is. */
  readonly baseName: string;
  /** Independent rows that it rests on; 0 where that is unknown. */
  readonly effectiveRows: number;
}

type Base = readonly [
  unit: CardMetric["unit"],
  baseName: string,
  base: (model: EvaluatedFigures) => number,
];

const zero = (): number => 0;
const half = (): number => 0.5;

const BASES: Readonly<Record<string, Base>> = {
  accuracy: ["ratio", "majority class", ({ majorityRate }) => majorityRate],
  balancedAccuracy: ["ratio", "chance", half],
  matthewsCorrelation: ["none", "chance", zero],
  aboveMajority: ["ratio", "majority class", zero],
  aboveChance: ["ratio", "as many calls of up by chance", zero],
  aboveLogistic: ["ratio", "logistic baseline", zero],
  auc: ["none", "chance", half],
  brierLoss: ["none", "base rate", ({ upRate }) => baseBrierLoss(upRate)],
  brierSkillScore: ["ratio", "base rate", zero],
  logLoss: ["none", "base rate", ({ upRate }) => baseLogLoss(upRate)],
  logLossSkillScore: ["ratio", "base rate", zero],
  calibrationError: [
    "ratio",
    "perfect calibration on as few rows",
    ({ calibrationNoiseFloor }) => calibrationNoiseFloor,
  ],
};

/** All figures of a model that could be measured: accuracies first, calibration last, and then what is not known here. */
export function cardMetrics(model: EvaluatedFigures): readonly CardMetric[] {
  const known = Object.keys(BASES);
  const place = (name: string): number =>
    known.includes(name) ? known.indexOf(name) : known.length;
  return Object.entries(model.metrics)
    .sort(([a], [b]) => place(a) - place(b))
    .filter(([, { estimate }]) => Number.isFinite(estimate))
    .map(([name, { estimate, lower, upper, effectiveRows }]) => {
      const [unit, baseName, base] = BASES[name] ?? ["none", "", () => Number.NaN];
      return {
        name: words(name),
        unit,
        value: estimate,
        lower,
        upper,
        base: base(model),
        baseName,
        effectiveRows,
      };
    });
}

/** `brierSkillScore` → `Brier skill score`. */
function words(name: string): string {
  if (name === "auc") return "AUC";
  const text = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return text.replace(/^(brier|matthews)/, (word) => word[0]!.toUpperCase() + word.slice(1));
}
