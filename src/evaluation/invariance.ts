// Has anything that is fitted seen the test? Then it moves when the test is altered.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { type Labels, labelsOf } from "../dataset/labels.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { FITTED_SLICES } from "../dataset/slices.js";
import { type Predictor, predictorToBytes } from "../models/predictor.js";
import { decodeSafetensors } from "../models/safetensors.js";

/** Fits a model on a fold, as `trainLogistic` does with its settings. */
export type FitFold = (
  dataset: Dataset,
  fold: Fold,
) => Promise<{ readonly predictor: Predictor } | Shortfall>;

/** How labels follow from prices. */
export interface InvarianceOptions {
  /** Labels of all rows, made again from `entryPrice`; default by the dataset's own rule. */
  readonly makeLabels?: (dataset: Dataset) => Labels;
}

/** Larger than any market moves over a label: a label that sees altered prices goes where this sends it. */
const PRICE_STEP = 1e3;

/**
 * Fits twice more with all inputs after the last fitted row altered, and all prices and labels from the first test row on, and
 * names what moved. No fitted row may read an input of a later bar, while its label reaches up to the test. A label
 * of an earlier row is altered where it is made of prices that are: its direction is sent up in one refit and down in the
 * other, so that whatever it was, one of them changes it. Verdicts, masks and times stay.
 *
 * @param fold - its slices say what is altered
 * @param fitFold - must give the same bytes for the same data
 * @returns names of fitted parts whose bytes moved, as a model file calls them (`scaler.mean`, `logistic.weights`,
 *   `calibrator.…`), none if nothing has seen the test; or what the unaltered fit lacks
 * @throws {DataError} an input without a value, or one class only
 */
export async function fittedBytesMove(
  dataset: Dataset,
  fold: Fold,
  fitFold: FitFold,
  { makeLabels = ownLabels }: InvarianceOptions = {},
): Promise<readonly string[] | Shortfall> {
  const reference = await fitFold(dataset, fold);
  if (isShortfall(reference)) return reference;
  const before = fittedParts(reference.predictor);
  const moved = new Set<string>();
  for (const up of [1, 0] as const) {
    const step = up === 1 ? PRICE_STEP : 1 / PRICE_STEP;
    const refit = await fitFold(altered(dataset, fold, { step, sent: () => up, makeLabels }), fold);
    const after = isShortfall(refit) ? new Map<string, string>() : fittedParts(refit.predictor);
    for (const name of [...before.keys(), ...after.keys()]) {
      if (before.get(name) !== after.get(name)) moved.add(name);
    }
  }
  return [...moved].sort();
}

/**
 * A dataset whose inputs after a fold's last fitted row are others, as are prices and labels from its first test row on, and
 * every label of an earlier row that is made of such prices: each says the opposite of what it said. Verdicts, masks and times
 * stay.
 */
export function withOtherTest(dataset: Dataset, fold: Fold): Dataset {
  const opposite = (outcome: number): number => Number(outcome <= 0.5);
  return altered(dataset, fold, { step: PRICE_STEP, sent: opposite, makeLabels: ownLabels });
}

/**
 * A dataset in which all that becomes known after a time is other: inputs of later bars, prices, and labels that end later.
 * Verdicts, masks and times stay.
 */
export function withOtherFuture(dataset: Dataset, afterUs: number): Dataset {
  const { barEndUs, labelEndUs, latencyUs } = dataset;
  const isLater = (row: number): boolean => barEndUs[row]! > afterUs;
  const isPricedLater = (row: number): boolean => barEndUs[row]! + latencyUs > afterUs;
  const isKnown = (row: number): boolean => labelEndUs[row]! <= afterUs;
  return {
    ...dataset,
    inputs: otherInputs(dataset, isLater),
    entryPrice: mirroredPrices(dataset, isPricedLater, PRICE_STEP),
    halfSpreadBps: dataset.halfSpreadBps.map((bps, row) => (isPricedLater(row) ? 2 * bps : bps)),
    outcome: dataset.outcome.map((up, row) => (isKnown(row) ? up : 1 - up)),
    labelReturn: dataset.labelReturn.map((change, row) => (isKnown(row) ? change : -change)),
    hash: `${dataset.hash}, altered after ${afterUs}`,
  };
}

/** How the market goes another way. */
interface Alteration {
  /** Factor of all later prices. */
  readonly step: number;
  /** What an earlier row's label says then, from what it said. */
  readonly sent: (outcome: number) => number;
  readonly makeLabels: (dataset: Dataset) => Labels;
}

/** The dataset as it would be, had the market gone another way. */
function altered(dataset: Dataset, fold: Fold, { step, sent, makeLabels }: Alteration): Dataset {
  const { rows, barEndUs } = dataset;
  const firstUs = fold.test.reduce(
    (first, row) => Math.min(first, barEndUs[row]!),
    Number.POSITIVE_INFINITY,
  );
  const isAltered = (row: number): boolean => barEndUs[row]! >= firstUs;
  const fittedUs = lastFittedUs(dataset, fold);
  const inputs = otherInputs(dataset, (row) => isAltered(row) || barEndUs[row]! > fittedUs);
  const entryPrice = mirroredPrices(dataset, isAltered, step);
  const halfSpreadBps = dataset.halfSpreadBps.map((bps, row) => (isAltered(row) ? 2 * bps : bps));
  const reaches = reachingLabels(dataset, entryPrice, firstUs, makeLabels);
  const outcome = dataset.outcome.slice();
  const labelReturn = dataset.labelReturn.slice();
  for (let row = 0; row < rows; row++) {
    if (isAltered(row)) {
      outcome[row] = 1 - outcome[row]!;
      labelReturn[row] = -labelReturn[row]!;
    } else if (!Number.isNaN(outcome[row]!) && reaches(row)) {
      const up = sent(outcome[row]!);
      outcome[row] = up;
      labelReturn[row] = (2 * up - 1) * Math.abs(Math.log(step));
    }
  }
  // Another hash, so that no cache takes the altered data for the same.
  const hash = `${dataset.hash}, altered from ${firstUs} by ${step}`;
  return { ...dataset, inputs, entryPrice, halfSpreadBps, outcome, labelReturn, hash };
}

/**
 * Whether a row's label is made of altered prices: it comes out otherwise when it is made again. Prices between bars are not
 * among the rows', so that labels of such horizons are told by their ends.
 */
function reachingLabels(
  dataset: Dataset,
  entryPrice: Float64Array,
  firstUs: number,
  makeLabels: (dataset: Dataset) => Labels,
): (row: number) => boolean {
  const { horizonUs, barUs, labelEndUs } = dataset;
  if (horizonUs % barUs !== 0) return (row) => labelEndUs[row]! >= firstUs;
  const asItWas = makeLabels(dataset);
  const asItWouldBe = makeLabels({ ...dataset, entryPrice });
  return (row) => !Object.is(asItWas.labelReturn[row], asItWouldBe.labelReturn[row]);
}

/** Bar end of the last row that anything is fitted on, µs. */
function lastFittedUs({ barEndUs }: Dataset, fold: Fold): number {
  let lastUs = Number.NEGATIVE_INFINITY;
  for (const slice of FITTED_SLICES) {
    for (const row of fold[slice]) lastUs = Math.max(lastUs, barEndUs[row]!);
  }
  return lastUs;
}

/** Other inputs at some rows. */
function otherInputs(
  { rows, inputs, featureNames }: Dataset,
  isOther: (row: number) => boolean,
): Float32Array {
  const width = featureNames.length;
  const others = inputs.slice();
  for (let row = 0; row < rows; row++) {
    if (!isOther(row)) continue;
    for (let i = row * width; i < (row + 1) * width; i++) others[i] = otherInput(inputs[i]!);
  }
  return others;
}

/** A value of the other sign for every value, a missing one included. */
function otherInput(value: number): number {
  if (Number.isNaN(value)) return 1;
  return value > 0 ? -1 - 2 * value : 1 - 2 * value;
}

/** Prices from the first altered row of each symbol on: up where they went down, and a step away from all before. */
function mirroredPrices(
  { rows, entryPrice, symbolIndex }: Dataset,
  isAltered: (row: number) => boolean,
  step: number,
): Float64Array {
  const prices = entryPrice.slice();
  const mirrors = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const price = entryPrice[row]!;
    if (!isAltered(row) || Number.isNaN(price)) continue;
    const mirror = mirrors.get(symbolIndex[row]!) ?? price;
    mirrors.set(symbolIndex[row]!, mirror);
    prices[row] = (step * mirror * mirror) / price;
  }
  return prices;
}

/**
 * Labels made again by the dataset's own rule, symbol by symbol. Barriers are set from entry prices in place of those known
 * at bars' ends, which the dataset does not keep: it is the altered rows that count, and both times they are made alike.
 */
function ownLabels(dataset: Dataset): Labels {
  const { rows, barEndUs, entryPrice, symbolIndex, labelRule: rule } = dataset;
  const { barUs, horizonUs, latencyUs } = dataset;
  const outcome = new Float32Array(rows);
  const labelReturn = new Float64Array(rows);
  const labelEndUs = new Float64Array(rows);
  for (let from = 0, to = 0; from < rows; from = to) {
    while (to < rows && symbolIndex[to] === symbolIndex[from]) to++;
    const price = entryPrice.subarray(from, to);
    const prices = { barEndUs: barEndUs.subarray(from, to), entryPrice: price, knownPrice: price };
    const labels = labelsOf(prices, { rule, barUs, horizonUs, latencyUs });
    outcome.set(labels.outcome, from);
    labelReturn.set(labels.labelReturn, from);
    labelEndUs.set(labels.labelEndUs, from);
  }
  return { outcome, labelReturn, labelEndUs };
}

/** Bytes of every fitted array and text, as hexadecimal digits by name. */
export function fittedParts(predictor: Predictor): Map<string, string> {
  const { arrays, texts } = decodeSafetensors(predictorToBytes(predictor), "refit");
  const parts = new Map(Object.entries(texts));
  for (const [name, { values }] of Object.entries(arrays)) {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    parts.set(name, bytes.toString("hex"));
  }
  return parts;
}
