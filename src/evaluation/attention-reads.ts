// Which bars does a Transformer read? How much its newest step reads of each step back, head by head, over the test's windows.

import {
  blockLengthUs,
  type Uncertainty,
  weightedBlockBootstrap,
} from "../core/block-bootstrap.js";
import { RATIO } from "../core/figure-range.js";
import { isShortfall, type Shortfall, shortfall } from "../core/shortfall.js";
import { totalWeight, weightedSum } from "../core/weighted-sum.js";
import type { Dataset } from "../dataset/matrix.js";
import { buildTransformer, type Transformer, transformerAttention } from "../models/transformer.js";
import { gatherWindows } from "../models/windows.js";
import type { TrainedModel } from "../training/trained-model.js";
import { askedWindows, type WindowsRequest } from "./asked-windows.js";
import type { Experiment } from "./experiment.js";

/** What one head reads, by the mean over windows. */
export interface HeadAttention {
  /** Counted from 1, as heads are. */
  readonly layer: number;
  readonly head: number;
  /** Weight of each step, the newest one first; they sum to 1. */
  readonly weights: readonly number[];
  /** The same before training, by the seed's draws alone. */
  readonly start: readonly number[];
  /** Share of the weight that training has moved to other steps: ½ Σ |weight − start|. */
  readonly moved: number;
  /** Weight of the newest steps together. */
  readonly recent: Uncertainty;
}

/** What the newest step reads of a window, layer by layer. */
export interface AttentionReads {
  readonly model: string;
  readonly windows: number;
  readonly steps: number;
  /** How many of the newest steps count as recent. */
  readonly recentSteps: number;
  readonly heads: readonly HeadAttention[];
}

/** A sixth of a window: of an hour's the last ten minutes. */
const RECENT_SHARE = 1 / 6;

/**
 * What the first Transformer among some models reads at the windows of its test.
 *
 * @returns what is missing where there is none
 */
export async function attentionReads(
  experiment: Experiment | Shortfall,
  models: readonly (TrainedModel | Shortfall)[],
  request: WindowsRequest,
): Promise<AttentionReads | Shortfall> {
  if (isShortfall(experiment)) return experiment;
  for (const model of models) {
    if (isShortfall(model)) continue;
    const networks = model.folds.map(({ predictor }) => predictor.model);
    if (networks.every(isTransformer)) return await attentionOf(experiment.dataset, model, request);
  }
  const what = "Transformers";
  return (
    models.find(isShortfall) ?? shortfall({ step: "look at attention", what, has: 0, needs: 1 })
  );
}

/**
 * Mean weights of the newest step's attention over windows of the test, folds together, each by its own model. They say where
 * a head takes its numbers from, not what it makes of them, and deeper layers read steps that have read others before. Heads
 * that were never trained read some steps more than others, too; so those stand beside them.
 *
 * @see Vaswani et al. (2017), Attention Is All You Need; Jain & Wallace (2019), Attention is not Explanation, for the limits;
 *   Adebayo et al. (2018), Sanity Checks for Saliency Maps, for the untrained model
 */
async function attentionOf(
  dataset: Dataset,
  { name, folds, seed: drawn }: TrainedModel,
  { seed, ...request }: WindowsRequest,
): Promise<AttentionReads> {
  const shape = folds[0]!.predictor.model as Transformer;
  const { steps, layers, heads } = shape;
  const recentSteps = Math.max(1, Math.round(RECENT_SHARE * steps));
  const { rows, batches } = askedWindows(folds, request);
  const sums = (): HeadSums[] =>
    Array.from({ length: layers * heads }, () => ({
      byStep: new Float64Array(steps),
      recent: new Float64Array(rows.length),
    }));
  const [trained, fresh] = [sums(), sums()];
  const start = buildTransformer(shape, drawn);
  for (const { predictor, rows: ends, first } of batches) {
    const windows = gatherWindows(predictor.scaler, dataset.inputs, ends, steps);
    const place = { shape, count: ends.length, first, recentSteps };
    addWeights(trained, await transformerAttention(predictor.model as Transformer, windows), place);
    addWeights(fresh, await transformerAttention(start, windows), place);
  }
  const columns = trained.map(({ recent }) => recent);
  const recent = recentWeights(dataset, rows, { columns, seed });
  const means = (of: HeadSums): number[] => Array.from(of.byStep, (sum) => sum / rows.length);
  return {
    model: name,
    windows: rows.length,
    steps,
    recentSteps,
    heads: trained.map((own, place) => {
      const [weights, before] = [means(own), means(fresh[place]!)];
      const apart = weights.reduce(
        (sum, weight, back) => sum + Math.abs(weight - before[back]!),
        0,
      );
      return {
        layer: 1 + Math.floor(place / heads),
        head: 1 + (place % heads),
        weights,
        start: before,
        moved: apart / 2,
        recent: recent[place]!,
      };
    }),
  };
}

/** What is added up of a head. */
interface HeadSums {
  /** Sum over windows of each step's weight, the newest one first. */
  readonly byStep: Float64Array;
  /** Of each window the weight of its newest steps. */
  readonly recent: Float64Array;
}

/** Adds the weights of a batch, layers × count × heads × steps, to those of its heads. */
function addWeights(
  sums: readonly HeadSums[],
  weights: Float32Array,
  {
    shape: { steps, heads },
    count,
    first,
    recentSteps,
  }: {
    readonly shape: Pick<Transformer, "steps" | "heads">;
    readonly count: number;
    readonly first: number;
    readonly recentSteps: number;
  },
): void {
  for (let at = 0; at < weights.length; at++) {
    const back = steps - 1 - (at % steps);
    const line = Math.floor(at / steps);
    const window = Math.floor(line / heads);
    const { byStep, recent } = sums[Math.floor(window / count) * heads + (line % heads)]!;
    byStep[back]! += weights[at]!;
    if (back < recentSteps) recent[first + (window % count)]! += weights[at]!;
  }
}

/** Mean of each column over the windows that end at some rows. */
function recentWeights(
  dataset: Dataset,
  rows: Uint32Array,
  { columns, seed }: { readonly columns: readonly Float64Array[]; readonly seed: number },
): readonly Uncertainty[] {
  const timeUs = Float64Array.from(rows, (row) => dataset.barEndUs[row]!);
  const figures = weightedBlockBootstrap(
    timeUs,
    (weight): Readonly<Record<string, number>> => {
      const all = totalWeight(weight);
      return Object.fromEntries(columns.map((column, k) => [k, weightedSum(weight, column) / all]));
    },
    { blockUs: blockLengthUs(dataset, timeUs), barUs: dataset.barUs, seed, rangeOf: () => RATIO },
  );
  return columns.map((_, k) => figures[k]!);
}

function isTransformer(model: { readonly kind: string }): boolean {
  return model.kind === "transformer";
}
