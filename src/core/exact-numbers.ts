import { DataError } from "./errors.js";

/** One number as text that gives back the same bits, NaN and −0 included. */
export function numberToText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/**
 * Numbers as text that gives back the same bits, NaN and −0 included: what saved state holds, since JSON alone loses both.
 *
 * @param numbers - n numbers
 * @returns base64 of their little-endian doubles
 */
export function numbersToText(numbers: ArrayLike<number>): string {
  const bytes = Buffer.alloc(8 * numbers.length);
  for (let i = 0; i < numbers.length; i++) bytes.writeDoubleLE(numbers[i]!, 8 * i);
  return bytes.toString("base64");
}

/**
 * The numbers that `numbersToText` wrote.
 *
 * @throws {DataError} the text is not whole doubles
 */
export function textToNumbers(text: string): Float64Array {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length % 8 !== 0) {
    throw new DataError({
      message: `saved numbers were ${bytes.length} bytes long, expected a multiple of 8`,
      fix: "delete the saved state and compute again",
    });
  }
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
}
