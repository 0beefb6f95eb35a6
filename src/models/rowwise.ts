// Whose answer about a row has the same bits whatever rows are asked about with it?
import type { Ensemble } from "./ensemble.js";
import { lstmKernel } from "./lstm-layer.js";
import type { Model } from "./model.js";
import { loadTensorflow } from "./tensorflow.js";

/**
 * Whether a model computes each row by itself. Products of matrices of the TensorFlow library, and its means over rows, add in
 * an order that depends on the number of rows: a network that uses them may say another last bit of a row when it is asked about
 * more of them.
 */
export async function isRowwise(model: Model | Ensemble): Promise<boolean> {
  switch (model.kind) {
    case "constant":
    case "sign":
    case "logistic":
      return true;
    case "lstm": {
      if (model.layerNorm) return false;
      const { tf } = await loadTensorflow();
      return ["fused", "loops"].includes(lstmKernel(tf));
    }
    case "mlp":
    case "transformer":
      return false;
    case "ensemble":
      for (const { predictor } of model.members) {
        if (!(await isRowwise(predictor.model))) return false;
      }
      return true;
  }
}
