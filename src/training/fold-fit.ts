import type { LeftOutBySlice, SliceName } from "../dataset/slices.js";
import type { Predictor } from "../models/predictor.js";
import type { PenaltyChoice } from "./choose-penalty.js";

/** One epoch of training, as learning curves show it. */
export interface Epoch {
  /** Counted from 1; 0 is the start, before any step. */
  readonly epoch: number;
  /** Mean log-loss of the epoch's batches, dropout on (off in epoch 0). */
  readonly trainLoss: number;
  /** Mean log-loss on the early-stop slice, dropout off. */
  readonly earlyStopLoss: number;
  /** Share of sides called right on the early-stop slice, a tie half; NaN in bundles that are older than this figure. */
  readonly earlyStopAccuracy: number;
}

/** Rows that each slice of a fold gave to the fit. */
export interface SliceCounts {
  readonly train: number;
  readonly earlyStop: number;
  readonly calibrate: number;
  readonly test: number;
  /** Rows of all slices that have fewer gap-free rows before them than the model looks back on. */
  readonly withoutWindow: number;
  /** Rows that bad hours took from the slices that are fitted on. */
  readonly leftOut: LeftOutBySlice;
  /** Rows of the slices as they were used that no audit has judged. */
  readonly unaudited: Readonly<Record<SliceName, number>>;
  /** Test rows in bad hours: predicted and counted. */
  readonly badTest: number;
}

/** How an ensemble came of its members. */
export interface EnsembleFit {
  /** Rows of the calibration slice's first half, which the members' calibrators were fitted on. */
  readonly firstRows: number;
  /** Rows of the first half whose labels reach the second: left out. */
  readonly purgedRows: number;
  /** Rows of the second half, which weights and the ensemble's calibrator were fitted on. */
  readonly secondRows: number;
  /**
   * How much of what is said is each member's, as a ratio: weight times root mean square of its calibrated log-odds over the second
   * half. A member that knows nothing has log-odds near 0, and then says nothing whatever its weight.
   */
  readonly voices: readonly number[];
}

/** What training on one fold gave. */
export interface FoldFit {
  readonly predictor: Predictor;
  readonly counts: SliceCounts;
  /** Rows that the calibrator was fitted on, in the dataset's order; of an ensemble those of the slice's second half. */
  readonly calibrateRows: Uint32Array;
  /** The model's log-odds at each of them, so that other calibrators can be compared without it. */
  readonly calibrateLogits: Float64Array;
  /** Test rows that were predicted, in the dataset's order. */
  readonly testRows: Uint32Array;
  /** The model's log-odds at each of them. */
  readonly testLogits: Float64Array;
  /** Probability of "up" at each of them before calibration: the sigmoid of the log-odds. */
  readonly rawProbability: Float64Array;
  /** The same, calibrated. */
  readonly probability: Float64Array;
  /** Other rows of the test's time, which are traded and never scored, in the dataset's order. */
  readonly untestedRows: Uint32Array;
  /** Calibrated probability of "up" at each of them; NaN where the model cannot be asked. */
  readonly untestedProbability: Float64Array;
  /** Empty for models that are not trained in epochs. */
  readonly history: readonly Epoch[];
  /** How strongly weights are held back, and how that was chosen; of logistic regressions only. */
  readonly penalty?: PenaltyChoice;
  /** Of ensembles only. */
  readonly ensemble?: EnsembleFit;
}
