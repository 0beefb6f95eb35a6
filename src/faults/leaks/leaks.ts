import { BASELINE, type Pipeline } from "../../evaluation/canaries/pipeline.js";
import {
  bookCarriedOverGaps,
  entryBeforeDecision,
  featuresOfNextBar,
  labelABarEarly,
  rowsByOutcome,
  shuffledRows,
  withoutPurge,
} from "./leaky-data.js";
import {
  calibratedOnTest,
  coverageFromTest,
  scaledByAll,
  stoppedOnTest,
  thresholdFromTest,
} from "./leaky-fits.js";

/** A way for the future to get into an otherwise honest pipeline. */
export interface Leak {
  /** To choose it by. */
  readonly name: string;
  /** In words. */
  readonly fault: string;
  /** The canary that must come out wrong. */
  readonly caughtBy: string;
  /** What that canary must say has moved, where it says so. */
  readonly moves?: string;
  readonly pipeline: Pipeline;
}

const leak = (
  name: string,
  fault: string,
  caughtBy: string,
  { moves, ...step }: Partial<Pipeline> & Pick<Leak, "moves">,
): Leak => ({
  ...{ name, fault, caughtBy, pipeline: { ...BASELINE, ...step } },
  ...(moves === undefined ? {} : { moves }),
});

/** Leaks of a pipeline, in the order they are planted. */
export const LEAKS: readonly Leak[] = [
  leak("scaler", "scaler on all data", "altered test", {
    ...{ fit: scaledByAll, moves: "scaler.mean" },
  }),
  leak("purge", "purge off", "altered test", { split: withoutPurge }),
  leak("shuffled-split", "shuffled split over pooled rows", "altered test", {
    split: shuffledRows,
  }),
  leak("calibration", "calibration on the test", "altered test", {
    ...{ fit: calibratedOnTest, moves: "calibrator." },
  }),
  leak("early-stop", "stop chosen on the test", "altered test labels", { fit: stoppedOnTest }),
  leak("threshold", "threshold chosen on the test", "altered test labels", {
    fit: thresholdFromTest,
  }),
  leak("coverage", "coverage chosen on the test", "altered test labels", { fit: coverageFromTest }),
  leak("label-shift", "label a bar early", "random walk, a bar ahead", {
    assemble: labelABarEarly,
  }),
  leak("entry", "entry before the decision", "random walk, a bar ahead", {
    assemble: entryBeforeDecision,
  }),
  leak("next-bar", "features of the next bar", "random walk, a bar ahead", {
    assemble: featuresOfNextBar,
  }),
  leak("outcome", "rows chosen by their outcome", "gaps of the random walk", {
    assemble: rowsByOutcome,
  }),
  leak("forward-fill", "book carried through gaps", "gaps of the random walk", {
    series: bookCarriedOverGaps,
  }),
];
