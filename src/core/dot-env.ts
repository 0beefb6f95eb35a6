import { parse } from "dotenv";
import { optionalText } from "./optional-file.js";
import { PROJECT_ROOT } from "./settings-file.js";

/**
 * Variables of the project's `.env`; none where there is no such file.
 *
 * @throws {OptionError} it is there and cannot be read
 */
export function readDotEnv(folder: string = PROJECT_ROOT): Readonly<Record<string, string>> {
  return parse(optionalText(folder, ".env") ?? "");
}
