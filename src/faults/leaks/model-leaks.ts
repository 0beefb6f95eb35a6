// Leaks of one evaluated model alone, which canaries that fit the logistic baseline do not see.
import { isShortfall } from "../../core/shortfall.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { actedOn } from "../../evaluation/acted-on.js";
import { BASELINE } from "../../evaluation/canaries/pipeline.js";
import {
  MODEL_STEPS,
  type ModelSteps,
  refittedModels,
} from "../../evaluation/canaries/refitted-models.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { MLP_SETTINGS, type MlpSettings } from "../../training/settings.js";
import { trainFold } from "../../training/train-fold.js";
import type { FaultResult } from "../campaign.js";
import { Tally } from "../tally.js";
import { leakMarket } from "./leak-market.js";
import type { LeakRun } from "./run-leaks.js";

/** A way for the future, or for another model, to get into an evaluated model. */
export interface ModelLeak {
  readonly name: string;
  readonly fault: string;
  /** Steps that differ from the honest ones. */
  readonly steps: Partial<ModelSteps>;
  /** Seed of the bytes that are evaluated, where it is not the model's own. */
  readonly seedOfBytes?: number;
}

/** Small, since only whether it moves is asked. */
const MLP: MlpSettings = { ...MLP_SETTINGS, units: [8], epochs: 4, coverage: 0.2 };
const SEED = 1;

/** Shares of the surest rows that are chosen from. */
const COVERAGES: readonly number[] = [0.05, 0.1, 0.2, 0.5, 1];

/** Leaks of the multilayer perceptron, in the order they are planted. */
export const MODEL_LEAKS: readonly ModelLeak[] = [
  {
    name: "mlp-calibration",
    fault: "calibration on the test, of the MLP alone",
    steps: { train: ofNetworks((fold) => ({ ...fold, calibrate: fold.test })) },
  },
  {
    name: "mlp-early-stop",
    fault: "stop chosen on the test, of the MLP alone",
    steps: { train: ofNetworks((fold) => ({ ...fold, earlyStop: fold.test })) },
  },
  {
    name: "mlp-coverage",
    fault: "threshold of sureness chosen on the test",
    steps: { act: bestOnTest },
  },
  { name: "mlp-bytes", fault: "bytes of another seed", steps: {}, seedOfBytes: SEED + 1 },
];

/**
 * Plants a leak in the model of one market after the other, and asks its refit without the test; before it the refit must be
 * right.
 */
export async function plantModelLeak(
  { fault, steps, seedOfBytes = SEED }: ModelLeak,
  { seeds, onTry, ...size }: LeakRun,
): Promise<FaultResult> {
  const tally = new Tally(fault);
  let falseAlarms = 0;
  for (const seed of seeds) {
    const { dataset, folds } = await leakMarket({ ...size, seed, edge: 0 }, BASELINE);
    falseAlarms += Number(!(await isRight(dataset, folds, MODEL_STEPS, SEED)));
    const leaky = { ...MODEL_STEPS, ...steps };
    const isCaught = !(await isRight(dataset, folds, leaky, seedOfBytes));
    tally.add(isCaught ? "detected" : "silent", `seed ${seed}: caught by nothing`);
    onTry?.();
  }
  return { ...tally.result("caught by mlp refitted without its test"), falseAlarms };
}

async function isRight(
  dataset: Dataset,
  folds: readonly Fold[],
  steps: ModelSteps,
  seedOfBytes: number,
): Promise<boolean> {
  const fits: FoldFit[] = [];
  for (const fold of folds) {
    const one = await steps.train(dataset, fold, MLP, seedOfBytes);
    if (isShortfall(one)) throw new Error(`the MLP lacked ${one.what}`);
    fits.push(one);
  }
  const here = { isRepeatable: true, isFittedHere: true };
  const model = { name: "mlp", settings: MLP, seed: SEED, folds: fits, ...here };
  const [canary] = await refittedModels(dataset, folds, [model], steps);
  return canary!.isRight;
}

/** Networks are fitted on other slices than they should be, everything else honestly. */
export function ofNetworks(leak: (fold: Fold) => Fold): ModelSteps["train"] {
  return (dataset, fold, settings, seed) => {
    const isNetwork = settings.model === "mlp" || settings.model === "lstm";
    return trainFold(dataset, isNetwork ? leak(fold) : fold, settings, seed);
  };
}

/** Whatever share was asked for, the one is acted on that was right most often on the test. */
export function bestOnTest(
  dataset: Dataset,
  folds: readonly FoldFit[],
): ReturnType<ModelSteps["act"]> {
  const rightOf = (isActedOn: Uint8Array): number => {
    let [rows, right] = [0, 0];
    for (const { testRows, probability } of folds) {
      for (const [i, row] of testRows.entries()) {
        rows += isActedOn[row]!;
        const isRight = probability[i]! > 0.5 === dataset.outcome[row]! > 0.5;
        right += isRight ? isActedOn[row]! : 0;
      }
    }
    return right / rows;
  };
  const found = COVERAGES.map((share) => actedOn(dataset, folds, share));
  return found.reduce((best, one) =>
    rightOf(one.isActedOn) > rightOf(best.isActedOn) ? one : best,
  );
}
