import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "dotenv";

/** Environment variables that hold keys: read from `.env` too, printed nowhere. */
export const KEY_NAMES = ["TARDIS_API_KEY", "TARDIS_API_SECRET", "TICKBOOK_SERVER_KEY"] as const;

/** Root of the project: the folder that holds `package.json`. */
const PROJECT_ROOT = path.resolve(__dirname, "..", "..");

/** Variables of the project's `.env`; none where there is no such file. */
export function readDotEnv(folder: string = PROJECT_ROOT): Readonly<Record<string, string>> {
  const file = path.join(folder, ".env");
  return existsSync(file) ? parse(readFileSync(file)) : {};
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
