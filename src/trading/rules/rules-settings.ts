import { z } from "zod";
import { requireZone } from "../../core/local-day.js";
import { type AccountRules, RULES_PRESETS, type RulesPreset } from "./account-rules.js";
import { numberRule, requireNames, withOverrides, wrongValue } from "./settings-section.js";

/** Allowances are counted in whole basis points, so that they are exact. */
const isWholeBps = (ratio: number): boolean =>
  Math.abs(1e4 * ratio - Math.round(1e4 * ratio)) < 1e-9;

const ratio = numberRule(
  "a ratio from 0.0001 to 1 with at most four digits",
  (value) => value > 0 && value <= 1 && isWholeBps(value),
);
const usd = numberRule("dollars above 0, at most 1000000000", (value) => value > 0 && value <= 1e9);
const leverage = numberRule(
  "a number above 0, at most 1000",
  (value) => value > 0 && value <= 1000,
);
const minutes = numberRule("minutes from 0 to 1440", (value) => value >= 0 && value <= 1440);
const hours = numberRule("hours from 0 to 168, or null", (value) => value >= 0 && value <= 168);
const amount = numberRule("an amount above 0", (value) => value > 0 && value < 1e12);
const days = numberRule(
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
    throw wrongValue(`${place}.preset`, preset, Object.keys(RULES_PRESETS).join(", "));
  }
  const rules = withOverrides(RULES, RULES_PRESETS[preset as RulesPreset], given, place);
  requireZone(rules.timeZone);
  return rules;
}
