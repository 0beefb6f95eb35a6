import type { Dataset } from "../dataset/matrix.js";
import { type Logistic, logLoss, sigmoid } from "../models/logistic.js";
import { parameterLayout } from "../models/parameter-layout.js";
import { identityScaler } from "../models/standard-scaler.js";
import type { Learner } from "./train-epochs.js";

/** A straight line on a row's own inputs, in plain code: a learner for tests of the loop, which starts from zeros. */
export function plainLearner({ featureNames }: Dataset): Learner {
  const width = featureNames.length;
  const layout = parameterLayout([
    ["weights", [width, 1]],
    ["intercept", [1]],
  ]);
  return {
    scaler: identityScaler(width),
    layout,
    steps: 1,
    keepSize: 0,
    start: async () => new Float32Array(width + 1),
    model: (parameters): Logistic => ({
      kind: "logistic",
      get weights() {
        return Float64Array.from(parameters.subarray(0, width));
      },
      get intercept() {
        return parameters[width]!;
      },
    }),
    lossGradient: (parameters, { values, count }, outcome, { weight }) => {
      const gradient = new Float32Array(width + 1);
      let loss = 0;
      for (let i = 0; i < count; i++) {
        const row = values.subarray(i * width, (i + 1) * width);
        const z = row.reduce((sum, x, j) => sum + x * parameters[j]!, parameters[width]!);
        const share = (weight?.[i] ?? 1) / count;
        const slope = share * (sigmoid(z) - outcome[i]!);
        loss += share * logLoss(z, outcome[i]!);
        for (let j = 0; j < width; j++) gradient[j]! += slope * row[j]!;
        gradient[width]! += slope;
      }
      return { loss, gradient };
    },
  };
}
