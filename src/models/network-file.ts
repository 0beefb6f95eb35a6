// How is a network kept in a file? Its sizes as a text, and every array of its layout by name; nothing else is taken.
import type { DataError } from "../core/errors.js";
import { type Lstm, type LstmShape, lstmLayout } from "./lstm.js";
import { type Mlp, type MlpShape, mlpLayout } from "./mlp.js";
import { parameterCount, type Slot } from "./parameter-layout.js";
import { requireArray, type StoredArray, type StoredArrays } from "./safetensors.js";
import { storedJson, unusable } from "./stored-text.js";
import type { Transformer } from "./transformer.js";
import { POSITIONS, type TransformerShape, transformerLayout } from "./transformer-shape.js";

/** Any model that is sizes and one vector of parameters. */
export type NetworkModel = Mlp | Lstm | Transformer;

type NetworkKind = NetworkModel["kind"];
type NetworkShape =
  | ({ readonly kind: "mlp" } & MlpShape)
  | ({ readonly kind: "lstm" } & LstmShape)
  | ({ readonly kind: "transformer" } & TransformerShape);

/** The longest window, the bars of a day: no array of an LSTM would hold a file to its own. */
export const MOST_STEPS = 1440;

const NAMES: Readonly<Record<NetworkKind, string>> = {
  mlp: "an MLP",
  lstm: "an LSTM",
  transformer: "a Transformer",
};

/** A network as arrays and texts; its sizes stand under the name of its kind. */
export function networkToStored(model: NetworkModel): StoredArrays {
  const { kind, parameters } = model;
  const arrays = Object.fromEntries(
    layoutOf(model).map(({ name, shape, start, end }): [string, StoredArray] => [
      `${kind}.${name}`,
      { shape, values: parameters.slice(start, end) },
    ]),
  );
  const { kind: _, ...sizes } = shapeOf(model);
  return { arrays, texts: { kind, [kind]: JSON.stringify(sizes) } };
}

/**
 * The network of a file.
 *
 * @param inputs - how many inputs there are
 * @param file - its name, for errors
 * @throws {DataError} sizes that are none, or are of other inputs, or arrays that are not those of the sizes
 */
export function networkFromStored(
  stored: StoredArrays,
  kind: NetworkKind,
  inputs: number,
  file: string,
): NetworkModel {
  const sizes = storedJson(stored.texts[kind]);
  if (typeof sizes !== "object" || sizes === null) throw noSizes(kind, file);
  const shape = shapeOf({ ...sizes, kind } as NetworkShape);
  requireSizes(shape, file);
  if (shape.inputSize !== inputs) {
    const message = `had ${NAMES[kind]} of ${shape.inputSize} inputs for ${inputs} features`;
    throw unusable(file, message);
  }
  return { ...shape, parameters: parametersOf(stored, shape, file) };
}

/** The sizes alone, always in the same order. */
function shapeOf(network: NetworkShape): NetworkShape {
  switch (network.kind) {
    case "mlp": {
      const { kind, inputSize, units } = network;
      return { kind, inputSize, units };
    }
    case "lstm": {
      // Files of before layer norms were an option do not say that they have none.
      const { kind, inputSize, steps, units, layers, layerNorm = false } = network;
      return { kind, inputSize, steps, units, layers, layerNorm };
    }
    case "transformer": {
      const { kind, inputSize, steps, width, heads, layers, feedForward, positions } = network;
      return { kind, inputSize, steps, width, heads, layers, feedForward, positions };
    }
  }
}

function layoutOf(shape: NetworkShape): readonly Slot[] {
  switch (shape.kind) {
    case "mlp":
      return mlpLayout(shape);
    case "lstm":
      return lstmLayout(shape);
    case "transformer":
      return transformerLayout(shape);
  }
}

/** A file may say anything: no size of it is used before this. */
function requireSizes(shape: NetworkShape, file: string): void {
  const { kind, ...sizes } = shape;
  const isSize = (size: unknown): boolean =>
    Number.isInteger(size) && (size as number) > 0 && (size as number) < 1e5;
  const areRight = Object.entries(sizes).every(([name, size]: [string, unknown]) => {
    if (name === "layerNorm") return typeof size === "boolean";
    if (name === "positions") return POSITIONS.some((known) => known === size);
    if (name === "units" && kind === "mlp") {
      return Array.isArray(size) && size.length > 0 && size.every(isSize);
    }
    return isSize(size) && (name !== "steps" || (size as number) <= MOST_STEPS);
  });
  if (!areRight) throw noSizes(kind, file);
  if (shape.kind !== "transformer" || shape.width % shape.heads === 0) return;
  const { heads, width } = shape;
  throw unusable(
    file,
    `had a Transformer of ${heads} heads, which do not divide a width of ${width}`,
  );
}

function noSizes(kind: NetworkKind, file: string): DataError {
  return unusable(file, `had no sizes of ${NAMES[kind]}`);
}

function parametersOf(stored: StoredArrays, shape: NetworkShape, file: string): Float32Array {
  const { kind } = shape;
  const layout = layoutOf(shape);
  // All arrays are seen before room is made for them.
  const parts = layout.map(({ name, shape }) =>
    requireArray(stored, `${kind}.${name}`, shape, Float32Array, file),
  );
  const known = new Set(layout.map(({ name }) => `${kind}.${name}`));
  for (const name of Object.keys(stored.arrays)) {
    if (!name.startsWith(`${kind}.`) || known.has(name)) continue;
    throw unusable(file, `had an array "${name}", which ${NAMES[kind]} of its sizes does not have`);
  }
  const parameters = new Float32Array(parameterCount(layout));
  layout.forEach(({ start }, i) => {
    parameters.set(parts[i]!, start);
  });
  return parameters;
}
