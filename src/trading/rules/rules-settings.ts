import { z } from "zod";
import { OptionError } from "../../core/errors.js";
import { requireZone } from "../../core/local-day.js";
import { SETTINGS_FILE } from "../../core/settings-file.js";
import { type AccountRules, RULES_PRESETS, type RulesPreset } from "./account-rules.js";

function number(expected: string, fits: (value: number) => boolean): z.ZodType<number> {
  return z.custom<number>((value) => typeof value === "number" && fits(value), { error: expected });
}

/** Allowances are counted in whole basis points, so that they are exact. */
const isWholeBps = (ratio: number): boolean =>
  Math.abs(1e4 * ratio - Math.round(1e4 * ratio)) < 1e-9;

const ratio = number(
  "a ratio from 0.0001 to 1 with at most four digits",
  (value) => value > 0 && value <= 1 && isWholeBps(value),
);
const usd = number("dollars above 0, at most 1000000000", (value) => value > 0 && value <= 1e9);
const leverage = number("a number above 0, at most 1000", (value) => value > 0 && value <= 1000);
const minutes = number("minutes from 0 to 1440", (value) => value >= 0 && value <= 1440);
const hours = number("hours from 0 to 168, or null", (value) => value >= 0 && value <= 168);
const amount = number("an amount above 0", (value) => value > 0 && value < 1e12);
const days = number(
  "a whole number from 0 to 365",
  (value) => Number.isInteger(value) && value >= 0 && value <= 365,
);

function oneOf<const Words extends readonly [string, ...string[]]>(
  ...words: Words
): z.ZodType<Words[number]> {
  const expected = words.join(" or ");
  return z.custom<Words[number]>((value) => words.includes(value as string), { error: expected });
}

const text = z.string("a name").min(1, "a name");

const PHASE = z.strictObject({
  name: text,
  targetRatio: ratio.nullable(),
  leastDays: days,
  bestDayRatio: ratio.nullable(),
  newsMinutes: minutes,
  flatBeforeBreakHours: hours.nullable(),
});

const RULES = z.strictObject({
  name: text,
  initialUsd: usd,
  timeZone: text,
  dailyLoss: z.strictObject({
    ratio,
    of: oneOf("initial", "anchor"),
    anchor: oneOf("balance", "equity", "higher"),
  }),
  maximumLoss: z.strictObject({ ratio, kind: oneOf("static", "trailing") }),
  phases: z
    .array(PHASE)
    .min(1, "at least one phase")
    .refine((phases) => new Set(phases.map(({ name }) => name)).size === phases.length, {
      error: "phases with different names",
    }),
  leverage,
  lots: z.record(z.string(), z.strictObject({ most: amount, least: amount, step: amount })),
});

/**
 * Rules of an account from a section of the settings file: a preset, and what is to differ from it. Inside `dailyLoss`,
 * `maximumLoss` and `lots` only what is named differs; `phases` are given whole.
 *
 * @param section - what stands there, unchecked; nothing is FTMO's two steps
 * @param place - name of the section, for errors
 * @throws {OptionError} a name or value there is none
 */
export function rulesFromSettings(section: unknown, place = "account"): AccountRules {
  const { preset = "ftmo-two-step", ...given } = requireNames(section ?? {}, place);
  if (typeof preset !== "string" || !Object.hasOwn(RULES_PRESETS, preset)) {
    throw wrong(`${place}.preset`, preset, Object.keys(RULES_PRESETS).join(", "));
  }
  const parsed = RULES.safeParse(merged(RULES_PRESETS[preset as RulesPreset], given));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    if (issue.code === "unrecognized_keys")
      throw unknownName([place, ...issue.path], issue.keys[0]!);
    const at = [place, ...issue.path].join(".");
    throw wrong(
      at,
      valueAt(merged(RULES_PRESETS[preset as RulesPreset], given), issue.path),
      issue.message,
    );
  }
  requireZone(parsed.data.timeZone);
  return parsed.data;
}

function requireNames(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw wrong(place, value, "names with values");
}

/** Groups keep what is not named; lists and single values are replaced. */
function merged(preset: object, given: Readonly<Record<string, unknown>>): object {
  const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const known = preset as Readonly<Record<string, unknown>>;
  const entries = Object.entries(given).map(([name, value]): [string, unknown] => {
    const before = Object.hasOwn(known, name) ? known[name] : undefined;
    return [name, isGroup(before) && isGroup(value) ? merged(before, value) : value];
  });
  return { ...preset, ...Object.fromEntries(entries) };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (inner, name) => (inner as Record<PropertyKey, unknown> | undefined)?.[name],
    value,
  );
}

function unknownName(place: readonly PropertyKey[], name: string): OptionError {
  return new OptionError({
    file: SETTINGS_FILE,
    column: [...place, name].join("."),
    message: "is no rule of an account",
    fix: "remove it, or write it as the presets do",
  });
}

function wrong(place: string, value: unknown, expected: string): OptionError {
  const told = typeof value === "number" ? String(value) : JSON.stringify(value);
  return new OptionError({
    file: SETTINGS_FILE,
    column: place,
    message: `was ${told ?? "missing"}, expected ${expected}`,
    fix: "mend it, or leave it out for the preset's",
  });
}
