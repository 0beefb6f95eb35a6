import { z } from "zod";
import type { CooldownSettings } from "./cooldown.js";
import { GUARD_SETTINGS, type GuardSettings } from "./guard.js";
import { numberRule, requireNames, withOverrides } from "./settings-section.js";

const share = numberRule("a share from 0 to 1", (value) => value >= 0 && value <= 1);
const minutes = numberRule("minutes from 0 to 1440", (value) => value >= 0 && value <= 1440);
const move = numberRule("a ratio above 0, at most 1", (value) => value > 0 && value <= 1);
const usd = numberRule("dollars from 0 to 1000000000", (value) => value >= 0 && value <= 1e9);
const count = numberRule(
  "a whole number from 0 to 1000",
  (value) => Number.isInteger(value) && value >= 0 && value <= 1000,
);

const GUARD = z
  .strictObject({
    reduceRatio: share,
    flattenRatio: share,
    midnightMinutes: minutes,
    breakMinutes: minutes,
    stress: z.strictObject({ other: move, bySymbol: z.record(z.string(), move) }),
  })
  .refine(({ flattenRatio, reduceRatio }) => flattenRatio <= reduceRatio, {
    error: "a flattenRatio of at most the reduceRatio",
    path: ["flattenRatio"],
  });

/**
 * Settings of the guard: the default ones with what a section of the settings file says in their place.
 *
 * @throws {OptionError} a name or value there is none
 */
export function guardFromSettings(section: unknown, place = "guard"): GuardSettings {
  return withOverrides(GUARD, GUARD_SETTINGS, requireNames(section ?? {}, place), place);
}

/**
 * Ten losses in a row stop entries for four bars: stakes that overlap are lost together, three symbols at once. A loss of so many
 * dollars does not, unless somebody names it.
 */
const COOLDOWN_SETTINGS: Omit<CooldownSettings, "barUs"> = {
  lossesInARow: 10,
  lossUsd: 0,
  windowMinutes: 60,
  bars: 4,
};

const COOLDOWN = z.strictObject({
  lossesInARow: count,
  lossUsd: usd,
  windowMinutes: minutes,
  bars: count,
});

/**
 * Settings of the cooldown: the default ones with what a section of the settings file says in their place.
 *
 * @param barUs - length of a bar, which is the run's
 * @throws {OptionError} a name or value there is none
 */
export function cooldownFromSettings(
  section: unknown,
  barUs: number,
  place = "cooldown",
): CooldownSettings {
  const given = requireNames(section ?? {}, place);
  return { ...withOverrides(COOLDOWN, COOLDOWN_SETTINGS, given, place), barUs };
}
