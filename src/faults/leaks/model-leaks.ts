// Leaks of one evaluated model alone, which canaries that fit the logistic baseline do not see.
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { actedOn } from "../../evaluation/acted-on.js";
import { blindToFuture } from "../../evaluation/canaries/blind-to-future.js";
import {
  type EvaluatedModel,
  fittedHere,
  MODEL_STEPS,
  type ModelSteps,
} from "../../evaluation/canaries/model-steps.js";
import { BASELINE } from "../../evaluation/canaries/pipeline.js";
import { refittedModels } from "../../evaluation/canaries/refitted-models.js";
import type { FoldFit } from "../../training/fold-fit.js";
import {
  FINAL_SETTINGS,
  LOGISTIC_SETTINGS,
  MLP_SETTINGS,
  type MlpSettings,
  modelName,
  RULE_SETTINGS,
  readsWindows,
  type TrainingSettings,
} from "../../training/settings.js";
import { trainFold } from "../../training/train-fold.js";
import type { FaultResult } from "../campaign.js";
import { Tally } from "../tally.js";
import { type LeakMarket, leakMarket } from "./leak-market.js";
import type { LeakRun } from "./run-leaks.js";

/** What is asked of a model. */
type ModelCanary = "refitted without its test" | "blind to its future";

/** A way for the future, or for another model, to get into an evaluated model. */
export interface ModelLeak {
  readonly name: string;
  readonly fault: string;
  /** The model's canary that must come out wrong. */
  readonly caughtBy: ModelCanary;
  /** Steps that differ from the honest ones. */
  readonly steps: Partial<ModelSteps>;
  /** Of the model that it is planted in; default a multilayer perceptron's. */
  readonly settings?: TrainingSettings;
  /** Seed of the bytes that are evaluated, where it is not the model's own. */
  readonly seedOfBytes?: number;
}

/** Small, since only whether it moves is asked. */
const MLP: MlpSettings = { ...MLP_SETTINGS, units: [8], epochs: 4, coverage: 0.2 };
const SEED = 1;

/** Shares of the surest rows that are chosen from. */
const COVERAGES: readonly number[] = [0.05, 0.1, 0.2, 0.5, 1];

/** The rule that reads an input of the market. */
const RULE = RULE_SETTINGS.find(({ model }) => model === "ofi-sign")!;

/** Windows of networks lie one bar ahead, when they are taught and when they are asked. */
export const windowsAhead: Partial<ModelSteps> = {
  train: (dataset, fold, settings, seed) =>
    trainFold(isNetwork(settings.model) ? ofNextRow(dataset) : dataset, fold, settings, seed),
  predict: (fit, dataset, rows) =>
    MODEL_STEPS.predict(
      fit,
      isNetwork(fit.predictor.model.kind) ? ofNextRow(dataset) : dataset,
      rows,
    ),
};

/** A model that was taught honestly is asked with the inputs of the next row. */
export const predictsOfNextRow: Partial<ModelSteps> = {
  predict: (fit, dataset, rows) => MODEL_STEPS.predict(fit, ofNextRow(dataset), rows),
};

/** Leaks of single models, in the order they are planted. */
export const MODEL_LEAKS: readonly ModelLeak[] = [
  {
    name: "mlp-calibration",
    fault: "calibration on the test, of the MLP alone",
    caughtBy: "refitted without its test",
    steps: { train: ofNetworks((fold) => ({ ...fold, calibrate: fold.test })) },
  },
  {
    name: "mlp-early-stop",
    fault: "stop chosen on the test, of the MLP alone",
    caughtBy: "refitted without its test",
    steps: { train: ofNetworks((fold) => ({ ...fold, earlyStop: fold.test })) },
  },
  {
    name: "mlp-coverage",
    fault: "threshold of sureness chosen on the test",
    caughtBy: "refitted without its test",
    steps: { act: bestOnTest },
  },
  {
    name: "mlp-bytes",
    fault: "bytes of another seed",
    caughtBy: "refitted without its test",
    steps: {},
    seedOfBytes: SEED + 1,
  },
  {
    name: "mlp-window-fit",
    fault: "windows of the MLP one bar ahead, as it was fitted",
    caughtBy: "refitted without its test",
    steps: windowsAhead,
  },
  {
    name: "mlp-window",
    fault: "windows of the MLP one bar ahead, as it is asked",
    caughtBy: "blind to its future",
    steps: windowsAhead,
  },
  {
    name: "logistic-next-row",
    fault: "the logistic baseline asked with the next row",
    caughtBy: "blind to its future",
    steps: predictsOfNextRow,
    settings: LOGISTIC_SETTINGS,
  },
  {
    name: "ensemble-calibration",
    fault: "weights and calibrators of an ensemble fitted on the test, its members honest",
    caughtBy: "refitted without its test",
    steps: { train: calibratedOnTest },
    settings: {
      ...FINAL_SETTINGS,
      model: "ensemble",
      members: [
        { name: "logistic", seed: SEED, settings: LOGISTIC_SETTINGS },
        { name: "mlp", seed: SEED, settings: MLP },
      ],
    },
  },
  {
    name: "rule-next-row",
    fault: "a rule asked with the next row",
    caughtBy: "blind to its future",
    steps: predictsOfNextRow,
    settings: RULE,
  },
];

/**
 * Plants a leak in the model of one market after the other, and asks the model's canary; before it the canary must be right.
 */
export async function plantModelLeak(
  { fault, caughtBy, steps, settings = MLP, seedOfBytes = SEED }: ModelLeak,
  { seeds, onTry, ...size }: LeakRun,
): Promise<FaultResult> {
  const tally = new Tally(fault);
  let falseAlarms = 0;
  for (const seed of seeds) {
    const market = await leakMarket({ ...size, seed, edge: 0 }, BASELINE);
    const isRight = async (by: ModelSteps, seedOfFit: number): Promise<boolean> => {
      const model = await evaluated(market, by, settings, seedOfFit);
      return await RIGHT[caughtBy](market, model, by);
    };
    falseAlarms += Number(!(await isRight(MODEL_STEPS, SEED)));
    const isCaught = !(await isRight({ ...MODEL_STEPS, ...steps }, seedOfBytes));
    tally.add(isCaught ? "detected" : "silent", `seed ${seed}: caught by nothing`);
    onTry?.();
  }
  return { ...tally.result(`caught by ${modelName(settings)} ${caughtBy}`), falseAlarms };
}

/** Whether a model's canary is right. */
const RIGHT: Readonly<
  Record<
    ModelCanary,
    (market: LeakMarket, model: EvaluatedModel, steps: ModelSteps) => Promise<boolean>
  >
> = {
  "refitted without its test": async ({ dataset, folds }, model, steps) => {
    const [canary] = await refittedModels(dataset, folds, [model], { seed: SEED, steps });
    return !isShortfall(canary) && canary!.isRight;
  },
  "blind to its future": async ({ dataset }, model, steps) => {
    const [canary] = await blindToFuture(dataset, [model], { seed: SEED, steps });
    return !isShortfall(canary) && canary!.isRight;
  },
};

/** A model with the seed of its settings, whatever its bytes were fitted with. */
async function evaluated(
  { dataset, folds }: LeakMarket,
  steps: ModelSteps,
  settings: TrainingSettings,
  seedOfBytes: number,
): Promise<EvaluatedModel> {
  const how = { train: steps.train, seed: SEED, seedOfBytes };
  const model = await fittedHere(dataset, folds, settings, how);
  if (isShortfall(model)) throw new Error(`${modelName(settings)} lacked ${model.what}`);
  return model;
}

/** Networks are fitted on other slices than they should be, everything else honestly. */
export function ofNetworks(leak: (fold: Fold) => Fold): ModelSteps["train"] {
  return (dataset, fold, settings, seed) => {
    return trainFold(dataset, isNetwork(settings.model) ? leak(fold) : fold, settings, seed);
  };
}

/** An ensemble is made of honest members on the test in place of the calibration slice. */
export async function calibratedOnTest(
  dataset: Dataset,
  fold: Fold,
  settings: TrainingSettings,
  seed: number,
): Promise<FoldFit | Shortfall> {
  if (settings.model !== "ensemble") return await trainFold(dataset, fold, settings, seed);
  const members: FoldFit[] = [];
  for (const member of settings.members) {
    const fit = await trainFold(dataset, fold, member.settings, member.seed);
    if (isShortfall(fit)) return fit;
    members.push(fit);
  }
  return await trainFold(dataset, { ...fold, calibrate: fold.test }, settings, seed, { members });
}

function isNetwork(kind: string): boolean {
  return kind === "mlp" || readsWindows(kind);
}

/** Each row with the inputs of the row after it. */
function ofNextRow(dataset: Dataset): Dataset {
  const inputs = dataset.inputs.slice();
  inputs.copyWithin(0, dataset.featureNames.length);
  return { ...dataset, inputs };
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
