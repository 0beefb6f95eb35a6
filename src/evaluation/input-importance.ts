// What do models make of their inputs? Slopes of the log-odds at the test's windows, by family of features and by step back.

import {
  blockLengthUs,
  type Uncertainty,
  weightedBlockBootstrap,
} from "../core/block-bootstrap.js";
import { OptionError } from "../core/errors.js";
import { POSITIVE, RATIO } from "../core/figure-range.js";
import { isShortfall, type Shortfall, shortfall } from "../core/shortfall.js";
import { totalWeight, weightedSum } from "../core/weighted-sum.js";
import type { Dataset } from "../dataset/matrix.js";
import { catalogue } from "../features/catalogue.js";
import { inputGradient, isSloped } from "../models/input-gradient.js";
import type { TrainedModel } from "../training/trained-model.js";
import { askedWindows, type WindowsRequest } from "./asked-windows.js";
import type { Experiment } from "./experiment.js";

/** Share of a family of features in what moves a model. */
export interface FamilyImportance {
  readonly family: string;
  /** Features of the family that the model reads; their share of all features is what equal slopes would give. */
  readonly features: number;
  readonly share: Uncertainty;
}

/** What moves a model's log-odds at the windows of its test. */
export interface InputImportance {
  readonly model: string;
  /** Windows that were asked. */
  readonly windows: number;
  readonly features: number;
  /** Mean over windows of Σ |slope|, all inputs of all steps: how far one deviation of each can move the log-odds. */
  readonly reach: Uncertainty;
  /** In the catalogue's order; shares sum to 1. */
  readonly families: readonly FamilyImportance[];
  /** Share of each step, the newest one first; shares sum to 1. */
  readonly steps: readonly Uncertainty[];
  /** Share of all steps before the newest. */
  readonly history: Uncertainty;
}

/**
 * Importance of inputs to each of some models that have slopes; the others, such as rules, are left out.
 *
 * @returns in the order of the models; what is missing where no model has slopes
 */
export async function inputImportances(
  experiment: Experiment | Shortfall,
  models: readonly (TrainedModel | Shortfall)[],
  request: WindowsRequest,
): Promise<readonly InputImportance[] | Shortfall> {
  if (isShortfall(experiment)) return experiment;
  const found: InputImportance[] = [];
  for (const model of models) {
    if (isShortfall(model) || !model.folds.every((fold) => isSloped(fold.predictor.model)))
      continue;
    found.push(await inputImportance(experiment.dataset, model, request));
  }
  const what = "models whose log-odds have slopes";
  return found.length > 0
    ? found
    : (models.find(isShortfall) ?? shortfall({ step: "weigh inputs", what, has: 0, needs: 1 }));
}

/**
 * Mean size of the slopes of the log-odds, before calibration, by the scaled inputs of each step, over windows of the test, and
 * its shares. Summed over inputs it is how far the log-odds move, to first order, when each input moves by one deviation the way
 * it pulls. Sizes, not squares: what lasts is read off many steps by a small weight each, which squares would hardly see.
 *
 * It tells what the model reads, not what drives the market, and sees no further than a straight line at each window. Inputs that
 * move together, such as neighbouring steps, share their weight in any way, and slopes that are noise add up as well: a
 * share near that of equal slopes says little.
 *
 * @returns figures with 95 % intervals over blocks of time, of the model as it was fitted
 * @throws {OptionError} the model has no slopes
 * @see Baehrens et al. (2010), How to Explain Individual Classification Decisions; Simonyan, Vedaldi & Zisserman (2014), Deep
 *   Inside Convolutional Networks (saliency maps); Adebayo et al. (2018), Sanity Checks for Saliency Maps (their limits)
 */
export async function inputImportance(
  dataset: Dataset,
  { name, folds }: Pick<TrainedModel, "name" | "folds">,
  { seed, ...request }: WindowsRequest,
): Promise<InputImportance> {
  const { featureNames, barEndUs, barUs, inputs } = dataset;
  const families = familiesOf(featureNames);
  const { rows: asked, batches } = askedWindows(folds, request);
  const parts: SlopeSizes[] = [];
  for (const { predictor, rows } of batches) {
    const { scaler, model } = predictor;
    if (!isSloped(model)) throw noSlopes(name);
    const { steps, values } = await inputGradient({ scaler, model }, inputs, rows);
    parts.push(slopeSizes(values, { steps, rows: rows.length, families }));
  }
  const timeUs = Float64Array.from(asked, (row) => barEndUs[row]!);
  const columns = {
    total: joined(parts, ({ total }) => total),
    families: families.names.map((_, k) => joined(parts, (part) => part.families[k]!)),
    steps: (parts[0]?.steps ?? []).map((_, back) => joined(parts, (part) => part.steps[back]!)),
  };
  const figures = weightedBlockBootstrap(timeUs, (weight) => sharesOf(columns, weight), {
    ...{ blockUs: blockLengthUs(dataset, timeUs), barUs, seed },
    rangeOf: (figure) => (figure === "reach" ? POSITIVE : RATIO),
  });
  return {
    model: name,
    windows: timeUs.length,
    features: featureNames.length,
    reach: figures["reach"]!,
    families: families.names.map((family, k) => {
      return { family, features: families.sizes[k]!, share: figures[`family ${k}`]! };
    }),
    steps: columns.steps.map((_, back) => figures[`step ${back}`]!),
    history: figures["history"]!,
  };
}

/** Families of the catalogue that some features are of, and each feature's place among them. */
interface Families {
  readonly names: readonly string[];
  readonly sizes: readonly number[];
  readonly of: Uint8Array;
}

function familiesOf(featureNames: readonly string[]): Families {
  const known = new Map(catalogue().map(({ name, family }): [string, string] => [name, family]));
  const each = featureNames.map((name) => known.get(name)!);
  const names = [...new Set(known.values())].filter((family) => each.includes(family));
  return {
    names,
    sizes: names.map((name) => each.filter((family) => family === name).length),
    of: Uint8Array.from(each, (family) => names.indexOf(family)),
  };
}

/** Sums of |slope|, one number a window in each column. */
interface SlopeSizes {
  readonly total: Float64Array;
  readonly families: readonly Float64Array[];
  /** The newest first. */
  readonly steps: readonly Float64Array[];
}

function slopeSizes(
  slopes: Float32Array,
  { steps, rows, families }: { steps: number; rows: number; families: Families },
): SlopeSizes {
  const columns = (count: number): Float64Array[] =>
    Array.from({ length: count }, () => new Float64Array(rows));
  const [total] = columns(1);
  const sums = { total: total!, families: columns(families.names.length), steps: columns(steps) };
  const width = families.of.length;
  for (let step = 0; step < steps; step++) {
    const ofStep = sums.steps[steps - 1 - step]!;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < width; j++) {
        const size = Math.abs(slopes[(step * rows + i) * width + j]!);
        ofStep[i]! += size;
        sums.families[families.of[j]!]![i]! += size;
      }
      sums.total[i]! += ofStep[i]!;
    }
  }
  return sums;
}

function joined(
  parts: readonly SlopeSizes[],
  column: (part: SlopeSizes) => Float64Array,
): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...column(part)]));
}

function sharesOf(
  { total, families, steps }: SlopeSizes,
  weight: Uint32Array,
): Readonly<Record<string, number>> {
  const all = weightedSum(weight, total);
  const share = (column: Float64Array): number => weightedSum(weight, column) / all;
  const each = (name: string, columns: readonly Float64Array[]): [string, number][] =>
    columns.map((column, k) => [`${name} ${k}`, share(column)]);
  return {
    reach: all / totalWeight(weight),
    ...Object.fromEntries([...each("family", families), ...each("step", steps)]),
    history: 1 - share(steps[0] ?? total),
  };
}

function noSlopes(name: string): OptionError {
  return new OptionError({
    column: "model",
    message: `was ${name}, whose log-odds have no slopes by its inputs`,
    fix: "ask a logistic regression or a network",
  });
}
