// What does the sign of one input say? Up when it is positive, down when it is negative.

/** A rule without weights; how much its side is worth is left to the calibrator. */
export interface SignRule {
  readonly kind: "sign";
  /** Place of the input among the inputs, from 0. */
  readonly input: number;
}

/**
 * Log-odds before calibration: 1 where the input is positive, −1 where it is negative, 0 where it is 0.
 *
 * @param inputs - n × width, row by row; a missing value has been made 0, and then the rule says nothing
 */
export function signLogits({ input }: SignRule, inputs: Float64Array, width: number): Float64Array {
  return new Float64Array(inputs.length / width).map((_, i) =>
    Math.sign(inputs[i * width + input]!),
  );
}
