// Do an evaluation's own figures carry the gates that it calls passed?
import type { GateResult } from "./entries.js";
import type { FullEvaluation, FullModel } from "./full-evaluation.js";

/** What a pass rests on at least; with less a gate stays undecided. */
export const LEAST_EVIDENCE = {
  /** Share of test rows that are acted on: fewer say nothing of a model that acts on every one. */
  coverage: 0.05,
  /** Effective rows of a calibration error. */
  calibrationRows: 3000,
  /** Daily returns of a Sharpe ratio. */
  days: 90,
} as const;

/** A pass that its own figures do not carry. */
export interface UnfoundedPass {
  readonly gate: string;
  /** What was measured: `12 daily returns`. */
  readonly found: string;
  readonly expected: string;
}

/** A figure that a passed gate needs; undefined where the evaluation does not hold it. */
interface Need {
  readonly what: string;
  readonly value: number | undefined;
  readonly expected: string;
  readonly isEnough: (value: number) => boolean;
}

/** The first gate that is called a pass though what it needs is not there; figures that are left out are not asked for. */
export function unfoundedPass(
  full: FullEvaluation,
  own: FullModel,
  gates: readonly GateResult[],
): UnfoundedPass | undefined {
  const needs = needsOf(full, own);
  const values = valuesOf(own);
  for (const { name: gate, verdict, value } of gates) {
    if (verdict !== "pass") continue;
    const told = values[gate];
    const isOther = told !== undefined && !Object.is(told + 0, value + 0);
    if (isOther) return { gate, found: `value ${value}`, expected: `${told}, as measured` };
    const lack = needs[gate]?.find(
      (need) => need.value !== undefined && !need.isEnough(need.value),
    );
    if (lack === undefined) continue;
    return { gate, found: `${lack.what} ${lack.value}`, expected: lack.expected };
  }
  return undefined;
}

function needsOf(full: FullEvaluation, own: FullModel): Readonly<Record<string, readonly Need[]>> {
  const { acted, metrics, backtest } = own;
  const days = atLeast("daily returns", backtest?.daily?.length, LEAST_EVIDENCE.days);
  const ofActed = acted?.rows === own.rows ? undefined : acted?.calibrationRows;
  const beyond = (name: string): readonly Need[] => {
    return [above("lower bound", metrics?.[name]?.lower, 0)];
  };
  const { majorityRate = Number.NEGATIVE_INFINITY, breakEvenAccuracy = majorityRate } = acted ?? {};
  return {
    "label-is-mid": [none("labels that are no mids", full.labelKind && full.labelKind !== "mid")],
    accuracy: [
      atLeast("coverage", acted?.coverage, LEAST_EVIDENCE.coverage),
      above("lower bound", acted?.accuracy?.lower, Math.max(majorityRate, breakEvenAccuracy)),
    ],
    "calibration-error": [
      atLeast("effective rows", own.calibrationRows, LEAST_EVIDENCE.calibrationRows),
      atLeast("effective rows acted on", ofActed, LEAST_EVIDENCE.calibrationRows),
    ],
    sharpe: [days],
    "deflated-sharpe": [days, atLeast("tries", full.trials?.count, 1)],
    "better-than-majority": beyond("aboveMajority"),
    "better-than-logistic": beyond("aboveLogistic"),
    "brier-skill": beyond("brierSkillScore"),
    "data-not-bad": [
      none("test rows that are not audited", own.unauditedRows),
      none("fitted rows that are not audited", own.unauditedFittedRows),
    ],
    canaries: [
      atLeast("canaries", full.canaries?.length, 1),
      none("canaries that scored wrong", full.canaries?.filter(({ isRight }) => !isRight).length),
      none("canaries that did not run", notRun(full)),
    ],
  };
}

/** How many canaries were not run, at least one for each reason. */
function notRun({ canaryShortfall, canaryShortfalls = [] }: FullEvaluation): number {
  const named = canaryShortfalls.map(({ canaries }) => Math.max(1, canaries.length));
  return named.reduce((sum, count) => sum + count, canaryShortfall === undefined ? 0 : 1);
}

/** What the gates' values are of, where the evaluation holds it beside them. */
function valuesOf({
  acted,
  metrics,
  backtest,
  badShare,
}: FullModel): Readonly<Record<string, number | undefined>> {
  return {
    accuracy: acted?.accuracy?.estimate,
    sharpe: backtest?.sharpe?.estimate,
    "deflated-sharpe": backtest?.deflatedSharpe,
    "better-than-majority": metrics?.["aboveMajority"]?.estimate,
    "better-than-logistic": metrics?.["aboveLogistic"]?.estimate,
    "brier-skill": metrics?.["brierSkillScore"]?.estimate,
    "data-not-bad": badShare,
  };
}

function atLeast(what: string, value: number | undefined, least: number): Need {
  return { what, value, expected: `at least ${least}`, isEnough: (found) => found >= least };
}

function above(what: string, value: number | undefined, limit: number): Need {
  return { what, value, expected: `more than ${limit}`, isEnough: (found) => found > limit };
}

function none(what: string, value: number | boolean | string | undefined): Need {
  const count = value === undefined ? undefined : Number(value);
  return { what, value: count, expected: "none", isEnough: (found) => found === 0 };
}
