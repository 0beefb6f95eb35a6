import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { buildLstm } from "../../models/lstm.js";
import { buildMlp } from "../../models/mlp.js";
import type { Model } from "../../models/model.js";
import { type Predictor, predictProbability, windowSteps } from "../../models/predictor.js";
import { buildTransformer } from "../../models/transformer.js";
import { ModelAsker } from "./model-asker.js";

const WIDTH = 5;
const SYMBOLS = 3;

function normals(length: number, name: string): Float32Array {
  const random = seededRandom(11, name);
  return Float32Array.from({ length }, () => 0.5 * random.normal());
}

/** The same network with parameters that are all away from zero. */
function drawn<Drawn extends Model & { readonly parameters: Float32Array }>(built: Drawn): Drawn {
  return { ...built, parameters: normals(built.parameters.length, "parameters") };
}

const SIZES = { inputSize: WIDTH, steps: 9, layers: 2 };
const MODELS: Readonly<Record<string, Model>> = {
  logistic: { kind: "logistic", weights: Float64Array.from(normals(WIDTH, "w")), intercept: 0.2 },
  mlp: drawn(buildMlp({ inputSize: WIDTH, units: [40, 20] }, 1)),
  lstm: drawn(buildLstm({ ...SIZES, units: 40, layerNorm: true }, 1)),
  transformer: drawn(
    buildTransformer(
      { ...SIZES, heads: 4, width: 40, feedForward: 80, positions: "sinusoidal" },
      1,
    ),
  ),
};

function predictorOf(model: Model): Predictor {
  return {
    featureNames: Array.from({ length: WIDTH }, (_, i) => `f${i}`),
    scaler: { mean: Float64Array.of(0, 1, -1, 5, 0), deviation: Float64Array.of(1, 2, 0.1, 9, 1) },
    model,
    calibrator: { kind: "temperature", temperature: 1.3 },
  };
}

const askerOf = (model: Model): ModelAsker =>
  new ModelAsker({ predictor: predictorOf(model), steps: windowSteps(model) });

test.each(Object.entries(MODELS))(
  "questions of one moment have the bits of questions one by one: %s",
  async (_, model) => {
    const steps = windowSteps(model);
    const predictor = predictorOf(model);
    const asker = askerOf(model);
    await asker.rouse(SYMBOLS);
    for (let round = 0; round < 40; round++) {
      const windows = Array.from({ length: 1 + (round % SYMBOLS) }, (_, i) => {
        const window = normals(steps * WIDTH, `${round} ${i}`);
        // A missing value, as the newest bars may have.
        if (round % 4 === 0) window[window.length - 2] = Number.NaN;
        return window;
      });
      const said = await Promise.all(windows.map((window) => asker.ask(window)));
      const last = Uint32Array.of(steps - 1);
      const single: number[] = [];
      for (const window of windows)
        single.push(...(await predictProbability(predictor, window, last)));
      expect(said).toEqual(single);
    }
  },
);

/** A model that counts how often it is computed, and says what is given. */
function counting(logit: () => number): { readonly model: Model; readonly counts: number[] } {
  const counts: number[] = [];
  const model = {
    kind: "constant" as const,
    get logit(): number {
      counts.push(counts.length);
      return logit();
    },
  };
  return { model, counts };
}

async function computedFor(asker: ModelAsker, counts: number[], asked: number): Promise<number> {
  const before = counts.length;
  const windows = Array.from({ length: asked }, () => normals(WIDTH, "window"));
  await Promise.all(windows.map((window) => asker.ask(window)));
  return counts.length - before;
}

test("questions of one moment are computed in one go, once what computes them was roused", async () => {
  const { model, counts } = counting(() => 0.5);
  const asker = askerOf(model);
  expect(await computedFor(asker, counts, SYMBOLS)).toBe(SYMBOLS);
  await asker.rouse(SYMBOLS);
  expect(await computedFor(asker, counts, SYMBOLS)).toBe(1);
});

test("what goes wrong is thrown at all who asked, and the next question is answered", async () => {
  let isBroken = true;
  const { model } = counting(() => {
    if (isBroken) throw new Error("no memory");
    return 0;
  });
  const asker = askerOf(model);
  const asked = [1, 2].map(() => asker.ask(normals(WIDTH, "window")));
  const ends = await Promise.allSettled(asked);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  isBroken = false;
  expect(await asker.ask(normals(WIDTH, "window"))).toBe(0.5);
});
