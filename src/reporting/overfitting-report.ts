// Had the best of these been picked by its score, how much of its lead would be luck?
import { mean } from "../core/statistics.js";
import type { BacktestOverfitting } from "../evaluation/backtest-overfitting.js";
import type { Overfitting } from "../evaluation/overfitting.js";
import { percent, percentText } from "./evaluation-marks.js";
import type { Cell, Table } from "./table.js";

/** What of the result the words rest on. */
type Judged = Pick<Overfitting, "splits" | "paths" | "configurations"> &
  Readonly<
    Record<
      "byAccuracy" | "byLogLoss",
      Pick<BacktestOverfitting, "configurations" | "splits" | "probability">
    >
  >;

/** In words: the probability of overfitting by both scores, beside what choosing among equals would show. */
export function overfittingFindings({
  splits,
  paths,
  configurations,
  byAccuracy,
  byLogLoss,
}: Judged): string {
  const base = overfittingBaseRate(byAccuracy.configurations);
  return (
    `${configurations.length} configurations were fitted on ${splits} splits each, which join to ${paths} paths through the whole time. ` +
    `Time is then halved in ${byAccuracy.splits.toLocaleString("en-US")} ways: the configuration that is best in one half ranks no better than the median in the other ` +
    `in **${percentText(byAccuracy.probability, 0)} of them by accuracy and ${percentText(byLogLoss.probability, 0)} by log-loss**. ` +
    `Were all of them equal, it would be about ${percentText(base, 0)}: near that, picking the best is picking luck, and far below it the lead lasts. ` +
    "The ways to halve overlap, so the share has no interval."
  );
}

/** Each configuration's scores over all paths; the paths share their data, so their range is no interval. */
export function overfittingTable({
  configurations,
  majorityRate,
  baseLogLoss,
}: Pick<Overfitting, "configurations" | "majorityRate" | "baseLogLoss">): Table {
  return {
    caption: `Configurations over all paths; the majority of all rows is right in ${percentText(majorityRate)}, and its share alone has a log-loss of ${baseLogLoss.toFixed(4)}`,
    columns: [
      { name: "configuration", kind: "short" },
      { name: "accuracy, mean of paths", unit: "%", digits: 2 },
      { name: "lowest to highest path", unit: "%", kind: "aside" },
      { name: "log-loss, mean of paths", digits: 4 },
      { name: "lowest to highest path", kind: "aside" },
    ],
    rows: configurations.map(({ name, accuracy, logLoss }): readonly Cell[] => [
      name,
      percent(mean(accuracy)),
      range(accuracy, 100, 2),
      mean(logLoss),
      range(logLoss, 1, 4),
    ]),
  };
}

/** Probability of overfitting of N configurations without any difference: ½, or (N + 1)/2N where N is odd. */
function overfittingBaseRate(configurations: number): number {
  return configurations % 2 === 0 ? 0.5 : (configurations + 1) / (2 * configurations);
}

function range(values: Float64Array, scale: number, digits: number): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${(scale * low).toFixed(digits)} to ${(scale * high).toFixed(digits)}`;
}
