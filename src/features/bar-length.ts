import { OptionError } from "../core/errors.js";
import { SECOND_US } from "../core/time.js";
import { requireBar } from "./engine-settings.js";

const UNITS: readonly (readonly [string, number])[] = [
  ["h", 3600 * SECOND_US],
  ["m", 60 * SECOND_US],
  ["s", SECOND_US],
];

/**
 * Length of a bar from its name.
 *
 * @param text - a number and `s`, `m` or `h`, for example `1m`
 * @returns µs
 * @throws {OptionError} not such a name, or a length that does not divide a day
 */
export function parseBar(text: string): number {
  const parts = /^([1-9]\d*)([smh])$/.exec(text);
  const unit = UNITS.find(([name]) => name === parts?.[2])?.[1];
  if (parts !== null && unit !== undefined) return requireBar(Number(parts[1]) * unit);
  throw new OptionError({
    column: "--bar",
    message: `was ${JSON.stringify(text)}, expected a number and a unit`,
    fix: "use for example 1m, 5m or 1h",
  });
}

/** The shortest name of a bar's length: `1m`, not `60s`. */
export function barName(barUs: number): string {
  const [name, unit] = UNITS.find(([, length]) => barUs % length === 0)!;
  return `${barUs / unit}${name}`;
}
