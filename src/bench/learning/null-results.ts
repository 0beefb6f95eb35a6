// Where nothing can be known, does any model seem to know something?
import { normalQuantile } from "../../core/normal-quantile.js";
import { mean } from "../../core/statistics.js";
import type { BenchResult } from "../benchmark.js";
import { atMost } from "../figures.js";
import type { LearningFindings } from "./market-job.js";

/** How often a bar of one kind, of the mean or of the farthest, all models and markets together, is missed by luck alone. */
const FALSE_ALARMS = 0.01;

/**
 * Accuracies of markets without an edge in standard errors away from one half: the mean over all markets, and the market that
 * lies farthest away. Every direction is a fair coin there, so one half is the true accuracy of any call.
 *
 * @param markets - at least one, all of the same models
 */
export function nullResults(markets: readonly LearningFindings[]): readonly BenchResult[] {
  const names = markets[0]?.models.map(({ model }) => model) ?? [];
  // Bonferroni: the rate is shared by all comparisons of a kind, on two sides each.
  const bar = (comparisons: number): number =>
    -normalQuantile(FALSE_ALARMS / (2 * names.length * comparisons));
  const alarms = `by luck alone the largest of all models lies beyond it in ${100 * FALSE_ALARMS} % of runs`;
  const of = `of ${markets.length} markets`;
  return names.flatMap((model, place) => {
    const accuracies = markets.map(({ models }) => models[place]!.accuracy);
    const away = accuracies.map(({ estimate, standardError }) => (estimate - 0.5) / standardError);
    const center = mean(accuracies.map(({ estimate }) => estimate));
    return [
      atMost(bar(1), {
        what: `null market, mean accuracy of ${model} ${of} away from 50 %`,
        unit: "standard errors",
        value: Math.abs(mean(away)) * Math.sqrt(away.length),
        note: `${(100 * center).toFixed(3)} %; ${alarms}`,
      }),
      atMost(bar(markets.length), {
        what: `null market, farthest accuracy of ${model} ${of} away from 50 %`,
        unit: "standard errors",
        value: Math.max(...away.map(Math.abs)),
        note: `away: ${away.map((z) => z.toFixed(2)).join(", ")}; ${alarms}`,
      }),
    ];
  });
}
