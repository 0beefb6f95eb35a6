// Where nothing can be known, does anything pass for knowledge?
import { normalQuantile } from "../../core/normal-quantile.js";
import { mean, standardDeviation } from "../../core/statistics.js";
import { studentTails } from "../../core/student-t.js";
import type { BenchResult } from "../benchmark.js";
import { atMost } from "../figures.js";
import { fewestTestDays } from "./fewest-test-days.js";
import { mostByLuck } from "./most-by-luck.js";
import type { RungFindings, SeedFindings } from "./seed-job.js";

/** Gates that luck may pass; the others of a promotion ask for more than luck gives. */
const STATISTICAL_GATES: readonly string[] = [
  "better-than-majority",
  "brier-skill",
  "deflated-sharpe",
];

/** Standard errors of the mean over all markets that accuracy may lie away from one half. */
const LARGEST_Z = 4;

const REQUIRED_DEFLATED_SHARPE = 0.95;

/**
 * Promotions, gates that passed by luck, and mean accuracy of markets without an edge.
 *
 * @param markets - at least two
 */
export function nullResults(markets: readonly SeedFindings[]): readonly BenchResult[] {
  const passes = (passed: (rung: RungFindings) => boolean): number =>
    markets.filter(({ rungs }) => rungs.some(passed)).length;
  const byRung = (passed: (rung: RungFindings) => boolean): string =>
    rungNames(markets)
      .map((name) => `${name} ${rungsOf(markets, name).filter(passed).length}`)
      .join(", ");
  const counts = (what: string, passed: (rung: RungFindings) => boolean) => ({
    what: `null market, ${what}`,
    unit: `of ${markets.length} markets`,
    value: passes(passed),
    note: `by rung: ${byRung(passed)}`,
  });
  return [
    fewestTestDays("null", markets),
    atMost(
      0,
      counts("the registry promotes any rung", ({ isPromoted }) => isPromoted),
    ),
    ...STATISTICAL_GATES.map((gate) =>
      atMost(
        mostByLuck(markets.length),
        counts(`any rung passes ${gate}`, ({ gates }) => gates[gate] === "pass"),
      ),
    ),
    // Costs alone decide the gate's figure; this one has only luck to stop it.
    atMost(
      mostByLuck(markets.length),
      counts(
        "any rung has a deflated Sharpe of 0.95 if trading is free",
        ({ freeDeflatedSharpe }) => freeDeflatedSharpe >= REQUIRED_DEFLATED_SHARPE,
      ),
    ),
    ...rungNames(markets).map((name) => meanAccuracy(name, rungsOf(markets, name))),
  ];
}

/** Names of the rungs, from the one that knows least. */
function rungNames([first]: readonly SeedFindings[]): readonly string[] {
  return first?.rungs.map(({ rung }) => rung) ?? [];
}

function rungsOf(markets: readonly SeedFindings[], name: string): readonly RungFindings[] {
  return markets.flatMap(({ rungs }) => rungs.filter(({ rung }) => rung === name));
}

/**
 * Markets are independent, so their own scatter is the mean's standard error times the root of their number. Few markets know
 * that scatter badly: the distance is the one of a normal variable that is as unlikely as Student's t of so many markets.
 */
function meanAccuracy(name: string, rungs: readonly RungFindings[]): BenchResult {
  const accuracies = rungs.map(({ accuracy }) => accuracy);
  const center = mean(accuracies);
  const error = standardDeviation(accuracies) / Math.sqrt(accuracies.length);
  return atMost(LARGEST_Z, {
    what: `null market, mean accuracy of ${name} away from 50 %`,
    unit: "standard errors",
    value: -normalQuantile(studentTails((center - 0.5) / error, accuracies.length - 1) / 2),
    note: `${(100 * center).toFixed(3)} % ± ${(100 * error).toFixed(3)} over ${accuracies.length} markets`,
  });
}
