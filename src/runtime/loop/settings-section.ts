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
import type { TradingCalendar } from "../../trading/rules/trading-calendar.js";
import { LIMIT_SETTINGS, type LimitSettings } from "../risk/order-limits.js";
import { SIGNAL_SETTINGS, type SignalSettings } from "../signal/signal.js";

/** What a settings file says of a run. */
export interface RuntimeSections {
  readonly rules: AccountRules;
  readonly signal: SignalSettings;
  readonly limits: LimitSettings;
  readonly guard: GuardSettings;
  readonly cooldown: CooldownSettings;
  /** Share of a position's value that holding it over a local midnight costs. */
  readonly swapRatio: number;
  readonly calendar: TradingCalendar;
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

const HOLDING = z.strictObject({ swapRatio: share });

const CALENDAR = z.strictObject({
  news: z.array(isoTime()),
  breaks: z.array(z.strictObject({ from: isoTime(), until: isoTime() })),
});

/** What `runtime:` may hold; news and breaks are those that some phases of an account must heed. */
const PARTS: readonly string[] = ["signal", "limits", "guard", "cooldown", "holding", "calendar"];

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
    ...withOverrides(HOLDING, { swapRatio: 0 }, part("holding"), "runtime.holding"),
    calendar: calendarOf(part("calendar")),
  };
}

function calendarOf(given: Readonly<Record<string, unknown>>): TradingCalendar {
  const nothing = { news: [], breaks: [] };
  const { news, breaks } = withOverrides(CALENDAR, nothing, given, "runtime.calendar");
  const us = (time: string): number => 1000 * Date.parse(time);
  return {
    newsUs: news.map(us).sort((a, b) => a - b),
    breaks: breaks.map(({ from, until }) => ({ fromUs: us(from), untilUs: us(until) })),
  };
}

/** A time with its zone: without one it would be the machine's. */
function isoTime(): z.ZodType<string> {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;
  const isTime = (value: unknown): boolean =>
    typeof value === "string" && form.test(value) && !Number.isNaN(Date.parse(value));
  return z.custom<string>(isTime, { error: "a time such as 2024-11-01T13:30Z" });
}
