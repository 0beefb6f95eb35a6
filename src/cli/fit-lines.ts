// What must be said of a fit before its figures are believed?
import type { Dataset } from "../dataset/matrix.js";
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

/** A share that is not nothing is not said to be. */
function shareText(share: number): string {
  return share > 0 && share < 0.001 ? "less than 0.1 %" : `${(100 * share).toFixed(1)} %`;
}
