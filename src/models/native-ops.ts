// The native backend's door to any operation of the TensorFlow library, our own among them.
import type { Tensor } from "@tensorflow/tfjs";
import type { TensorflowJs } from "./tensorflow.js";

/** Value of an attribute; a type is named. */
export type AttributeValue =
  | boolean
  | number
  | string
  | { readonly type: "float" | "int32" | "int64" };

interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string;
}

interface Backend {
  readonly binding: Readonly<Record<string, number>>;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}

/**
 * Runs an operation by its name in the library. The active backend must be the native one.
 *
 * @param attributes - by name: a whole number is an integer to the library
 * @param outputs - how many it has
 * @returns them; the caller, or the tidy around it, disposes of them
 * @throws {Error} the library does not know the operation, or refuses its inputs
 */
export function nativeOp(
  tf: TensorflowJs,
  name: string,
  inputs: readonly Tensor[],
  attributes: Readonly<Record<string, AttributeValue>>,
  outputs: number,
): Tensor[] {
  const backend = tf.backend() as unknown as Backend;
  const given = Object.entries(attributes).map(([key, value]) => {
    return { name: key, ...encoded(backend.binding, value) };
  });
  return backend.executeMultipleOutputs(name, given, inputs, outputs);
}

function encoded(
  binding: Backend["binding"],
  value: AttributeValue,
): { readonly type: number; readonly value: number | boolean | string } {
  switch (typeof value) {
    case "boolean":
      return { type: binding["TF_ATTR_BOOL"]!, value };
    case "string":
      return { type: binding["TF_ATTR_STRING"]!, value };
    case "number":
      return Number.isInteger(value)
        ? { type: binding["TF_ATTR_INT"]!, value }
        : { type: binding["TF_ATTR_FLOAT"]!, value };
    case "object":
      return {
        type: binding["TF_ATTR_TYPE"]!,
        value: binding[`TF_${value.type.toUpperCase()}`]!,
      };
  }
}
