// What kinds of models are there, and how is each kept in a file?
import { DataError } from "../core/errors.js";
import type { Constant } from "./constant.js";
import type { Logistic } from "./logistic.js";
import { type Lstm, type LstmShape, lstmLayout } from "./lstm.js";
import { type Mlp, type MlpShape, mlpLayout } from "./mlp.js";
import { parameterCount, type Slot } from "./parameter-layout.js";
import { requireArray, type StoredArray, type StoredArrays } from "./safetensors.js";
import type { SignRule } from "./sign-rule.js";

/** Any model, from rules to networks. */
export type Model = Constant | SignRule | Logistic | Mlp | Lstm;

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
    case "mlp": {
      const { inputSize, units, parameters } = model;
      const texts = { kind, mlp: JSON.stringify({ inputSize, units }) };
      return { arrays: slotArrays("mlp", mlpLayout(model), parameters), texts };
    }
    case "lstm": {
      const { inputSize, steps, units, layers, parameters } = model;
      const texts = { kind, lstm: JSON.stringify({ inputSize, steps, units, layers }) };
      return { arrays: slotArrays("lstm", lstmLayout(model), parameters), texts };
    }
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
    case "mlp": {
      const { inputSize, units } = sizesOf(stored, kind, file) as Partial<MlpShape>;
      requireSizes(
        [inputSize, ...(Array.isArray(units) && units.length > 0 ? units : [0])],
        kind,
        file,
      );
      const shape = { inputSize, units } as MlpShape;
      requireInputs(shape, inputs, kind, file);
      return { ...shape, kind, parameters: parametersOf(stored, kind, mlpLayout(shape), file) };
    }
    case "lstm": {
      const { inputSize, steps, units, layers } = sizesOf(stored, kind, file) as Partial<LstmShape>;
      requireSizes([inputSize, steps, units, layers], kind, file);
      const shape = { inputSize, steps, units, layers } as LstmShape;
      requireInputs(shape, inputs, kind, file);
      return { ...shape, kind, parameters: parametersOf(stored, kind, lstmLayout(shape), file) };
    }
    default:
      throw unusable(file, `had a model of kind "${kind}", which is none`);
  }
}

/** JSON that a file holds, or undefined where it is none: every caller refuses what is not the value it expects. */
export function storedJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return undefined;
  }
}

/** The error of a model file that cannot be used. */
export function unusable(file: string, message: string): DataError {
  return new DataError({ file, message, fix: "train the model again with `npx tickbook train`" });
}

function vector(values: Float64Array): StoredArray {
  return { shape: [values.length], values };
}

function slotArrays(
  kind: string,
  layout: readonly Slot[],
  parameters: Float32Array,
): Record<string, StoredArray> {
  return Object.fromEntries(
    layout.map(({ name, shape, start, end }) => [
      `${kind}.${name}`,
      { shape, values: parameters.slice(start, end) },
    ]),
  );
}

function parametersOf(
  stored: StoredArrays,
  kind: string,
  layout: readonly Slot[],
  file: string,
): Float32Array {
  const parameters = new Float32Array(parameterCount(layout));
  for (const { name, shape, start } of layout) {
    parameters.set(requireArray(stored, `${kind}.${name}`, shape, Float32Array, file), start);
  }
  return parameters;
}

function signInput({ texts }: StoredArrays, inputs: number, file: string): number {
  const { input } = (storedJson(texts["sign"]) ?? {}) as Partial<SignRule>;
  if (!Number.isInteger(input) || input! < 0 || input! >= inputs) {
    throw unusable(file, `had a rule on input ${input} of ${inputs}`);
  }
  return input!;
}

function sizesOf({ texts }: StoredArrays, kind: "mlp" | "lstm", file: string): object {
  const sizes = storedJson(texts[kind]);
  if (typeof sizes !== "object" || sizes === null) throw noSizes(kind, file);
  return sizes;
}

function requireSizes(sizes: readonly unknown[], kind: "mlp" | "lstm", file: string): void {
  const isSize = (size: unknown): boolean =>
    Number.isInteger(size) && (size as number) > 0 && (size as number) < 1e5;
  if (!sizes.every(isSize)) throw noSizes(kind, file);
}

function noSizes(kind: "mlp" | "lstm", file: string): DataError {
  return unusable(file, `had no sizes of its ${kind.toUpperCase()}`);
}

function requireInputs(
  { inputSize }: { readonly inputSize: number },
  inputs: number,
  kind: "mlp" | "lstm",
  file: string,
): void {
  if (inputSize === inputs) return;
  throw unusable(
    file,
    `had an ${kind.toUpperCase()} of ${inputSize} inputs for ${inputs} features`,
  );
}
