// What does `tickbook.yaml` say of a run? Under `account:` the firm's rules, under `runtime:` all else.
import { z } from "zod";
import { readSettingsFile } from "../../core/settings-file.js";
import type { AccountRules } from "../../trading/rules/account-rules.js";
import type { CooldownSettings } from "../../trading/rules/cooldown.js";
import type { GuardSettings } from "../../trading/rules/guard.js";
import { cooldownFromSettings, guardFromSettings } from "../../trading/rules/guard-settings.js";
import { rulesFromSettings } from "../../trading/rules/rules-settings.js";
import {
  numberRule,
  requireNames,
  withOverrides,
  wrongValue,
} from "../../trading/rules/settings-section.js";
import { LIMIT_SETTINGS, type LimitSettings } from "../risk/order-limits.js";
import { SIGNAL_SETTINGS, type SignalSettings } from "../signal/signal.js";

/** What a settings file says of a run. */
export interface RuntimeSections {
  readonly rules: AccountRules;
  readonly signal: SignalSettings;
  readonly limits: LimitSettings;
  readonly guard: GuardSettings;
  readonly cooldown: CooldownSettings;
}

const isWhole = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 1e6;
const share = numberRule("a share from 0 to 1", (value) => value >= 0 && value <= 1);
const count = numberRule("a whole number from 0 to 1000000", isWhole);
const positive = numberRule("a number from 0 to 1000000", (value) => value >= 0 && value <= 1e6);

const SIGNAL = z.strictObject({
  maxSpreadBps: positive,
  maxBookless: share,
  maxExcess: positive,
  cooldownBars: count,
});

const LIMITS = z.strictObject({
  ordersPerMinute: count,
  ordersPerDay: count,
  requestsPerMinute: count,
});

const PARTS: readonly string[] = ["signal", "limits", "guard", "cooldown"];

/**
 * Settings of runs; what is left out has the defaults that stand in the file as comments.
 *
 * @param barUs - length of the run's bars
 * @param folder - of the settings file; the project's root when left out
 * @throws {OptionError} the file cannot be read, or a name or value there is none
 */
export function runtimeSections(barUs: number, folder?: string): RuntimeSections {
  const file = folder === undefined ? readSettingsFile() : readSettingsFile(folder);
  const runtime = requireNames(file["runtime"] ?? {}, "runtime");
  const unknown = Object.keys(runtime).find((name) => !PARTS.includes(name));
  if (unknown !== undefined) {
    throw wrongValue(`runtime.${unknown}`, runtime[unknown], `only ${PARTS.join(", ")} there`);
  }
  const part = (name: string): Readonly<Record<string, unknown>> =>
    requireNames(runtime[name] ?? {}, `runtime.${name}`);
  return {
    rules: rulesFromSettings(file["account"]),
    signal: withOverrides(SIGNAL, SIGNAL_SETTINGS, part("signal"), "runtime.signal"),
    limits: withOverrides(LIMITS, LIMIT_SETTINGS, part("limits"), "runtime.limits"),
    guard: guardFromSettings(part("guard"), "runtime.guard"),
    cooldown: cooldownFromSettings(part("cooldown"), barUs, "runtime.cooldown"),
  };
}
