import { readDotEnv } from "../core/dot-env.js";

/** Environment variables that hold keys: read from `.env` too, printed nowhere. */
export const KEY_NAMES = ["TARDIS_API_KEY", "TARDIS_API_SECRET", "TICKBOOK_SERVER_KEY"] as const;

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
