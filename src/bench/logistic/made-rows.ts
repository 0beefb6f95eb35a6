// Rows that look like scaled features: correlated, heavy-tailed, sparse and collinear columns that know a little.
import { type Random, seededRandom } from "../../core/random.js";
import { type LogisticData, logisticLogits, sigmoid } from "../../models/logistic.js";
import { scaledRows } from "../../models/predictor.js";
import { fitStandardScaler } from "../../models/standard-scaler.js";

/** Inputs of the full set. */
export const WIDTH = 53;

/** Bars that neighbouring labels share. */
const OVERLAP_BARS = 15;

/** What moves many columns at once. */
const FACTORS = 8;

/** Columns before which each kind ends. */
const MIXED_END = 30;
const DIFFERENCE = 30;
const CLASSES_END = 34;
const TAILED_END = 43;
const SPARSE_END = 48;

/** Deviation of a column's weight: all together they move the log-odds by about a third. */
const WEIGHT_DEVIATION = 0.05;

/**
 * Seeded rows, scaled as training scales them: 30 mixtures of eight factors; the difference of two of them; three classes, one of
 * which always holds; nine with heavy tails; five that are 0 in 99 of 100 rows; five of noise on scales from 1e-4 to 1e4.
 * Outcomes are drawn from a line through them all.
 */
export function madeRows(rows: number, seed: number): LogisticData {
  const random = seededRandom(seed, "rows of a logistic regression");
  const loads = Float64Array.from({ length: MIXED_END * FACTORS }, () => random.normal());
  const raw = new Float32Array(rows * WIDTH);
  for (let i = 0; i < rows; i++) fillRow(raw.subarray(i * WIDTH, (i + 1) * WIDTH), loads, random);
  const names = Array.from({ length: WIDTH }, (_, j) => `x${j + 1}`);
  const all = Uint32Array.from({ length: rows }, (_, i) => i);
  const inputs = scaledRows(fitStandardScaler(raw, names, all), raw, all);
  const weights = new Float64Array(WIDTH).map(() => WEIGHT_DEVIATION * random.normal());
  const logits = logisticLogits({ kind: "logistic", weights, intercept: 0.05 }, inputs);
  const outcome = logits.map((logit) => Number(random.uniform() < sigmoid(logit)));
  return { inputs, outcome, names, overlapBars: OVERLAP_BARS };
}

function fillRow(row: Float32Array, loads: Float64Array, random: Random): void {
  const factors = Float64Array.from({ length: FACTORS }, () => random.normal());
  for (let j = 0; j < MIXED_END; j++) {
    row[j] = random.normal();
    for (let k = 0; k < FACTORS; k++) row[j]! += loads[j * FACTORS + k]! * factors[k]!;
  }
  row[DIFFERENCE] = row[DIFFERENCE - 1]! - row[DIFFERENCE - 2]!;
  const holds = factors[0]! < -0.43 ? 0 : factors[0]! < 0.43 ? 1 : 2;
  row[DIFFERENCE + 1 + holds] = 1;
  for (let j = CLASSES_END; j < TAILED_END; j++) {
    row[j] = random.normal() ** 3 + factors[j % FACTORS]!;
  }
  for (let j = TAILED_END; j < SPARSE_END; j++) {
    row[j] = random.uniform() < 0.01 ? random.normal() : 0;
  }
  for (let j = SPARSE_END; j < WIDTH; j++) row[j] = 10 ** (2 * (j - 50)) * (random.normal() + 3);
}
