import { normalCdf } from "../core/statistics.js";
import type { HiddenDay, SymbolMinutes } from "./hidden-days.js";
import { DAY_MINUTES, EDGES, type Edge, HORIZON_MINUTES } from "./settings.js";

/** Probabilities that one symbol's mid goes up, for each bar end of a day and each horizon; ties count as half. */
export interface UpProbabilities {
  /** By horizon, in the order of HORIZON_MINUTES: 1,440 probabilities given the hidden state at the bar's end. */
  readonly oracle: readonly Float64Array[];
  /** The same, given the best filter of public events. */
  readonly attainable: readonly Float64Array[];
}

/**
 * Probability that the mid rises over (t + latency, t + latency + h] for each bar end t of a day.
 *
 * The net move of the window is a sum of many coins: Gaussian with mean W·x and variance Σ K² + the variance that the
 * pressure's own future adds. Both ceilings are told the volatility path, future included: it carries no sign, so it
 * changes how sure a forecast is and never which side it takes, and the accuracy is the same as without. A coin's lean
 * is tanh of its drift, a little less than the drift taken here: measured over 800 days, the ceilings of the strong
 * market lie 0.1 to 0.2 points above the hits, those of the informative one within their noise.
 *
 * @param today - the day of the bars
 * @param tomorrow - the day after, whose first hour the last bars' windows reach into
 */
export function upProbabilities(
  today: HiddenDay,
  tomorrow: HiddenDay,
  symbol: number,
  edge: Edge,
): UpProbabilities {
  const { drift, halfLifeMinutes } = EDGES[edge];
  const keep = 2 ** (-1 / halfLifeMinutes);
  const row = today.symbols[symbol]!;
  const path = [row, tomorrow.symbols[symbol]!] as const;
  const oracle = HORIZON_MINUTES.map(() => new Float64Array(DAY_MINUTES));
  const attainable = HORIZON_MINUTES.map(() => new Float64Array(DAY_MINUTES));
  const longest = HORIZON_MINUTES.at(-1)!;
  for (let bar = 0; bar < DAY_MINUTES; bar++) {
    const sum = futureMove(keep);
    let horizon = 0;
    for (let ahead = 1; ahead <= longest; ahead++) {
      const { total, head } = variationAt(path, bar + ahead);
      // The first minute counts from the latency on.
      const inside = ahead === 1 ? total - head : total;
      sum.add(drift * share(inside, total), inside);
      if (ahead !== HORIZON_MINUTES[horizon]) continue;
      const tail = variationAt(path, bar + ahead + 1);
      const end = sum.withTail(drift * share(tail.head, tail.total), tail.head);
      oracle[horizon]![bar] = probability(end.weight * row.pressure[bar]!, end.variance);
      attainable[horizon]![bar] = probability(
        end.weight * row.filtered[bar]!,
        end.variance + end.weight ** 2 * row.filteredVariance[bar]!,
      );
      horizon++;
    }
  }
  return { oracle, attainable };
}

/** Mean net move per unit of drift of the part of a minute that holds `inside` of its variation. */
function share(inside: number, total: number): number {
  return inside / Math.sqrt(total);
}

function probability(mean: number, variance: number): number {
  return normalCdf(mean / Math.sqrt(variance));
}

function variationAt(
  [today, tomorrow]: readonly [SymbolMinutes, SymbolMinutes],
  minute: number,
): { readonly total: number; readonly head: number } {
  const row = minute < DAY_MINUTES ? today : tomorrow;
  const i = minute % DAY_MINUTES;
  return { total: row.variation[i]!, head: row.headVariation[i]! };
}

/**
 * Running sum A of c_j·x_{t+j} + coins, for an Ornstein–Uhlenbeck x that is known at t: its weight on x_t, its variance,
 * and the covariance with the pressure reached.
 */
function futureMove(keep: number): {
  readonly add: (coefficient: number, coinVariance: number) => void;
  readonly withTail: (
    coefficient: number,
    coinVariance: number,
  ) => { readonly weight: number; readonly variance: number };
} {
  let weight = 0;
  let variance = 0;
  let covariance = 0;
  let power = 1;
  const next = (coefficient: number, coinVariance: number) => {
    const reach = power * keep;
    const free = 1 - reach * reach;
    const carried = keep * covariance;
    return {
      reach,
      weight: weight + coefficient * reach,
      variance: variance + coinVariance + 2 * coefficient * carried + coefficient ** 2 * free,
      covariance: carried + coefficient * free,
    };
  };
  return {
    add: (coefficient, coinVariance) => {
      ({ reach: power, weight, variance, covariance } = next(coefficient, coinVariance));
    },
    withTail: next,
  };
}
