// Where something can be known, how much of it does each network learn?

import type { Uncertainty } from "../../core/block-bootstrap.js";
import { OptionError } from "../../core/errors.js";
import { mean, standardDeviation } from "../../core/statistics.js";
import { studentCritical } from "../../core/student-t.js";
import type { BenchResult } from "../benchmark.js";
import { atLeast, told } from "../figures.js";
import type { Learned, LearningFindings } from "./market-job.js";

/** Share of (attainable accuracy − ½) that a network must reach. */
const REQUIRED_SHARE = 0.9;
/** Fewer do not say what can be learned. */
const REQUIRED_SYMBOL_DAYS = 60;

/**
 * Shares of what is attainable, of the logistic regression for comparison and of each network with its bars.
 *
 * @param markets - with an edge, at least one
 * @throws {OptionError} a market has no edge
 */
export function informativeResults(markets: readonly LearningFindings[]): readonly BenchResult[] {
  const [first] = markets;
  const attainable = mean(markets.map(({ attainableAccuracy }) => attainableAccuracy));
  const of = `of the ${(100 * (attainable - 0.5)).toFixed(2)} points above one half that are attainable`;
  const head = "informative market";
  const results = (first?.models ?? []).flatMap(({ model }, place) => {
    const learned = markets.map(({ models }) => models[place]!);
    const share = overMarkets(learned.map((one) => figureOf(one, "share")));
    const shares = {
      what: `${head}, share of (attainable − ½) of ${model}`,
      unit: "ratio",
      value: share.estimate,
      runs: { [model]: learned.map((one) => figureOf(one, "share").estimate) },
    };
    if (place === 0) return [told({ ...shares, note: spread(share) })];
    const missed = `${(100 * (1 - share.estimate)).toFixed(1)} % ${of} are missed`;
    const lead = overMarkets(learned.map((one) => figureOf(one, "aboveLogistic")));
    return [
      atLeast(REQUIRED_SHARE, { ...shares, note: `${spread(share)}; ${missed}` }),
      atLeast(0, {
        what: `${head}, share of ${model} above that of ${first!.models[0]!.model}`,
        unit: "ratio",
        value: lead.estimate,
        note: spread(lead),
      }),
    ];
  });
  return [
    ...results,
    atLeast(REQUIRED_SYMBOL_DAYS, {
      what: `${head}, size of the smallest`,
      unit: "symbol-days",
      value: Math.min(...markets.map(({ symbolDays }) => symbolDays)),
    }),
  ];
}

function figureOf(learned: Learned, name: "share" | "aboveLogistic"): Uncertainty {
  const figure = learned[name];
  if (figure !== undefined) return figure;
  throw new OptionError({
    message: `there is no ${name} of what is attainable for ${learned.model}`,
    fix: "ask it of markets with an edge",
  });
}

/**
 * Mean over markets. Markets are independent, so their own scatter, which holds the luck of training too, is its error, with
 * Student's t for few of them; of one market alone its test is all that can be resampled.
 */
function overMarkets(figures: readonly Uncertainty[]): Uncertainty {
  if (figures.length === 1) return figures[0]!;
  const estimates = figures.map(({ estimate }) => estimate);
  const estimate = mean(estimates);
  const standardError = standardDeviation(estimates) / Math.sqrt(estimates.length);
  const reach = studentCritical(0.05, estimates.length - 1) * standardError;
  return { estimate, standardError, lower: estimate - reach, upper: estimate + reach };
}

function spread({ lower, upper, standardError }: Uncertainty): string {
  return `± ${standardError.toFixed(4)} (standard error), 95 % from ${lower.toFixed(4)} to ${upper.toFixed(4)}`;
}
