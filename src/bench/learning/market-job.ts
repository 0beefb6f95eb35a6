// One market from its seed to what each model knows of it, by the truth where there is one.

import {
  blockLengthUs,
  type Uncertainty,
  weightedBlockBootstrap,
} from "../../core/block-bootstrap.js";
import { WorkbenchError } from "../../core/errors.js";
import { isShortfall, type Shortfall, shortfallText } from "../../core/shortfall.js";
import { totalWeight, weightedSum } from "../../core/weighted-sum.js";
import { walkForwardFolds } from "../../dataset/folds.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { hits } from "../../evaluation/accuracy.js";
import { type Truth, weightedCeilings } from "../../evaluation/ceilings.js";
import { onCommonRows } from "../../evaluation/common-rows.js";
import { LOGISTIC_SETTINGS, modelName, type TrainingSettings } from "../../training/settings.js";
import { trainFold } from "../../training/train-fold.js";
import type { Question } from "../placebo/questions.js";
import { smallMarket } from "../placebo/small-market.js";
import type { NetworkSettings } from "./networks.js";

/** A market to learn from; plain data, so that it can be sent to a process. */
export interface LearningJob {
  readonly question: Question;
  readonly seed: number;
  readonly networks: readonly NetworkSettings[];
}

/** What a model knew of one market. */
export interface Learned {
  readonly model: string;
  /** Share of test rows whose side came true. */
  readonly accuracy: Uncertainty;
  /** Share of (attainable accuracy − ½) by true probabilities; only where something is attainable. */
  readonly share?: Uncertainty;
  /** By how much that lies above the logistic regression's, over the same resamples; not of the regression itself. */
  readonly aboveLogistic?: Uncertainty;
  /** What fits and predictions of all folds took. */
  readonly seconds: number;
}

/** What came of one market. */
export interface LearningFindings {
  readonly seed: number;
  /** Days of all symbols together. */
  readonly symbolDays: number;
  /** Test rows that every model predicted. */
  readonly rows: number;
  /** By true probabilities; ½ where nothing is attainable. */
  readonly attainableAccuracy: number;
  /** The logistic regression first, then the networks. */
  readonly models: readonly Learned[];
}

interface Predicted {
  readonly model: string;
  readonly rows: Uint32Array;
  readonly probability: Float64Array;
  readonly seconds: number;
}

/**
 * Trains the logistic regression and the networks on every fold of a market, as a user's experiment does. Only their test rows
 * are held against the truth, which nothing was fitted or stopped by.
 *
 * @throws {WorkbenchError} the market has too few days
 */
export async function learnMarket({
  question,
  seed,
  networks,
}: LearningJob): Promise<LearningFindings> {
  const { dataset, truth } = await smallMarket(question.market, seed);
  const folds = wanted(walkForwardFolds(dataset, question.folds));
  const predicted: Predicted[] = [];
  for (const settings of [LOGISTIC_SETTINGS, ...networks]) {
    predicted.push(await predictedBy(dataset, folds, settings, seed));
  }
  const { days, symbols } = question.market;
  return { seed, symbolDays: days * symbols, ...judged(dataset, predicted, truth, seed) };
}

async function predictedBy(
  dataset: Dataset,
  folds: readonly Fold[],
  settings: TrainingSettings,
  seed: number,
): Promise<Predicted> {
  const begin = performance.now();
  const rows: number[] = [];
  const probability: number[] = [];
  for (const fold of folds) {
    const fit = wanted(await trainFold(dataset, fold, settings, seed));
    rows.push(...fit.testRows);
    probability.push(...fit.probability);
  }
  return {
    model: modelName(settings),
    rows: Uint32Array.from(rows),
    probability: Float64Array.from(probability),
    seconds: (performance.now() - begin) / 1000,
  };
}

function judged(
  dataset: Dataset,
  predicted: readonly Predicted[],
  truth: Truth | undefined,
  seed: number,
): Omit<LearningFindings, "seed" | "symbolDays"> {
  const { rows, models } = onCommonRows(predicted);
  const at = (column: ArrayLike<number>): Float64Array =>
    Float64Array.from(rows, (row) => column[row]!);
  const known = truth && { oracleUp: at(truth.oracleUp), attainableUp: at(truth.attainableUp) };
  const outcome = at(dataset.outcome);
  const timeUs = at(dataset.barEndUs);
  const { barUs } = dataset;
  const options = { blockUs: blockLengthUs(dataset, timeUs), barUs, seed };
  const [first] = models;
  const of = models.map(({ probability }) => ({
    hit: hits(probability, outcome),
    ceilings: known && weightedCeilings(probability, known),
  }));
  const figures = weightedBlockBootstrap(
    timeUs,
    (weight) => {
      const total = totalWeight(weight);
      const shares = of.map(({ ceilings }) => ceilings?.(weight).attainableShare ?? Number.NaN);
      return Object.fromEntries(
        models.flatMap(({ model }, i) => [
          [`accuracy of ${model}`, weightedSum(weight, of[i]!.hit) / total],
          [`share of ${model}`, shares[i]!],
          [`lead of ${model}`, shares[i]! - shares[0]!],
        ]),
      );
    },
    options,
  );
  const everyRow = new Uint32Array(rows.length).fill(1);
  return {
    rows: rows.length,
    attainableAccuracy: of[0]?.ceilings?.(everyRow).attainable ?? 0.5,
    models: models.map(({ model, seconds }) => ({
      model,
      accuracy: figures[`accuracy of ${model}`]!,
      ...(known && { share: figures[`share of ${model}`]! }),
      ...(known && model !== first?.model && { aboveLogistic: figures[`lead of ${model}`]! }),
      seconds,
    })),
  };
}

/** What is missing in a market is a fault of the question. */
function wanted<Thing extends object>(thing: Thing | Shortfall): Thing {
  if (isShortfall(thing)) throw new WorkbenchError({ message: shortfallText(thing) });
  return thing;
}
