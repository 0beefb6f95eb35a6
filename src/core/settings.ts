import { z } from "zod";
import { OptionError } from "./errors.js";

/** Values of all settings, validated. */
export interface Settings {
  readonly data: string;
  readonly latencyMs: number;
  readonly horizonBars: number;
  readonly maxRejectedShare: number;
  readonly seed: number;
}

interface Setting {
  readonly schema: z.ZodType<string | number>;
  readonly initial: string | number;
  readonly about: string;
}

/** Every setting with its rule, its default and one line on what it is for. */
const SETTINGS: Readonly<Record<keyof Settings, Setting>> = {
  data: {
    schema: z.string().min(1),
    initial: "data",
    about: "root of the store",
  },
  latencyMs: {
    schema: z.coerce.number().min(0).max(60_000),
    initial: 500,
    about: "milliseconds from a bar's end to the mid a label starts from",
  },
  horizonBars: {
    schema: z.coerce.number().int().min(1).max(1440),
    initial: 15,
    about: "bars ahead that labels look",
  },
  maxRejectedShare: {
    schema: z.coerce.number().min(0).max(1),
    initial: 0.001,
    about: "share of bad rows above which a file fails",
  },
  seed: {
    schema: z.coerce
      .number()
      .int()
      .min(0)
      .max(2 ** 31),
    initial: 1,
    about: "seed of the simulated market and of training",
  },
};

/** Where a value came from, the strongest first. */
export type SettingSource = "flag" | "environment" | ".env" | "settings file" | "default";

/** A setting as `doctor` prints it. */
export interface ResolvedSetting {
  readonly name: keyof Settings;
  readonly value: string | number;
  readonly source: SettingSource;
  readonly about: string;
}

/** Names of all settings, in the order they are printed. */
const SETTING_NAMES: readonly (keyof Settings)[] = Object.keys(SETTINGS) as (keyof Settings)[];

/** Name of a setting's environment variable: `latencyMs` → `TICKBOOK_LATENCY_MS`. */
export function environmentName(name: string): string {
  return `TICKBOOK_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/**
 * Settles each setting from the strongest source that has it: flag, environment, `.env`, settings file, default.
 *
 * @param sources - raw values by source; the first three by setting or variable name
 * @returns every setting with its value and source
 * @throws {OptionError} a value breaks its rule, or the settings file holds a name that is not a setting
 */
export function resolveSettings(sources: {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly dotEnv: Readonly<Record<string, string | undefined>>;
  readonly file: Readonly<Record<string, unknown>>;
}): readonly ResolvedSetting[] {
  for (const name of Object.keys(sources.file)) {
    if (name in SETTINGS) continue;
    throw new OptionError({
      file: "tickbook.yaml",
      column: name,
      message: "is not a setting",
      fix: `use one of ${SETTING_NAMES.join(", ")}`,
    });
  }
  return SETTING_NAMES.map((name) => {
    const variable = environmentName(name);
    const candidates: readonly [SettingSource, unknown][] = [
      ["flag", sources.flags[name]],
      ["environment", sources.environment[variable]],
      [".env", sources.dotEnv[variable]],
      ["settings file", sources.file[name]],
      ["default", SETTINGS[name].initial],
    ];
    const [source, raw] = candidates.find(([, value]) => value !== undefined && value !== "")!;
    const parsed = SETTINGS[name].schema.safeParse(raw);
    if (!parsed.success) {
      throw new OptionError({
        column: name,
        message: `was ${JSON.stringify(raw)} (from ${source}): ${parsed.error.issues[0]!.message}`,
        fix: `it is the ${SETTINGS[name].about}; mend it there or leave it out for ${SETTINGS[name].initial}`,
      });
    }
    return { name, value: parsed.data, source, about: SETTINGS[name].about };
  });
}

/** Plain values of resolved settings. */
export function settingValues(resolved: readonly ResolvedSetting[]): Settings {
  return Object.fromEntries(
    resolved.map(({ name, value }) => [name, value]),
  ) as unknown as Settings;
}
