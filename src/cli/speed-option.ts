import { OptionError } from "../core/errors.js";

/**
 * Market seconds a second.
 *
 * @param text - `max`, or a number above 0
 * @returns Infinity for `max`
 * @throws {OptionError} it is neither
 */
export function speedOption(text: string): number {
  if (text === "max") return Number.POSITIVE_INFINITY;
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (speed > 0 && speed <= 1e6) return speed;
  throw new OptionError({
    column: "--speed",
    message: `was "${text}", expected max or a number above 0`,
    fix: "give for example 60 for a minute a second",
  });
}
