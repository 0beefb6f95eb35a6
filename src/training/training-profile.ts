import { DAY_US } from "../core/time.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { fitInputProfile, type InputProfile } from "../models/input-profile.js";
import { surenessThreshold } from "../models/sureness.js";
import type { FoldFit } from "./fold-fit.js";
import type { TrainingSettings } from "./settings.js";

/** More symbols than any dataset has. */
const SYMBOLS = 1024;

/**
 * What the model that would run, the last fold's, was trained on, and from which sureness on it acts. Rows are the fold's, also
 * those few that a longer window or a bad hour kept from the fit.
 */
export function profileOf(
  { inputs, featureNames, barEndUs, barUs, symbolIndex }: Dataset,
  folds: readonly Pick<Fold, "train">[],
  fits: readonly Pick<FoldFit, "predictor" | "calibrateLogits">[],
  { coverage }: TrainingSettings,
): InputProfile {
  const { predictor, calibrateLogits } = fits.at(-1)!;
  return fitInputProfile(inputs, featureNames, folds.at(-1)!.train, {
    dayOf: (row) => SYMBOLS * Math.floor((barEndUs[row]! - barUs) / DAY_US) + symbolIndex[row]!,
    threshold: surenessThreshold(predictor.calibrator, calibrateLogits, coverage),
  });
}
