import { OptionError } from "../core/errors.js";

/**
 * Reads the port that a command is to listen on.
 *
 * @throws {OptionError} it is no whole number from 0 to 65535 in plain digits
 */
export function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new OptionError({
    column: "--port",
    message: `was "${text}", expected a number from 0 to 65535`,
    fix: "leave it out for any free port",
  });
}
