// What kinds of models are there, and how is each kept in a file?
import type { Constant } from "./constant.js";
import type { Logistic } from "./logistic.js";
import { type NetworkModel, networkFromStored, networkToStored } from "./network-file.js";
import { requireArray, type StoredArray, type StoredArrays } from "./safetensors.js";
import type { SignRule } from "./sign-rule.js";
import { storedJson, unusable } from "./stored-text.js";

/** Any model, from rules to networks. */
export type Model = Constant | SignRule | Logistic | NetworkModel;

/** A model as arrays and texts; `kind` among the texts says which it is. */
export function modelToArrays(model: Model): StoredArrays {
  const { kind } = model;
  switch (model.kind) {
    case "constant":
      return {
        arrays: { "constant.logit": vector(Float64Array.of(model.logit)) },
        texts: { kind },
      };
    case "sign":
      return { arrays: {}, texts: { kind, sign: JSON.stringify({ input: model.input }) } };
    case "logistic": {
      const arrays = {
        "logistic.weights": vector(model.weights),
        "logistic.intercept": vector(Float64Array.of(model.intercept)),
      };
      return { arrays, texts: { kind } };
    }
    default:
      return networkToStored(model);
  }
}

/**
 * The model of a file.
 *
 * @param inputs - how many inputs there are
 * @param file - its name, for errors
 * @throws {DataError} a kind that is none, or arrays that do not fit its sizes or the inputs
 */
export function modelFromArrays(stored: StoredArrays, inputs: number, file: string): Model {
  const kind = stored.texts["kind"];
  const doubles = (name: string, length: number): Float64Array =>
    requireArray(stored, name, [length], Float64Array, file);
  switch (kind) {
    case "constant":
      return { kind, logit: doubles("constant.logit", 1)[0]! };
    case "sign":
      return { kind, input: signInput(stored, inputs, file) };
    case "logistic":
      return {
        kind,
        weights: doubles("logistic.weights", inputs),
        intercept: doubles("logistic.intercept", 1)[0]!,
      };
    case "mlp":
    case "lstm":
    case "transformer":
      return networkFromStored(stored, kind, inputs, file);
    default:
      throw unusable(file, `had a model of kind "${kind}", which is none`);
  }
}

function vector(values: Float64Array): StoredArray {
  return { shape: [values.length], values };
}

function signInput({ texts }: StoredArrays, inputs: number, file: string): number {
  const { input } = (storedJson(texts["sign"]) ?? {}) as Partial<SignRule>;
  if (!Number.isInteger(input) || input! < 0 || input! >= inputs) {
    throw unusable(file, `had a rule on input ${input} of ${inputs}`);
  }
  return input!;
}
