// From which accuracy on is a challenge worth its fee?
import type { ChallengeOdds } from "../trading/rules/challenge-odds.js";
import { percentText } from "./evaluation-marks.js";

/** What the words read of the odds of one style. */
export interface WorthOdds extends Pick<ChallengeOdds, "returnOnFee"> {
  readonly style: Pick<ChallengeOdds["style"], "accuracy" | "payoffRatio" | "costBps" | "stopBps">;
}

/** Whether an attempt earns more than its fee in the mean, by the interval of its return. */
export function isWorthFee({ returnOnFee }: WorthOdds): "yes" | "no" | "undecided" {
  if (returnOnFee.lower > 0) return "yes";
  return returnOnFee.upper < 0 ? "no" : "undecided";
}

/** Odds by payoff, each in order of accuracy. */
export function byPayoff<Odds extends WorthOdds>(
  odds: readonly Odds[],
): readonly (readonly [payoffRatio: number, odds: readonly Odds[]])[] {
  const payoffs = [...new Set(odds.map(({ style }) => style.payoffRatio))].sort((a, b) => a - b);
  return payoffs.map((payoff) => [
    payoff,
    odds
      .filter(({ style }) => style.payoffRatio === payoff)
      .sort((a, b) => a.style.accuracy - b.style.accuracy),
  ]);
}

/** Least accuracy from which on all that were drawn are worth the fee; NaN where the highest is not. */
export function worthFrom(odds: readonly WorthOdds[]): number {
  const sorted = [...odds].sort((a, b) => a.style.accuracy - b.style.accuracy);
  const last = sorted.findIndex((_, i) =>
    sorted.slice(i).every((one) => isWorthFee(one) === "yes"),
  );
  return sorted[last]?.style.accuracy ?? Number.NaN;
}

/** Accuracy at which a trade earns its costs and no more: (1 + c) / (1 + b), with costs c and payoff b in units of the risk. */
export function breakEvenAccuracy({ payoffRatio, costBps, stopBps }: WorthOdds["style"]): number {
  return (1 + costBps / stopBps) / (1 + payoffRatio);
}

/** The answer in words, as a title says it. */
export function worthText(odds: readonly WorthOdds[]): string {
  const groups = byPayoff(odds);
  const isWorth = groups.map(([, some]) => !Number.isNaN(worthFrom(some)));
  if (!isWorth.includes(true)) return "At no accuracy that was drawn is a challenge worth its fee";
  const worth = groups.filter((_, i) => isWorth[i]).map(([payoff, some]) => fromText(payoff, some));
  const never = groups.filter((_, i) => !isWorth[i]).map(([payoff]) => payoff);
  const rest =
    never.length === 0 ? "" : `, and at none that was drawn at payoff ${never.join(", ")}`;
  return `A challenge is worth its fee ${worth.join(", ")}${rest}`;
}

/** Below the least that was drawn nothing is known. */
function fromText(payoff: number, odds: readonly WorthOdds[]): string {
  const from = worthFrom(odds);
  const isAll = odds.every(({ style }) => style.accuracy >= from);
  const where = isAll
    ? "at all accuracies that were drawn"
    : `from ${percentText(from)} accuracy on`;
  return `${where} at payoff ${payoff}`;
}
