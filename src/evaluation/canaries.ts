// Would this evaluation notice a leak? Inputs whose right score is known go through the same steps as the models.
import { seededRandom } from "../core/random.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { mean, standardDeviation } from "../core/statistics.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { LOGISTIC_SETTINGS, type LogisticSettings } from "../training/settings.js";
import { trainLogistic } from "../training/train-logistic.js";
import { accuracy, chanceRate } from "./accuracy.js";
import { blockBootstrap, blockLengthUs } from "./block-bootstrap.js";

/** A known experiment and how it came out. */
export interface Canary {
  readonly name: string;
  readonly rule: string;
  readonly value: number;
  /** What the value is measured against. */
  readonly expected: number;
  /** Of the value about what is expected; 0 where the rule is a plain limit. */
  readonly standardError: number;
  /** False voids the evaluation. */
  readonly isRight: boolean;
}

/** How canaries are run. */
export interface CanaryOptions {
  readonly seed: number;
  /** Refits with shuffled labels; their mean is judged, since one alone points anywhere in a strong market. */
  readonly shuffles?: number;
}

/** Allowed distance from chance, in standard errors. */
const LIMIT = 4;
const REQUIRED_FORESIGHT = 0.95;
/** Of all inputs, with a fixed prior: what is judged is the way of testing, not the penalty. */
const SETTINGS: LogisticSettings = { ...LOGISTIC_SETTINGS, priorDeviations: [0.1] };
/** The planted column must be free to decide alone. */
const LOOSE_PRIOR = 10;

/**
 * Refits the logistic baseline with shuffled training labels, which must score as chance does, and with the label's own
 * return among the inputs, which must score at least 95 %.
 *
 * @returns the canaries; or what is missing to fit them
 * @throws {DataError} an input without a value, or one class only
 */
export async function runCanaries(
  dataset: Dataset,
  fold: Fold,
  { seed, shuffles = 6 }: CanaryOptions,
): Promise<readonly Canary[] | Shortfall> {
  const random = seededRandom(seed, "canaries");
  const probabilities: Float64Array[] = [];
  let rows = fold.test;
  for (let k = 0; k < shuffles; k++) {
    const outcome = shiftedOutcome(dataset, fold, random.uniform);
    const fit = await trainLogistic({ ...dataset, outcome }, fold, SETTINGS);
    if (isShortfall(fit)) return fit;
    probabilities.push(fit.probability);
    rows = fit.testRows;
  }
  const planted = await trainLogistic(withLabelReturn(dataset), fold, {
    ...SETTINGS,
    priorDeviations: [LOOSE_PRIOR],
  });
  if (isShortfall(planted)) return planted;
  return [
    shuffledLabels(dataset, rows, probabilities, seed),
    foresight(accuracy(planted.probability, outcomeOf(dataset, planted.testRows))),
  ];
}

/** Shuffled labels: the mean of accuracy less chance over all refits is 0 within four standard errors. */
function shuffledLabels(
  dataset: Dataset,
  rows: Uint32Array,
  probabilities: readonly Float64Array[],
  seed: number,
): Canary {
  const outcome = outcomeOf(dataset, rows);
  const aboveChance = (probability: Float64Array, chosen: Uint32Array): number => {
    const p = Float64Array.from(chosen, (i) => probability[i]!);
    const y = Float64Array.from(chosen, (i) => outcome[i]!);
    return accuracy(p, y) - chanceRate(p, y);
  };
  const all = Uint32Array.from(rows, (_, i) => i);
  const each = probabilities.map((probability) => aboveChance(probability, all));
  const times = Float64Array.from(rows, (row) => dataset.barEndUs[row]!);
  const { above } = blockBootstrap(
    times,
    (chosen) => ({ above: mean(probabilities.map((p) => aboveChance(p, chosen))) }),
    { blockUs: blockLengthUs(dataset), barUs: dataset.barUs, seed, replicates: 100 },
  );
  const expected = mean(probabilities.map((probability) => chanceRate(probability, outcome)));
  // Which way a fit to noise points is luck too, and refits show how much.
  const between = standardDeviation(each) / Math.sqrt(each.length);
  const standardError = Math.hypot(above.standardError, between);
  return {
    name: "shuffled labels",
    rule: `accuracy within ${LIMIT} standard errors of chance`,
    value: expected + above.estimate,
    expected,
    standardError,
    isRight: Math.abs(above.estimate) <= LIMIT * standardError,
  };
}

function foresight(value: number): Canary {
  return {
    name: "label return among the inputs",
    rule: "accuracy of at least 95 %",
    value,
    expected: REQUIRED_FORESIGHT,
    standardError: 0,
    isRight: value >= REQUIRED_FORESIGHT,
  };
}

/** Outcomes of each slice and symbol turned round by a quarter to three quarters of their number; test rows stay. */
function shiftedOutcome(dataset: Dataset, fold: Fold, uniform: () => number): Float32Array {
  const outcome = dataset.outcome.slice();
  for (const slice of [fold.train, fold.earlyStop, fold.calibrate]) {
    for (let symbol = 0; symbol < dataset.symbols.length; symbol++) {
      const own = slice.filter((row) => dataset.symbolIndex[row] === symbol);
      const shift = Math.floor(own.length * (0.25 + 0.5 * uniform()));
      own.forEach((row, i) => {
        outcome[row] = dataset.outcome[own[(i + shift) % own.length]!]!;
      });
    }
  }
  return outcome;
}

/** The dataset with one more input: the very return whose sign is to be predicted. */
function withLabelReturn(dataset: Dataset): Dataset {
  const width = dataset.featureNames.length;
  const inputs = new Float32Array(dataset.rows * (width + 1));
  for (let row = 0; row < dataset.rows; row++) {
    inputs.set(dataset.inputs.subarray(row * width, (row + 1) * width), row * (width + 1));
    inputs[row * (width + 1) + width] = dataset.labelReturn[row]!;
  }
  return { ...dataset, inputs, featureNames: [...dataset.featureNames, "label_return"] };
}

function outcomeOf(dataset: Dataset, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => dataset.outcome[row]!);
}
