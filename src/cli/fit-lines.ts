// What must be said of a fit before its figures are believed?
import type { Dataset } from "../dataset/matrix.js";
import type { MemberFacts } from "../registry/member-facts.js";
import { rangeText } from "../reporting/quantity-text.js";
import type { EnsembleFit, FoldFit } from "../training/fold-fit.js";
import type { Try } from "../training/search.js";
import type { FinalSettings } from "../training/settings.js";

/** How far the share of bars that is acted on may lie from the one asked for, as a share of that. */
const NEAR = 0.25;

/**
 * Features that the data gives no values of, and why; undefined where there is none. A price that never moves leaves ratios of
 * its moves undefined, however many days there are.
 */
export function leftOutLine(dataset: Dataset): string | undefined {
  const { leftOut, symbols } = dataset;
  if (leftOut.length === 0) return undefined;
  const still = symbols.filter((_, s) => isStill(dataset, s));
  const why =
    still.length === 0
      ? "for which the days are too few or the bars too long"
      : `for which the price of ${still.join(", ")} never moves, the days are too few or the bars too long`;
  return `features left out, ${why}: ${leftOut.join(", ")}`;
}

function isStill({ entryPrice, symbolIndex }: Dataset, symbol: number): boolean {
  const prices = entryPrice.filter((price, row) => {
    return symbolIndex[row] === symbol && !Number.isNaN(price);
  });
  return prices.length > 1 && prices.every((price) => price === prices[0]);
}

/**
 * What to say where a model acts on another share of the test than was asked for; undefined where it is near.
 *
 * @param reached - share of the test rows that it acts on
 */
export function coverageLine(
  { coverage, calibrator }: FinalSettings,
  reached: number,
): string | undefined {
  if (coverage >= 1 || Math.abs(reached - coverage) <= NEAR * coverage) return undefined;
  const ties =
    calibrator === "isotonic" && reached > coverage
      ? "; isotonic calibration states few different probabilities, and all that tie at the threshold are acted on"
      : "";
  return `COVERAGE: acts on ${shareText(reached)} of test bars, where ${shareText(coverage)} were asked for${ties}`;
}

/** What to say of an ensemble's members, a line each; none of other models. */
export function memberLines(members: readonly MemberFacts[]): readonly string[] {
  return members.map(({ name, weights, voices }) => {
    const by = weights.length === 1 ? "" : " by fold";
    const weight = `weight ${weights.map(weightText).join(", ")}${by}`;
    const voice = `${voices.map((ratio) => (100 * ratio).toFixed(0)).join(", ")} % of what is said`;
    const unheard = weights.every((one) => one === 0)
      ? ": LEFT OUT, the others are better without it"
      : "";
    return `member ${name}: ${weight}, ${voice}${unheard}`;
  });
}

/** On how many bars the two halves of an ensemble rest, over all folds; undefined for other models. */
export function halvesLine(folds: readonly Pick<FoldFit, "ensemble">[]): string | undefined {
  const fits = folds.flatMap(({ ensemble }) => (ensemble === undefined ? [] : [ensemble]));
  if (fits.length === 0) return undefined;
  const sum = (of: (fit: EnsembleFit) => number): string =>
    fits.reduce((total, fit) => total + of(fit), 0).toLocaleString("en-US");
  return (
    `of the calibration slice ${sum((fit) => fit.firstRows)} bars are what members are calibrated on, and the ` +
    `${sum((fit) => fit.secondRows)} after them what weights and the ensemble's calibrator are fitted on; ` +
    `${sum((fit) => fit.purgedRows)} between are left out, since their labels reach across`
  );
}

/** What to say of a search whose tries are compared on different rows; undefined where all are on the same. */
export function stopRowsLine(tries: readonly Pick<Try, "stopRows">[]): string | undefined {
  // Rows of a longer window are among those of a shorter one: as many are the same.
  const rows = tries.map(({ stopRows }) => stopRows);
  if (new Set(rows).size < 2) return undefined;
  return (
    `OTHER ROWS: early-stop losses are means over ${rangeText(rows)} bars, since a longer window leaves out bars after gaps; ` +
    "part of what lies between tries may be these"
  );
}

/** A weight of 0 is said as 0, and no other one is. */
function weightText(weight: number): string {
  if (weight === 0) return "0";
  return weight < 0.005 ? "below 0.01" : weight.toFixed(2);
}

/** A share that is not nothing is not said to be. */
function shareText(share: number): string {
  return share > 0 && share < 0.001 ? "less than 0.1 %" : `${(100 * share).toFixed(1)} %`;
}
