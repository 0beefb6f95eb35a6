import { blockLengthUs, weightedBlockBootstrap } from "../../core/block-bootstrap.js";
import { blockCount } from "../../core/resample.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import type { SliceShares } from "../../dataset/folds.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { weightedCalls } from "../weighted-figures.js";
import { outcomesAt, shortOfBlocks } from "./canary.js";
import { FREE_SETTINGS, type Pipeline } from "./pipeline.js";

/** How one walk came out. */
export interface WalkScore {
  readonly accuracy: number;
  /** Of the accuracy itself, whatever side the calls are on. */
  readonly standardError: number;
  /** Blocks of time that the test fills. */
  readonly blocks: number;
}

/**
 * Fits a pipeline's model on a walk and scores it.
 *
 * @param walked - the dataset that the pipeline makes of the walk
 * @param fold - of the evaluated dataset, in whose proportions the walk is cut into slices
 * @returns the score; or what is missing to fit
 */
export async function walkScore(
  walked: Dataset,
  fold: Fold,
  { pipeline, seed }: { readonly pipeline: Pipeline; readonly seed: number },
): Promise<WalkScore | Shortfall> {
  const folds = pipeline.split(walked, { shares: sharesOf(fold) });
  if (isShortfall(folds)) return folds;
  const fit = await pipeline.fit(walked, folds[0]!, FREE_SETTINGS);
  if (isShortfall(fit)) return fit;
  const { testRows, probability } = fit;
  const outcome = outcomesAt(walked, testRows);
  const times = Float64Array.from(testRows, (row) => walked.barEndUs[row]!);
  const block = { blockUs: blockLengthUs(walked, times), barUs: walked.barUs };
  const blocks = blockCount(times, block);
  const short = shortOfBlocks(blocks, block);
  if (short !== undefined) return short;
  const { accuracy } = weightedBlockBootstrap(times, weightedCalls({ probability, outcome }), {
    ...block,
    seed,
    replicates: 100,
  });
  return { accuracy: accuracy.estimate, standardError: accuracy.standardError, blocks };
}

/** Which shares of its rows a fold gives to its slices. */
export function sharesOf({ train, earlyStop, calibrate, test }: Fold): SliceShares {
  const all = train.length + earlyStop.length + calibrate.length + test.length;
  return {
    train: train.length / all,
    earlyStop: earlyStop.length / all,
    calibrate: calibrate.length / all,
    test: test.length / all,
  };
}
