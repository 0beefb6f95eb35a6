import { counted } from "../core/counted.js";
import { FEWEST_SHARPE_DAYS } from "../core/daily-sharpe.js";
import type { BacktestLadder, LadderRung } from "../evaluation/backtest-ladder.js";
import { type CanaryRuns, notRunText } from "../evaluation/canaries.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import type { ExperimentEvaluation } from "../evaluation/evaluate-models.js";
import type { Gate } from "../evaluation/gates.js";
import { lateStakesText, leftOpenText } from "../evaluation/late-closes-text.js";
import { type PlanGate, planGates } from "../evaluation/plan-gates.js";
import type { TrialFacts } from "../registry/trial-facts.js";
import { fundingText, usdText } from "../reporting/costs-text.js";
import { independentText, ratioInterval } from "../reporting/evaluation-marks.js";
import { BOUNCE_PRONE, predictsText, rungName, tradedPrice } from "../reporting/label-text.js";

const NOT_EVALUATED =
  "on labels that bid-ask bounce alone predicts, label-is-mid fails (exit 1), and no other is asked; nothing promotes this model";

const ON_BOOKS =
  "candles have no book: what is predicted from them is traded on the order books that the store holds of the tested days";

/**
 * What is said of an evaluated model on a terminal: accuracy beside its base rates, canaries, the ladder of frictions, gates.
 *
 * @param name - NAME@version
 * @param facts - what it predicts, from which data
 */
export function evaluationLines(
  name: string,
  evaluation: ExperimentEvaluation,
  facts: TrialFacts,
): readonly string[] {
  const { models, isVoid, labelKind } = evaluation;
  const own = models[0]!;
  const isBounceProne = labelKind === "close";
  const { rungs, absent } = own.ladder;
  const traded = { labelKind, rungs };
  return [
    accuracyLine(name, evaluation, own),
    `predicts ${predictsText(facts)}`,
    ...(isBounceProne ? [BOUNCE_PRONE] : []),
    ...canaryLines(evaluation),
    executionLine(own.ladder),
    ...(isBounceProne && tradedPrice(traded) === "mid" ? [ON_BOOKS] : []),
    ...rungs.map((rung) => rungLine({ ...rung, name: rungName(rung.name, traded) })),
    chancesLine(own),
    ...absent.map(({ name: rung, why }) => `${rung.padEnd(9)} not traded: ${why}`),
    ...gateLines(own.gates, isBounceProne),
    "the plan's three gates taken literally, which promote nothing:",
    ...planGates(own).map((gate) => planGateLine(gate, isBounceProne)),
    ...(isVoid ? ["VOID: a canary did not score as it must, so no figure counts"] : []),
  ];
}

/** A line for each canary that was run, and one for each reason why others were not. */
export function canaryLines({ canaries, canaryShortfalls }: CanaryRuns): readonly string[] {
  return [
    ...canaries.map(
      ({ name, isRight, value, expected, standardError, rule }) =>
        `${isRight ? "right    " : "WRONG    "} canary ${name}: ${number(value)} beside ${number(expected)}, ${errorText(standardError)}; ${rule}`,
    ),
    ...canaryShortfalls.map((lack) => `not run   ${notRunText(lack)}`),
  ];
}

/** How often a model was right, on how many rows, beside the majority. */
export function accuracyLine(
  name: string,
  { isSimulated, horizonMinutes }: Pick<ExperimentEvaluation, "isSimulated" | "horizonMinutes">,
  { metrics, majorityRate, rows, effectiveRows, ceilings }: ModelEvaluation,
): string {
  const { accuracy } = metrics;
  const attainable =
    ceilings !== undefined && Number.isFinite(ceilings.attainable.estimate)
      ? `, ${percent(ceilings.attainable.estimate)} attainable`
      : "";
  return (
    `${name}, ${isSimulated ? "SIMULATED" : "REAL"}, ${horizonMinutes} minutes: accuracy ${percent(accuracy.estimate)} ` +
    `(${ratioInterval(accuracy)}) on ${rows} bars, ${independentText({ effectiveRows })}, ` +
    `beside ${percent(majorityRate)} for the majority${attainable}`
  );
}

interface Rung
  extends Pick<
    LadderRung,
    "about" | "netReturn" | "sharpe" | "turnoverADay" | "lateStakes" | "leftOpen"
  > {
  readonly name: string;
}

/** One way to execute and what it left; with what was closed late or not at all, where there is any. */
export function rungLine(rung: Rung): string {
  const { name, about, netReturn, sharpe, turnoverADay } = rung;
  const parts = [
    `${name.padEnd(9)} ${about}: ${(100 * netReturn).toFixed(2)} %`,
    `Sharpe ${sharpeText(sharpe)}`,
    `turnover ${turnoverADay.toFixed(1)} a day`,
    lateStakesText(rung.lateStakes),
    leftOpenText(rung.leftOpen),
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

/** An annualised Sharpe ratio with its interval; a dash where it is not known. */
export function sharpeText({ estimate, lower, upper }: LadderRung["sharpe"]): string {
  if (!Number.isFinite(estimate)) return "—";
  return `${number(estimate, 2)} (${number(lower, 2)} to ${number(upper, 2)})`;
}

/** With how much capital and at whose costs the ladder was traded. */
export function executionLine({
  costs: { name, feeBps, defaultFundingRate },
  stake: { capitalUsd },
}: Pick<BacktestLadder, "costs" | "stake">): string {
  const funding = `funding: ${fundingText(defaultFundingRate)}`;
  return `traded with ${usdText(capitalUsd)} at the costs of ${name}: ${feeBps} bps of the value a side; ${funding}`;
}

/** A canary's standard error, about what is expected; one that must be exact has none. */
function errorText(standardError: number): string {
  return standardError === 0 ? "exact" : `standard error ${number(standardError)}`;
}

/** What is known of the Sharpe ratio after costs as probabilities. */
function chancesLine({ backtest, trials }: ModelEvaluation): string {
  const { probabilisticSharpe, deflatedSharpe, daily } = backtest;
  if (daily.length < FEWEST_SHARPE_DAYS)
    return `Sharpe after costs: ${counted(daily.length, "daily return")}, which are too few to say one; it takes ${FEWEST_SHARPE_DAYS}`;
  return (
    `Sharpe after costs: probability ${number(probabilisticSharpe)} that the true one is above 0 (probabilistic), ` +
    `${number(deflatedSharpe)} that it is above the best of ${Number.isFinite(trials) ? counted(trials, "try", "tries") : "all tries"} without skill (deflated)`
  );
}

/** A line for each gate that was asked, and one for all that were not: these have no verdict. */
function gateLines(gates: readonly Gate[], isBounceProne: boolean): readonly string[] {
  if (!isBounceProne) return gates.map(gateLine);
  const asked = gates.filter(({ verdict }) => verdict === "fail");
  const others = gates.filter((gate) => !asked.includes(gate)).map(({ name }) => name);
  return [...asked.map(gateLine), `gates not evaluated: ${others.join(", ")}; ${NOT_EVALUATED}`];
}

/** Verdict, name, value with its interval, margin, what to read it beside, and the rule. */
function gateLine({
  name,
  rule,
  value,
  lower,
  upper,
  margin,
  verdict,
  reason,
  beside,
}: Gate): string {
  const interval = lower < upper ? ` (${number(lower)} to ${number(upper)})` : "";
  const notes = [`margin ${number(margin)}`, beside, reason].filter((note) => note !== undefined);
  return `${verdict.padEnd(9)} ${name}: ${number(value)}${interval}, ${notes.join(", ")}; ${rule}`;
}

function planGateLine(
  { name, rule, value, misses, verdict }: PlanGate,
  isBounceProne: boolean,
): string {
  return `${verdict.padEnd(9)} ${isBounceProne ? "BOUNCE-PRONE: " : ""}plan's ${name}: ${number(value)}; ${rule}; misses ${misses}`;
}

/** What could not be measured is a dash. */
function number(value: number, digits = 4): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "—";
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
