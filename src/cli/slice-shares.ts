import { OptionError } from "../core/errors.js";
import type { SliceShares } from "../dataset/folds.js";

/**
 * Shares of a fold's slices as `--shares` names them: training, early stop, calibration, test.
 *
 * @param text - for example `0.35,0.05,0.1,0.5`
 * @throws {OptionError} they are not four shares above 0 that add up to 1
 */
export function sliceShares(text: string): SliceShares {
  const shares = text.split(",").map((part) => (/^\s*0?\.\d+\s*$/.test(part) ? Number(part) : 0));
  const [train = 0, earlyStop = 0, calibrate = 0, test = 0] = shares;
  const sum = train + earlyStop + calibrate + test;
  const isWhole = shares.length === 4 && Math.abs(sum - 1) < 1e-9;
  if (isWhole && shares.every((share) => share > 0)) return { train, earlyStop, calibrate, test };
  throw new OptionError({
    column: "--shares",
    message: `was ${JSON.stringify(text)}, expected four shares above 0 that add up to 1`,
    fix: "give those of training, early stop, calibration and test, for example 0.55,0.1,0.15,0.2",
  });
}
