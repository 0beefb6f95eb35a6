import { readDotEnv } from "../core/dot-env.js";
import { type ResolvedSetting, resolveSettings } from "../core/settings.js";
import { readSettingsFile } from "../core/settings-file.js";
import { KEY_NAMES, takeKeys } from "../ingest/keys.js";

/** Those that AWS's tools read: theirs to find, and printed nowhere either. */
const AWS_KEYS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const;

/** A text without the keys of the environment, should any be in it. */
export function withoutKeys(text: string): string {
  const values = [...KEY_NAMES, ...AWS_KEYS].map((name) => process.env[name] ?? "");
  const keys = values.filter((key) => key.length >= 8);
  return keys.reduce((shown, key) => shown.replaceAll(key, "(key)"), text);
}

/**
 * Settings of this run from flags, environment, `.env` and `tickbook.yaml` in the project's root. Keys in `.env` are
 * put into the environment where it has none, and are never printed.
 *
 * @param flags - options given on the command line, by setting name
 * @throws {OptionError} a file cannot be read or parsed, or a value breaks its rule
 */
export function loadSettings(flags: Readonly<Record<string, unknown>>): readonly ResolvedSetting[] {
  const dotEnv = readDotEnv();
  takeKeys(process.env, dotEnv);
  return resolveSettings({ flags, environment: process.env, dotEnv, file: readSettingsFile() });
}
