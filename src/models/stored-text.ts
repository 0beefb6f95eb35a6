// What do the texts of a model file say, and how is it refused where they say nothing?
import { DataError } from "../core/errors.js";
import { jsonOf } from "../core/json-of.js";

/** JSON that a file holds, or undefined where it is none: every caller refuses what is not the value it expects. */
export function storedJson(text: string | undefined): unknown {
  return jsonOf(text ?? "null");
}

/** The error of a model file that cannot be used. */
export function unusable(file: string, message: string): DataError {
  return new DataError({ file, message, fix: "train the model again with `npx tickbook train`" });
}
