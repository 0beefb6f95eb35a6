import path from "node:path";
import { parse } from "dotenv";
import { optionalText } from "../core/optional-file.js";

/** Environment variables that hold keys: read from `.env` too, printed nowhere. */
export const KEY_NAMES = ["TARDIS_API_KEY", "TARDIS_API_SECRET", "TICKBOOK_SERVER_KEY"] as const;

/** Root of the project: the folder that holds `package.json`. */
const PROJECT_ROOT = path.resolve(__dirname, "..", "..");

/**
 * Variables of the project's `.env`; none where there is no such file.
 *
 * @throws {OptionError} it is there and cannot be read
 */
export function readDotEnv(folder: string = PROJECT_ROOT): Readonly<Record<string, string>> {
  return parse(optionalText(folder, ".env") ?? "");
}

/** Puts the keys of `.env` into the environment where it has none, for commands and notebooks alike. */
export function takeKeys(
  environment: NodeJS.ProcessEnv = process.env,
  dotEnv: Readonly<Record<string, string>> = readDotEnv(),
): void {
  for (const name of KEY_NAMES) {
    const value = dotEnv[name];
    if (value !== undefined) environment[name] ??= value;
  }
}
