import { expect, test } from "vitest";
import { OptionError } from "../../core/errors.js";
import { RULES_PRESETS } from "./account-rules.js";
import { rulesFromSettings } from "./rules-settings.js";

test("nothing set is FTMO's two steps, and every preset keeps its own rules", () => {
  expect(rulesFromSettings(undefined)).toEqual(RULES_PRESETS["ftmo-two-step"]);
  for (const [preset, rules] of Object.entries(RULES_PRESETS)) {
    expect(rulesFromSettings({ preset })).toEqual(rules);
  }
});

test("another firm is a preset with what differs", () => {
  const rules = rulesFromSettings({
    preset: "ftmo-one-step",
    initialUsd: 25_000,
    timeZone: "America/New_York",
    dailyLoss: { anchor: "higher" },
    lots: { SOL: { most: 500, least: 1, step: 1 } },
  });
  expect(rules.dailyLoss).toEqual({ ratio: 0.03, of: "initial", anchor: "higher" });
  expect(Object.keys(rules.lots)).toEqual(["BTC", "ETH", "SOL"]);
  expect([rules.initialUsd, rules.maximumLoss.kind]).toEqual([25_000, "trailing"]);
});

const PHASE = RULES_PRESETS["ftmo-two-step"].phases[0]!;

test.each([
  [{ preset: "topstep" }, 'account.preset: was "topstep", expected ftmo-two-step, '],
  [{ preset: "toString" }, 'account.preset: was "toString", expected ftmo-two-step, '],
  [[], "account: was [], expected names with values"],
  [{ initialUsd: "100" }, 'account.initialUsd: was "100", expected dollars above 0'],
  [{ dailyLoss: { ratio: 0.05001 } }, "account.dailyLoss.ratio: was 0.05001, expected a ratio"],
  [{ dailyLoss: 5 }, "account.dailyLoss: was 5, expected"],
  [{ dailyLoss: { anchor: "open" } }, 'was "open", expected balance or equity or higher'],
  [{ dailyLoss: { rate: 1 } }, "account.dailyLoss.rate: is not known there"],
  [{ maxLoss: 1 }, "account.maxLoss: is not known there"],
  [{ phases: [] }, "account.phases: was [], expected at least one phase"],
  [{ phases: [PHASE, PHASE] }, "expected phases with different names"],
  [
    { phases: [{ ...PHASE, leastDays: 1.5 }] },
    "account.phases.0.leastDays: was 1.5, expected a wh",
  ],
  [{ leverage: Number.NaN }, "account.leverage: was NaN, expected a number above 0"],
  [{ timeZone: "Prague" }, 'timeZone: was "Prague", expected the name of a time zone'],
])("%j is refused by name, value and rule", (section, message) => {
  expect(() => rulesFromSettings(section)).toThrow(OptionError);
  expect(() => rulesFromSettings(section)).toThrow(message);
});
