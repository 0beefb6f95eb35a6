import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import type { Ensemble } from "./ensemble.js";
import { buildLstm } from "./lstm.js";
import { buildMlp } from "./mlp.js";
import type { Model } from "./model.js";
import { predictLogits, windowSteps } from "./predictor.js";
import { isRowwise } from "./rowwise.js";
import { identityScaler } from "./standard-scaler.js";
import { buildTransformer } from "./transformer.js";

const WIDTH = 7;

function normals(length: number, name: string): Float32Array {
  const random = seededRandom(5, name);
  return Float32Array.from({ length }, () => 0.5 * random.normal());
}

/** The same network with parameters that are all away from zero. */
function drawn<Drawn extends Model & { readonly parameters: Float32Array }>(built: Drawn): Drawn {
  return { ...built, parameters: normals(built.parameters.length, "parameters") };
}

const SIZES = { inputSize: WIDTH, steps: 30 };
const lstm = (units: number, layers: number, layerNorm: boolean): Model =>
  drawn(buildLstm({ ...SIZES, units, layers, layerNorm }, 1));

const scaler = identityScaler(WIDTH);

function ensembleOf(...models: readonly Model[]): Ensemble {
  const members = models.map((model, i) => ({
    name: `${model.kind}@${i}`,
    weight: 1 / models.length,
    places: Array.from({ length: WIDTH }, (_, j) => j),
    predictor: {
      featureNames: Array.from({ length: WIDTH }, (_, j) => `f${j}`),
      ...{ scaler, model },
      calibrator: { kind: "temperature", temperature: 1 + i } as const,
    },
  }));
  return { kind: "ensemble", members };
}

const LINE: Model = {
  kind: "logistic",
  weights: Float64Array.from(normals(WIDTH, "w")),
  intercept: 0.2,
};
const MLP: Model = drawn(buildMlp({ inputSize: WIDTH, units: [32] }, 1));

const ROWWISE: Readonly<Record<string, Model | Ensemble>> = {
  constant: { kind: "constant", logit: 0.3 },
  sign: { kind: "sign", input: 2 },
  logistic: LINE,
  "lstm of 32": lstm(32, 1, false),
  "lstm of 2 x 41": lstm(41, 2, false),
  ensemble: ensembleOf(LINE, lstm(32, 1, false)),
};

const OTHERS: Readonly<Record<string, Model | Ensemble>> = {
  mlp: MLP,
  ensemble: ensembleOf(LINE, MLP),
  "lstm with layer norm": lstm(32, 1, true),
  transformer: drawn(
    buildTransformer(
      { ...SIZES, layers: 1, heads: 2, width: 32, feedForward: 64, positions: "learned" },
      1,
    ),
  ),
};

test.each(Object.entries(ROWWISE))(
  "what %s says of a row has the same bits in any company",
  async (_, model) => {
    expect(await isRowwise(model)).toBe(true);
    const steps = windowSteps(model);
    const rows = Uint32Array.from({ length: 600 }, (_, i) => i + steps - 1);
    const inputs = normals((rows.at(-1)! + 1) * WIDTH, "inputs");
    const all = await predictLogits({ scaler, model }, inputs, rows);
    for (const count of [1, 2, 3, 5, 20]) {
      for (let start = 0; start < rows.length; start += 97) {
        const some = await predictLogits(
          { scaler, model },
          inputs,
          rows.slice(start, start + count),
        );
        expect(some).toEqual(all.slice(start, start + count));
      }
    }
  },
);

test.each(Object.entries(OTHERS))("of %s that is not promised", async (_, model) => {
  expect(await isRowwise(model)).toBe(false);
});
