import { describe, expect, test } from "vitest";
import { concatenate } from "../../core/columns.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { quantile } from "../../core/statistics.js";
import type { Fold } from "../../dataset/matrix.js";
import { bestOnTest, calibratedOnTest, ofNetworks } from "../../faults/leaks/model-leaks.js";
import type { FoldFit } from "../../training/fold-fit.js";
import {
  BASE_LOGISTIC_SETTINGS,
  LOGISTIC_SETTINGS,
  RULE_SETTINGS,
} from "../../training/settings.js";
import { trainFold } from "../../training/train-fold.js";
import { actedOn } from "../acted-on.js";
import { persistentMarket } from "../test-persistent-market.js";
import type { Canary } from "./canary.js";
import { type EvaluatedModel, MODEL_STEPS, type ModelSteps } from "./model-steps.js";
import { refittedModels } from "./refitted-models.js";
import { ENSEMBLE, fitted, folds, foldsOf, LSTM, MLP, market, TRANSFORMER } from "./test-models.js";

const BY_OTHERS = "by other threads, another processor or library";
const ONCE = { seed: 1 };

async function canaryOf(model: EvaluatedModel, steps: Partial<ModelSteps> = {}): Promise<Canary> {
  return await canaryOn(folds, model, steps);
}

async function canaryOn(
  on: readonly Fold[],
  model: EvaluatedModel,
  steps: Partial<ModelSteps> = {},
): Promise<Canary> {
  const options = { seed: 1, steps: { ...MODEL_STEPS, ...steps } };
  const [canary] = await refittedModels(market, on, [model], options);
  if (canary === undefined || isShortfall(canary)) throw new Error("the canary could not say");
  return canary;
}

describe("a model whose test is altered", () => {
  test("comes out the same to the bit: rules, lines, networks and ensembles, with a threshold and without", async () => {
    const rules = RULE_SETTINGS.filter(({ model }) => model !== "ofi-sign");
    const lines = [BASE_LOGISTIC_SETTINGS, LOGISTIC_SETTINGS];
    const kinds = [...rules, ...lines, MLP, LSTM, TRANSFORMER, ENSEMBLE];
    const models: EvaluatedModel[] = [];
    for (const settings of kinds) models.push(await fitted({ ...settings, coverage: 0.3 }));
    models.push(await fitted({ ...MLP, calibrator: "isotonic" }));
    const canaries = await refittedModels(market, folds, models, { seed: 1 });
    expect(canaries.map((canary) => !isShortfall(canary) && canary.name)).toEqual(
      models.map(({ name }) => `${name} refitted without its test`),
    );
    for (const canary of canaries) {
      expect(canary).toMatchObject({ value: 0, isRight: true, note: "all 2 folds, to the bit" });
    }
  });

  test.each([
    ["a calibrator", (fold: Fold) => ({ ...fold, calibrate: fold.test })],
    ["an early stop", (fold: Fold) => ({ ...fold, earlyStop: fold.test })],
    ["a scaler", (fold: Fold) => ({ ...fold, train: withRow(fold.train, fold.test) })],
    ["a label that reaches the test", unpurged],
  ])("moves where %s of networks alone has seen it", async (_, leak) => {
    const train = ofNetworks(leak);
    const line = await canaryOf(await fitted(LOGISTIC_SETTINGS, { train }), { train });
    expect(line.isRight).toBe(true);
    const mlp = await canaryOf(await fitted(MLP, { train }), { train });
    expect(mlp).toMatchObject({ name: "mlp refitted without its test", value: 1, isRight: false });
    expect(mlp.note).toMatch(/moved in .*probabilities of the test/);
  });

  test.each<[string, typeof trainFold]>([
    ["a calibrator or its weights", calibratedOnTest],
    [
      "a member alone",
      async (dataset, fold, settings, seed) => {
        if (settings.model !== "ensemble") return await trainFold(dataset, fold, settings, seed);
        const members: FoldFit[] = [];
        for (const member of settings.members) {
          const leaky = { ...fold, train: withRow(fold.train, fold.test) };
          const on = member.settings.model === "mlp" ? leaky : fold;
          const fit = await trainFold(dataset, on, member.settings, member.seed);
          if (!isShortfall(fit)) members.push(fit);
        }
        return await trainFold(dataset, fold, settings, seed, { members });
      },
    ],
  ])("moves where %s of an ensemble has seen it", async (_, train) => {
    const canary = await canaryOf(await fitted(ENSEMBLE, { train }), { train });
    expect(canary).toMatchObject({ name: "ensemble refitted without its test", isRight: false });
    expect(canary.note).toMatch(/moved in .*probabilities of the test/);
  });

  test("moves the threshold that is set on the test, by what it says or by what was right there", async () => {
    const settings = { ...MLP, coverage: 0.2 };
    const bySureness: ModelSteps["act"] = ({ rows }, fits, coverage) => {
      const thresholds = fits.map(({ probability }) =>
        quantile(sureness(probability), 1 - coverage),
      );
      const isActedOn = actedOn({ rows }, fits, coverage).isActedOn;
      return { thresholds, isActedOn };
    };
    for (const act of [bySureness, bestOnTest]) {
      const canary = await canaryOf(await fitted(settings), { act });
      expect(canary.isRight).toBe(false);
      expect(canary.note).toMatch(/fold \d moved in (threshold|rows that are acted on)/);
    }
  });

  test("moves the threshold that is set across folds, for all but the last of them", async () => {
    const three = foldsOf(market, 3);
    const acrossFolds: ModelSteps["act"] = (dataset, fits, coverage) => {
      const logits = concatenate(fits.map(({ calibrateLogits }) => calibrateLogits));
      const pooled = fits.map((fit) => ({ ...fit, calibrateLogits: logits }));
      return actedOn(dataset, pooled, coverage);
    };
    for (const settings of [MLP, LSTM]) {
      const model = await fitted({ ...settings, coverage: 0.2 }, { on: three });
      expect((await canaryOn(three, model)).isRight).toBe(true);
      const canary = await canaryOn(three, model, { act: acrossFolds });
      expect(canary.isRight).toBe(false);
      expect(canary.note).toMatch(/fold 1 moved in threshold.*; fold 2 moved in threshold/);
      expect(canary.note).not.toContain("fold 3 moved");
    }
  });

  test("moves in earlier folds that were fitted on their own test, though the last one is honest", async () => {
    const three = foldsOf(market, 3);
    const [first, second] = three.map(({ test }) => test[0]);
    const train: ModelSteps["train"] = (dataset, fold, settings, seed) => {
      const { test: own } = fold;
      const isEarly = own[0] === first || own[0] === second;
      const leaky = { ...fold, train: own, earlyStop: own, calibrate: own };
      return trainFold(dataset, isEarly ? leaky : fold, settings, seed);
    };
    for (const settings of [LOGISTIC_SETTINGS, MLP]) {
      const model = await fitted(settings, { on: three });
      expect((await canaryOn(three, model)).note).toBe("all 3 folds, to the bit");
      const canary = await canaryOn(three, await fitted(settings, { train, on: three }), { train });
      expect(canary).toMatchObject({ value: 2 / 3, isRight: false });
      expect(canary.note).toMatch(/^all 3 folds: fold 1 moved in .*; fold 2 moved in /);
    }
    for (const settings of [LSTM, TRANSFORMER]) {
      const { note } = await canaryOn(three, await fitted(settings, { on: three }));
      expect(note).toMatch(/^folds [12] and 3 of 3, thresholds of all, to the bit$/);
    }
    const leaky = await canaryOn(three, await fitted(LSTM, { train, on: three }), { train });
    expect(leaky).toMatchObject({ value: 1 / 3, isRight: false });
  });

  test("is another one where bytes are of another seed, other settings or other data", async () => {
    const honest = await fitted(MLP);
    const otherSeed = { ...honest, folds: (await fitted(MLP, { seed: 2 })).folds };
    const otherSettings = { ...honest, folds: (await fitted({ ...MLP, epochs: 4 })).folds };
    const otherMarket = {
      ...honest,
      folds: (await fitted(MLP, { dataset: persistentMarket(0.4, 2) })).folds,
    };
    for (const model of [otherSeed, otherSettings, otherMarket]) {
      expect((await canaryOf(model)).isRight).toBe(false);
    }
    expect((await canaryOf({ ...otherMarket, sums: BY_OTHERS })).isRight).toBe(false);
    const [first, last] = honest.folds;
    const turned = last!.probability.map((p, i) => (i === 7 ? 1 - p : p));
    const edited = { ...honest, folds: [first!, { ...last!, probability: turned }] };
    expect((await canaryOf(edited)).note).toMatch(/moved in probabilities of the test$/);
  });
});

describe("where bits cannot be asked for", () => {
  /** Weights as another library would sum them, or a GPU each time anew. */
  const shaken = (fit: FoldFit, size: number): FoldFit => {
    const testLogits = fit.testLogits.map((z, i) => z * (1 + (i % 2 === 0 ? size : -size)));
    const mlp = fit.predictor.model;
    if (mlp.kind !== "mlp") throw new Error(mlp.kind);
    const parameters = mlp.parameters.map((w) => w * (1 + size));
    return { ...fit, testLogits, predictor: { ...fit.predictor, model: { ...mlp, parameters } } };
  };
  const leak = ofNetworks((fold) => ({ ...fold, calibrate: fold.test }));

  test("a model of another library may be apart a little, and its refits here not at all", async () => {
    const honest = await fitted(MLP);
    const moved = (size: number): EvaluatedModel => ({
      ...honest,
      folds: honest.folds.map((fit) => ({
        ...shaken(fit, size),
        probability: fit.probability.map((p) => 0.5 + (p - 0.5) * (1 + size)),
      })),
    });
    expect((await canaryOf(moved(1e-7))).isRight).toBe(false);
    const near = await canaryOf({ ...moved(1e-7), sums: BY_OTHERS });
    expect(near).toMatchObject({ isRight: true });
    expect(near.value).toBeGreaterThan(0);
    expect(near.note).toMatch(
      /other threads, another processor or library: probabilities lie [\de.-]+ % apart/,
    );
    const [between] = await refittedModels(
      market,
      folds,
      [{ ...moved(1e-4), sums: BY_OTHERS }],
      ONCE,
    );
    expect(between).toMatchObject({ kind: "shortfall", has: 0, needs: 1 });
    expect((between as Shortfall).step).toMatch(
      /has seen its test \(it was fitted by other threads, .* lie 0\.00\d+ % apart, .*: train it again here\)$/,
    );
    expect((await canaryOf({ ...moved(1), sums: BY_OTHERS })).isRight).toBe(false);
    const leaky = await fitted(MLP, { train: leak });
    const seen = await canaryOf({ ...leaky, sums: BY_OTHERS }, { train: leak });
    expect(seen).toMatchObject({ value: 1, isRight: false });
    expect(seen.note).toMatch(/: fold 1 refits moved in calibrator/);
  });

  test("a leak of a purge's size is not taken for threads: some test rows among those trained on", async () => {
    const train: ModelSteps["train"] = (dataset, fold, settings, seed) =>
      trainFold(dataset, withRows(fold, 15), settings, seed);
    const leaky = await fitted(LOGISTIC_SETTINGS, { train });
    expect((await canaryOf({ ...leaky, sums: BY_OTHERS })).isRight).toBe(false);
  });

  test("on a GPU no two fits are the same, and one that has seen the test is further off", async () => {
    let fits = 0;
    const onGpu =
      (train: ModelSteps["train"]): ModelSteps["train"] =>
      async (...asked) => {
        const one = await train(...asked);
        return isShortfall(one) ? one : shaken(one, 1e-4 * ++fits);
      };
    const train = onGpu(trainFold);
    const model = {
      ...(await fitted(MLP, { train })),
      isRepeatable: false,
      sums: "on a GPU",
    } as const;
    const canary = await canaryOf(model, { train });
    expect(canary).toMatchObject({ isRight: true });
    expect(canary.note).toMatch(/^all 2 folds: fold 1 was fitted on a GPU/);
    const leaky = onGpu(ofNetworks((fold) => ({ ...fold, train: fold.test })));
    const seen = { ...model, folds: (await fitted(MLP, { train: leaky })).folds };
    expect((await canaryOf(seen, { train: leaky })).isRight).toBe(false);
  });
});

describe("a model that other code has fitted", () => {
  test("is right where this code gives the same bits of all folds, and where it does not nobody can say", async () => {
    const three = foldsOf(market, 3);
    for (const settings of [LOGISTIC_SETTINGS, LSTM]) {
      const model = { ...(await fitted(settings, { on: three })), isOfThisCode: false };
      const same = await canaryOn(three, model);
      expect(same).toMatchObject({ isRight: true, note: "all 3 folds, to the bit" });
      const train: ModelSteps["train"] = (dataset, fold, ...rest) =>
        trainFold(dataset, fold.test[0] === three[1]!.test[0] ? withRows(fold, 15) : fold, ...rest);
      const older = { ...(await fitted(settings, { train, on: three })), isOfThisCode: false };
      const options = { seed: 1 };
      const [answer, ...others] = await refittedModels(market, three, [older, model], options);
      expect(answer).toMatchObject({ kind: "shortfall", has: 0, needs: 1 });
      expect((answer as Shortfall).step).toMatch(
        /has seen its test .*train it again with this code/,
      );
      // What cannot be said of one model is said of the others.
      expect(others).toEqual([same]);
    }
  });

  test("is wrong where its threshold is set on the test, whoever has fitted it", async () => {
    const model = { ...(await fitted({ ...MLP, coverage: 0.2 })), isOfThisCode: false };
    expect((await canaryOf(model, { act: bestOnTest })).isRight).toBe(false);
  });
});

test("without folds there is nothing to refit, and a refit that lacks rows is no right one", async () => {
  const model = await fitted(LOGISTIC_SETTINGS);
  expect(await refittedModels(market, [], [model], { seed: 1 })).toEqual([]);
  const lacking: ModelSteps["train"] = async () => ({
    kind: "shortfall",
    ...{ step: "fit", what: "rows", has: 0, needs: 1 },
  });
  expect(await canaryOf(model, { train: lacking })).toMatchObject({ value: 1, isRight: false });
});

function sureness(probability: Float64Array): Float64Array {
  return probability.map((p) => Math.abs(p - 0.5));
}

function withRow(slice: Uint32Array, [row]: Uint32Array): Uint32Array {
  return Uint32Array.from([...slice, row!]).sort();
}

/** The first rows of the test among those that are trained on. */
function withRows(fold: Fold, count: number): Fold {
  return { ...fold, train: Uint32Array.from([...fold.train, ...fold.test.slice(0, count)]) };
}

/** The calibration slice with the rows whose labels reach into the test. */
function unpurged(fold: Fold): Fold {
  const { barEndUs, isUsable, rows } = market;
  const [first, last] = [barEndUs[fold.calibrate[0]!]!, barEndUs[fold.test[0]!]!];
  const calibrate = Uint32Array.from({ length: rows }, (_, row) => row).filter(
    (row) => isUsable[row] === 1 && barEndUs[row]! >= first && barEndUs[row]! < last,
  );
  return { ...fold, calibrate };
}
