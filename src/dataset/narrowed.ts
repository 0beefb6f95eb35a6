import { createHash } from "node:crypto";
import { OptionError } from "../core/errors.js";
import { sharedFloats } from "../core/shared-floats.js";
import type { Dataset } from "./matrix.js";

/**
 * The same rows, labels and masks with some of the inputs: models on fewer columns are tested on the very same rows. All of them
 * in their order are the dataset itself.
 *
 * @param names - of the inputs to keep, in the order that they are to have
 * @throws {OptionError} the dataset has no input of a name
 */
export function narrowed(dataset: Dataset, names: readonly string[]): Dataset {
  const { featureNames, rows, inputs } = dataset;
  if (names.length === featureNames.length && names.every((name, j) => name === featureNames[j])) {
    return dataset;
  }
  const places = names.map((name) => featureNames.indexOf(name));
  const missing = names.filter((_, j) => places[j] === -1);
  if (missing.length > 0) {
    throw new OptionError({
      column: missing.join(", "),
      message: `is no input of a dataset of ${featureNames.length} features of ${dataset.exchange} ${dataset.symbols.join(", ")}`,
      fix: `use some of ${featureNames.join(", ")}`,
    });
  }
  const width = featureNames.length;
  const kept = sharedFloats(rows * names.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (const place of places) kept[at++] = inputs[row * width + place]!;
  }
  const hash = createHash("sha256")
    .update(`${dataset.hash} ${names.join(" ")}`)
    .digest("hex");
  return { ...dataset, featureNames: names, inputs: kept, hash };
}
