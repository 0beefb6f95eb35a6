import { z } from "zod";
import { DECIMAL } from "./decimal.js";
import { type ErrorPlace, OptionError } from "./errors.js";
import type { NumberRule } from "./number-rule.js";

/** Values of all settings, validated. */
export interface Settings {
  readonly data: string;
  readonly latencyMs: number;
  readonly horizonBars: number;
  readonly maxRejectedShare: number;
  readonly seed: number;
  readonly device: DeviceChoice;
}

/** What TensorFlow is to compute on; `auto` is a GPU where TensorFlow sees one. */
export type DeviceChoice = "auto" | "cpu" | "gpu";

interface Setting {
  readonly schema: z.ZodType<string | number>;
  /** The rule in words. */
  readonly expected: string;
  readonly initial: string | number;
  readonly about: string;
  /** Name of the option, where it is not that of the setting. */
  readonly option?: string;
}

/** A number or the text of one that keeps a rule; `true`, nothing and lists are none, though JavaScript counts with them. */
function decimal(rule: z.ZodNumber): z.ZodType<number> {
  const text = z.string().trim().regex(DECIMAL).transform(Number);
  return z.union([z.number(), text]).pipe(rule);
}

/** Every setting with its rule, its default and one line on what it is for. */
const SETTINGS: Readonly<Record<keyof Settings, Setting>> = {
  data: {
    schema: z.string().min(1),
    expected: "a folder",
    initial: "data",
    about: "root of the store",
  },
  latencyMs: {
    schema: decimal(z.number().min(0).max(60_000)),
    expected: "a number from 0 to 60000",
    initial: 500,
    about: "milliseconds from a bar's end to the mid a label starts from",
    option: "--latency",
  },
  horizonBars: {
    schema: decimal(z.number().int().min(1).max(1440)),
    expected: "a whole number from 1 to 1440",
    initial: 15,
    about: "bars ahead that labels look",
    option: "--horizon",
  },
  maxRejectedShare: {
    schema: decimal(z.number().min(0).max(1)),
    expected: "a number from 0 to 1",
    initial: 0.001,
    about: "share of bad rows above which a file fails",
  },
  seed: {
    schema: decimal(
      z
        .number()
        .int()
        .min(0)
        .max(2 ** 31),
    ),
    expected: `a whole number from 0 to ${2 ** 31}`,
    initial: 1,
    about: "seed of the simulated market and of training",
  },
  device: {
    schema: z.enum(["auto", "cpu", "gpu"]),
    expected: "auto, cpu or gpu",
    initial: "auto",
    about: "device that TensorFlow computes on",
  },
};

/** Sections of the settings file that a stage reads for itself. */
const SECTIONS: readonly string[] = ["audit", "book", "account", "runtime"];

/** Where a value came from, the strongest first. */
export type SettingSource = "flag" | "environment" | ".env" | "settings file" | "default";

/** Sources whose empty values are none. */
const VARIABLES: readonly SettingSource[] = ["environment", ".env"];

/** A setting as `doctor` prints it. */
export interface ResolvedSetting {
  readonly name: keyof Settings;
  readonly value: string | number;
  readonly source: SettingSource;
  readonly about: string;
}

/** Raw values by source; the first three by setting or variable name. */
export interface SettingSources {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly dotEnv: Readonly<Record<string, string | undefined>>;
  readonly file: Readonly<Record<string, unknown>>;
}

/** Names of all settings, in the order they are printed. */
const SETTING_NAMES: readonly (keyof Settings)[] = Object.keys(SETTINGS) as (keyof Settings)[];

/** Name of a setting's environment variable: `latencyMs` → `TICKBOOK_LATENCY_MS`. */
export function environmentName(name: string): string {
  return `TICKBOOK_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** The rule of a setting that is a number, for those who get one in another way. */
export function settingRule(name: "latencyMs" | "horizonBars"): NumberRule {
  const { schema, expected } = SETTINGS[name];
  return {
    fits: (value) => typeof value === "number" && schema.safeParse(value).success,
    expected,
  };
}

/**
 * Settles each setting from the strongest source that has it: flag, environment, `.env`, settings file, default.
 *
 * @returns every setting with its value and source
 * @throws {OptionError} a value breaks its rule, or the settings file holds a name that is not a setting
 */
export function resolveSettings(sources: SettingSources): readonly ResolvedSetting[] {
  for (const name of Object.keys(sources.file)) {
    if (Object.hasOwn(SETTINGS, name) || SECTIONS.includes(name)) continue;
    throw new OptionError({
      file: "tickbook.yaml",
      column: name,
      message: "is not a setting",
      fix: `use one of ${[...SETTING_NAMES, ...SECTIONS].join(", ")}`,
    });
  }
  return SETTING_NAMES.map((name) => resolveSetting(name, sources));
}

/**
 * Settles one setting, whatever the others are.
 *
 * @throws {OptionError} its value breaks its rule
 */
export function resolveSetting(name: keyof Settings, sources: SettingSources): ResolvedSetting {
  const variable = environmentName(name);
  const candidates: readonly [SettingSource, unknown][] = [
    ["flag", sources.flags[name]],
    ["environment", sources.environment[variable]],
    [".env", sources.dotEnv[variable]],
    ["settings file", sources.file[name]],
    ["default", SETTINGS[name].initial],
  ];
  // A variable that is empty is one that is not set; an option or a line of the file that is empty was given.
  const [source, raw] = candidates.find(
    ([from, value]) => value !== undefined && (value !== "" || !VARIABLES.includes(from)),
  )!;
  const parsed = SETTINGS[name].schema.safeParse(raw);
  const isBlank = typeof raw === "string" && raw.trim() === "";
  if (!parsed.success || isBlank) throw wrongValue(name, raw, source);
  return { name, value: parsed.data, source, about: SETTINGS[name].about };
}

function wrongValue(name: keyof Settings, raw: unknown, source: SettingSource): OptionError {
  const { expected, about, initial } = SETTINGS[name];
  return new OptionError({
    ...settingPlace(name, source),
    message: `was ${typeof raw === "number" ? raw : JSON.stringify(raw)}, expected ${expected}`,
    fix: `it is the ${about}, ${initial} when left out`,
  });
}

/** Where somebody wrote a setting's value, as errors name it. */
export function settingPlace(
  name: keyof Settings,
  source: SettingSource,
): Pick<ErrorPlace, "file" | "column"> {
  if (source === "flag") return { column: flagName(name) };
  if (source === "environment") return { column: environmentName(name) };
  if (source === ".env") return { file: ".env", column: environmentName(name) };
  return source === "default" ? { column: name } : { file: "tickbook.yaml", column: name };
}

/** Name of a setting's option as it is typed: `maxRejectedShare` → `--max-rejected-share`. */
function flagName(name: keyof Settings): string {
  const spelled = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return SETTINGS[name].option ?? spelled;
}

/** Plain values of resolved settings. */
export function settingValues(resolved: readonly ResolvedSetting[]): Settings {
  return Object.fromEntries(
    resolved.map(({ name, value }) => [name, value]),
  ) as unknown as Settings;
}
