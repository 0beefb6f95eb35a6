import { readDotEnv } from "../../core/dot-env.js";

/**
 * The address of the journal's database that somebody has set; it may hold a password, and is printed nowhere.
 *
 * @returns undefined where none is, or it is empty
 * @throws {OptionError} `.env` is there and cannot be read
 */
export function databaseUrl(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  dotEnv: Readonly<Record<string, string>> = readDotEnv(),
): string | undefined {
  return environment["DATABASE_URL"] || dotEnv["DATABASE_URL"] || undefined;
}
