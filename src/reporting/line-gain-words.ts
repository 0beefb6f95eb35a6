// Does history add to the straight line, by how much, and is it beyond the interval? In words.
import { mean, standardDeviation } from "../core/statistics.js";
import type { Gain } from "../evaluation/ladder.js";
import type { GainPair, LineGain, LineGains } from "../evaluation/line-gains.js";
import { intervalText, NO_INTERVAL, signed } from "./evaluation-marks.js";
import { modelText } from "./model-names.js";

/** Of all symbols together, one a model. */
export function overallGains({ models }: Pick<LineGains, "models">): readonly LineGain[] {
  return models.filter(({ symbol }) => symbol === undefined);
}

/** What each model adds in accuracy, and which of them adds anything beyond its interval. */
export function gainsSentence(gains: Pick<LineGains, "models">): string {
  const overall = overallGains(gains);
  if (overall.length === 0) return "There is no model to hold against the straight line";
  const told = overall.map(({ model, seen }) => `${modelText(model)} ${pointsText(seen.accuracy)}`);
  const parts = [`Over the straight line ${told.join(", ")} points of accuracy`];
  parts.push(whichAdd(overall, ({ seen }) => seen));
  if (overall.some(({ byTruth }) => byTruth !== undefined)) {
    parts.push(`by the true probabilities ${whichAdd(overall, ({ byTruth }) => byTruth)}`);
  }
  return `${parts[0]}: ${parts.slice(1).join("; ")}`;
}

/** Which models are better or worse beyond their intervals, and in what. */
function whichAdd(
  overall: readonly LineGain[],
  pairOf: (gain: LineGain) => GainPair<Gain> | undefined,
): string {
  const intervals = overall.flatMap((one) => Object.values(pairOf(one) ?? {}) as readonly Gain[]);
  if (intervals.every(({ lower }) => Number.isNaN(lower))) return "no interval to tell by";
  const told = overall.flatMap((one) => {
    const pair = pairOf(one);
    return [...toldOf(one, pair, "better", "gains in"), ...toldOf(one, pair, "worse", "loses in")];
  });
  return told.length === 0
    ? "nothing beyond its interval"
    : `${told.join(", ")}, beyond the interval`;
}

function toldOf(
  { model }: LineGain,
  pair: GainPair<Gain> | undefined,
  verdict: Gain["verdict"],
  words: string,
): readonly string[] {
  const figures = [
    ...(pair?.accuracy.verdict === verdict ? ["accuracy"] : []),
    ...(pair?.logLoss.verdict === verdict ? ["log-loss"] : []),
  ];
  return figures.length === 0 ? [] : [`${modelText(model)} ${words} ${figures.join(" and ")}`];
}

/** A difference of accuracies with its interval: "0.4 (−0.5 to 1.3)". */
export function pointsText(gain: Gain): string {
  return scaledText(gain, 100, 1);
}

/** Log-loss that is saved, in thousandths of a nat, with its interval. */
export function natsText(gain: Gain): string {
  return scaledText(gain, 1000, 1);
}

/** Mean and standard deviation over seeds, "0.3 ± 0.9"; nothing of a model with one. */
export function seedsText(
  { seen, otherSeeds }: Pick<LineGain, "seen" | "otherSeeds">,
  figure: keyof GainPair<unknown>,
  scale: number,
): string | null {
  if (otherSeeds.length === 0) return null;
  const fits = [seen[figure].estimate, ...otherSeeds.map((other) => other[figure])];
  const scaled = fits.map((fit) => scale * fit);
  return `${signed(mean(scaled).toFixed(1))} ± ${standardDeviation(scaled).toFixed(1)}`;
}

function scaledText(gain: Gain, scale: number, digits: number): string {
  const interval = intervalText(gain, digits, scale) ?? NO_INTERVAL;
  return `${signed((scale * gain.estimate).toFixed(digits))} (${interval})`;
}
