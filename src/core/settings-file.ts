import path from "node:path";
import { parse as parseYaml } from "yaml";
import { OptionError } from "./errors.js";
import { optionalText } from "./optional-file.js";

/** Root of the project: the folder that holds `package.json`. */
export const PROJECT_ROOT: string = path.resolve(__dirname, "..", "..");

/** The one commented settings file. */
export const SETTINGS_FILE = "tickbook.yaml";

/**
 * Settings of the project's `tickbook.yaml`, unchecked; none where there is no such file.
 *
 * @throws {OptionError} it cannot be read or parsed, or is no list of names and values
 */
export function readSettingsFile(folder: string = PROJECT_ROOT): Readonly<Record<string, unknown>> {
  const text = optionalText(folder, SETTINGS_FILE) ?? "";
  let parsed: unknown;
  try {
    parsed = parseYaml(text) ?? {};
  } catch (error) {
    throw new OptionError({
      file: SETTINGS_FILE,
      message: `could not be parsed: ${(error as Error).message.split("\n")[0]}`,
      fix: "mend the line, or delete the file to use the defaults",
    });
  }
  if (typeof parsed === "object" && !Array.isArray(parsed))
    return parsed as Record<string, unknown>;
  throw new OptionError({
    file: SETTINGS_FILE,
    message: `was ${JSON.stringify(parsed)}, expected names and values`,
    fix: "write for example `seed: 1`, or delete the file to use the defaults",
  });
}
