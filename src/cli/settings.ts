import { readDotEnv } from "../core/dot-env.js";
import { type ResolvedSetting, resolveSettings } from "../core/settings.js";
import { readSettingsFile } from "../core/settings-file.js";
import { KEY_NAMES, takeKeys } from "../ingest/keys.js";

/** Those that AWS's tools read: theirs to find, and printed nowhere either. */
const AWS_KEYS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const;

/** What runs are told in secret: the address of their database may hold a password, that of a webhook is one. */
const RUN_KEYS = ["DATABASE_URL", "TICKBOOK_MONITOR_TOKEN", "TICKBOOK_WEBHOOK"] as const;

/** A text without the keys of the environment, should any be in it. */
export function withoutKeys(text: string): string {
  const names = [...KEY_NAMES, ...AWS_KEYS, ...RUN_KEYS];
  const values = [...names.map((name) => process.env[name] ?? ""), ...databasePasswords()];
  const keys = values.filter((key) => key.length >= 8);
  return keys.reduce((shown, key) => shown.replaceAll(key, "(key)"), text);
}

/** The password in the database's address, as it stands there and as it is meant. */
function databasePasswords(): readonly string[] {
  const [, password] =
    /^[a-z]+:\/\/[^:@/]*:([^@/]*)@/.exec(process.env["DATABASE_URL"] ?? "") ?? [];
  return password === undefined ? [] : [password, safelyDecoded(password)];
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not encoded at all: it is meant as it stands there.
    return text;
  }
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
  for (const name of RUN_KEYS) {
    const value = dotEnv[name];
    if (value !== undefined) process.env[name] ??= value;
  }
  return resolveSettings({ flags, environment: process.env, dotEnv, file: readSettingsFile() });
}
