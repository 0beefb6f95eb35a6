// What did the inputs look like that a model was trained on? Kept with it, so that it can tell when it is shown others.
import { binOf, stabilityIndex } from "../core/population-stability.js";
import { quantile, sortedQuantile } from "../core/statistics.js";
import {
  decodeSafetensors,
  encodeSafetensors,
  requireArray,
  type StoredArray,
} from "./safetensors.js";
import { fitStandardScaler, type StandardScaler, scaleRow } from "./standard-scaler.js";
import { storedJson, unusable } from "./stored-text.js";

/** Its name in a bundle. */
export const PROFILE_FILE = "profile.safetensors";

/** Bins of an input: tenths of its training values. */
export const PROFILE_BINS = 10;
const EDGES = PROFILE_BINS - 1;

/** Of the training rows, this share lies within the usual distance from their mean; what is a quarter beyond is foreign. */
const USUAL_SHARE = 0.9995;
const BEYOND = 1.25;

/** A day that moved more than this, and half as far again as any training day, is a shift. */
const LEAST_SHIFT = 0.25;
const SHIFT_BEYOND = 1.5;

/** How the training rows of a model are distributed. */
export interface InputProfile {
  readonly featureNames: readonly string[];
  /** Mean and deviation of the training rows. */
  readonly scaler: StandardScaler;
  /** Input by input, the nine values that cut its training values into tenths. */
  readonly edges: Float64Array;
  /** Input by input, training rows in each bin; those without a value are in none. */
  readonly counts: Float64Array;
  /** Distance beyond which a row is none that training has seen. */
  readonly distanceLimit: number;
  /** Mean stability index over the inputs beyond which a day's rows are others than those of training. */
  readonly shiftLimit: number;
  /** Least |probability − ½| that is acted on, as the calibration slice set it. */
  readonly threshold: number;
}

/**
 * Looks at training rows.
 *
 * @param inputs - rows × names, row by row, NaN where missing
 * @param rows - numbers of the training rows
 * @param dayOf - tells the symbol-days of rows apart, by which it is known how much a day may differ from all of them
 */
export function fitInputProfile(
  inputs: Float32Array,
  featureNames: readonly string[],
  rows: Uint32Array,
  { dayOf, threshold }: { readonly dayOf: (row: number) => number; readonly threshold: number },
): InputProfile {
  const scaler = fitStandardScaler(inputs, featureNames, rows, { allowsEmpty: true });
  const edges = edgesOf(inputs, featureNames.length, rows);
  const counts = new Float64Array(featureNames.length * PROFILE_BINS);
  for (const row of rows) countRow(edges, inputs, row * featureNames.length, counts);
  const distances = Float64Array.from(rows, (row) => inputDistance(scaler, inputs, row));
  const days = dayCounts({ edges, inputs, width: featureNames.length }, rows, dayOf);
  const shifts = days.map((day) => inputShift(counts, day));
  return {
    featureNames,
    scaler,
    edges,
    counts,
    distanceLimit: BEYOND * quantile(distances, USUAL_SHARE),
    shiftLimit: Math.max(LEAST_SHIFT, SHIFT_BEYOND * Math.max(0, ...shifts)),
    threshold,
  };
}

/**
 * Distance of a row from the training mean: root mean square of its inputs in deviations, each cut at ±8, missing ones left
 * out as the mean that they are to a model.
 */
export function inputDistance(scaler: StandardScaler, inputs: Float32Array, row: number): number {
  const width = scaler.mean.length;
  const scaled = new Float64Array(width);
  scaleRow(scaler, inputs, row, scaled, 0);
  let squares = 0;
  for (let j = 0; j < width; j++) squares += scaled[j]! * scaled[j]!;
  return Math.sqrt(squares / width);
}

/** Bin of an input's value. */
export function binAt(edges: Float64Array, input: number, value: number): number {
  return binOf(edges, input * EDGES, EDGES, value);
}

/** Adds a row to the counts of its bins. */
export function countRow(
  edges: Float64Array,
  inputs: ArrayLike<number>,
  at: number,
  counts: Float64Array,
): void {
  for (let j = 0; j < counts.length / PROFILE_BINS; j++) {
    const value = inputs[at + j]!;
    if (Number.isNaN(value)) continue;
    counts[j * PROFILE_BINS + binAt(edges, j, value)]!++;
  }
}

/** Mean stability index over the inputs that both have values of; 0 where there is none. */
export function inputShift(expected: Float64Array, actual: Float64Array): number {
  let sum = 0;
  let inputs = 0;
  for (let from = 0; from < expected.length; from += PROFILE_BINS) {
    const index = stabilityIndex(expected, actual, from, PROFILE_BINS);
    if (Number.isNaN(index)) continue;
    sum += index;
    inputs++;
  }
  return inputs === 0 ? 0 : sum / inputs;
}

function edgesOf(inputs: Float32Array, width: number, rows: Uint32Array): Float64Array {
  const edges = new Float64Array(width * EDGES);
  for (let j = 0; j < width; j++) {
    const values = Float64Array.from(rows, (row) => inputs[row * width + j]!)
      .filter((value) => !Number.isNaN(value))
      .sort();
    for (let k = 0; k < EDGES; k++) {
      edges[j * EDGES + k] =
        values.length === 0 ? 0 : sortedQuantile(values, (k + 1) / PROFILE_BINS);
    }
  }
  return edges;
}

/** Counts of each symbol-day that has at least half as many rows as the fullest. */
function dayCounts(
  { edges, inputs, width }: { edges: Float64Array; inputs: Float32Array; width: number },
  rows: Uint32Array,
  dayOf: (row: number) => number,
): readonly Float64Array[] {
  const days = new Map<number, { readonly counts: Float64Array; rows: number }>();
  for (const row of rows) {
    const day = dayOf(row);
    const seen = days.get(day) ?? { counts: new Float64Array(width * PROFILE_BINS), rows: 0 };
    days.set(day, seen);
    countRow(edges, inputs, row * width, seen.counts);
    seen.rows++;
  }
  const fullest = Math.max(...[...days.values()].map((day) => day.rows));
  return [...days.values()].filter((day) => 2 * day.rows >= fullest).map(({ counts }) => counts);
}

/** A profile as one file in safetensors form. */
export function profileToBytes(profile: InputProfile): Uint8Array {
  const { featureNames, scaler, edges, counts, distanceLimit, shiftLimit, threshold } = profile;
  const array = (values: Float64Array, ...shape: readonly number[]): StoredArray => {
    return { shape, values };
  };
  const width = featureNames.length;
  const arrays = {
    mean: array(scaler.mean, width),
    deviation: array(scaler.deviation, width),
    edges: array(edges, width, EDGES),
    counts: array(counts, width, PROFILE_BINS),
    limits: array(Float64Array.of(distanceLimit, shiftLimit, threshold), 3),
  };
  return encodeSafetensors({
    arrays,
    texts: { features: JSON.stringify(featureNames) },
  });
}

/**
 * A profile from its file.
 *
 * @param file - its name, for errors
 * @throws {DataError} the file is damaged, or its arrays do not fit its features
 */
export function profileFromBytes(bytes: Uint8Array, file: string): InputProfile {
  const stored = decodeSafetensors(bytes, file);
  const names = storedJson(stored.texts["features"]);
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    throw unusable(file, "had no list of its features");
  }
  const width = names.length;
  const doubles = (name: string, shape: readonly number[]): Float64Array =>
    requireArray(stored, name, [...shape], Float64Array, file);
  const [distanceLimit, shiftLimit, threshold] = doubles("limits", [3]);
  return {
    featureNames: names as readonly string[],
    scaler: { mean: doubles("mean", [width]), deviation: doubles("deviation", [width]) },
    edges: doubles("edges", [width, EDGES]),
    counts: doubles("counts", [width, PROFILE_BINS]),
    distanceLimit: distanceLimit!,
    shiftLimit: shiftLimit!,
    threshold: threshold!,
  };
}
