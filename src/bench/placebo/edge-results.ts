// Where something can be known, is it found, and is what is found let through?
import { OptionError } from "../../core/errors.js";
import { mean } from "../../core/statistics.js";
import type { BenchResult } from "../benchmark.js";
import { atLeast, told } from "../figures.js";
import { fewestTestDays } from "./fewest-test-days.js";
import type { RungFindings, SeedFindings } from "./seed-job.js";

/** Share of (attainable accuracy − ½) that a line through all features must reach. */
const REQUIRED_SHARE = 0.8;
/** Fewer do not say what a line can reach. */
const REQUIRED_SYMBOL_DAYS = 60;
/** Standard errors by which a line through the base features must lie below it. */
const REQUIRED_LEAD = 4;
/** Share of the markets of a strong edge in which it must be promoted. */
const REQUIRED_PROMOTIONS = 0.9;

/**
 * How much of what is attainable each rung reaches in one market with an edge.
 *
 * @throws {OptionError} the market has no edge
 */
export function informativeResults({
  rungs,
  attainableAccuracy,
  symbolDays,
}: SeedFindings): readonly BenchResult[] {
  const full = shareOf(rungs, "logistic");
  const base = shareOf(rungs, "logistic-base");
  const error = Math.hypot(full.standardError, base.standardError);
  const of = `of the ${(100 * (attainableAccuracy - 0.5)).toFixed(2)} points above one half that are attainable`;
  return [
    atLeast(REQUIRED_SHARE, {
      what: "informative market, share of (attainable − ½) of logistic on 53",
      unit: "ratio",
      value: full.estimate,
      note: `± ${full.standardError.toFixed(4)} (standard error), ${of}; ${percent(1 - full.estimate)} is missed`,
    }),
    atLeast(REQUIRED_LEAD, {
      what: "informative market, logistic on 53 above logistic on 33",
      unit: "standard errors",
      value: (full.estimate - base.estimate) / error,
      note: `33 reach ${base.estimate.toFixed(4)} ± ${base.standardError.toFixed(4)}`,
    }),
    ...rungs
      .filter(({ rung }) => !rung.startsWith("logistic"))
      .map(({ rung }) => {
        const { estimate, standardError } = shareOf(rungs, rung);
        const note = `± ${standardError.toFixed(4)} (standard error)`;
        const what = `informative market, share of (attainable − ½) of ${rung}`;
        return told({ what, unit: "ratio", value: estimate, note });
      }),
    atLeast(REQUIRED_SYMBOL_DAYS, {
      what: "informative market, size",
      unit: "symbol-days",
      value: symbolDays,
    }),
  ];
}

/** Promotions of the logistic regression on all features in markets with a strong edge, and how much of it was found. */
export function strongResults(markets: readonly SeedFindings[]): readonly BenchResult[] {
  const models = markets.map(({ rungs }) => rungs.find(({ rung }) => rung === "logistic")!);
  const missed = models.flatMap(({ gates }) =>
    Object.entries(gates).flatMap(([gate, verdict]) =>
      verdict === "pass" ? [] : [`${gate} ${verdict}`],
    ),
  );
  const shares = models.flatMap(({ share }) => (share === undefined ? [] : [share.estimate]));
  return [
    atLeast(Math.ceil(REQUIRED_PROMOTIONS * markets.length), {
      what: "strong market, the registry promotes logistic on 53",
      unit: `of ${markets.length} markets`,
      value: models.filter(({ isPromoted }) => isPromoted).length,
      note:
        missed.length === 0 ? "no gate held it back" : `what held it back: ${missed.join(", ")}`,
    }),
    told({
      what: "strong market, mean share of (attainable − ½) of logistic on 53",
      unit: "ratio",
      value: mean(shares),
      note: `from ${Math.min(...shares).toFixed(4)} to ${Math.max(...shares).toFixed(4)}`,
    }),
    fewestTestDays("strong", markets),
  ];
}

function shareOf(rungs: readonly RungFindings[], name: string): NonNullable<RungFindings["share"]> {
  const share = rungs.find(({ rung }) => rung === name)?.share;
  if (share !== undefined) return share;
  throw new OptionError({
    message: `there is no share of what is attainable for ${name}`,
    fix: "ask it of a market with an edge, and of a rung of the ladder",
  });
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}
