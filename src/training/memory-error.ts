// There was no memory for a batch: which settings made it so large?
import { OptionError } from "../core/errors.js";

/** What the memory of a batch grows with. */
export interface BatchSize {
  readonly batchSize: number;
  /** Rows of a window. */
  readonly steps: number;
  /** Columns of a row. */
  readonly inputs: number;
}

/** TensorFlow's code for exhausted resources, its words for a tensor that found no place, and Node's for an array. */
const EXHAUSTED =
  /Invalid TF_Status: 8\b|\bOOM when allocating\b|Array buffer allocation failed|Invalid typed array length: \d/;

/** An error that says memory is lacking, in terms of the settings; any other as it came. */
export function asMemoryError(error: unknown, { batchSize, steps, inputs }: BatchSize): unknown {
  if (!(error instanceof Error) || !EXHAUSTED.test(error.message)) return error;
  const told = new OptionError({
    message: `there was no memory for batches of ${batchSize} windows (steps ${steps}, inputs ${inputs})`,
    fix: "lower batchSize first, then steps or the network's units, width, heads or layers, or free memory",
  });
  told.cause = error;
  return told;
}
