import { expect, test } from "vitest";
import { OptionError } from "../../core/errors.js";
import { GUARD_SETTINGS } from "./guard.js";
import { cooldownFromSettings, guardFromSettings } from "./guard-settings.js";

test("nothing set are the defaults, and a symbol's move is added to the others", () => {
  expect(guardFromSettings(undefined)).toEqual(GUARD_SETTINGS);
  const { stress, ...rest } = guardFromSettings({ stress: { bySymbol: { SOLUSDT: 0.08 } } });
  expect(stress).toEqual({ other: 0.05, bySymbol: { BTC: 0.03, ETH: 0.04, SOLUSDT: 0.08 } });
  expect({ ...GUARD_SETTINGS, ...rest }).toEqual(GUARD_SETTINGS);
  expect(cooldownFromSettings({ bars: 3 }, 60e6)).toEqual({
    ...{ lossesInARow: 10, lossUsd: 0, windowMinutes: 60, bars: 3, barUs: 60e6 },
  });
});

test.each([
  [{ reduceRatio: 1.5 }, "guard.reduceRatio: was 1.5, expected a share from 0 to 1"],
  [{ flattenRatio: 0.3 }, "guard.flattenRatio: was 0.3, expected a flattenRatio of at most the"],
  [{ stress: { bySymbol: { BTC: 0 } } }, "guard.stress.bySymbol.BTC: was 0, expected a ratio"],
  [{ stress: { bySymbol: { BTC: "3 %" } } }, 'was "3 %", expected a ratio above'],
  [{ flatten: 1 }, "guard.flatten: is not known there; remove it"],
  ["off", 'guard: was "off", expected names with values'],
])("%j is refused by name, value and rule", (section, message) => {
  expect(() => guardFromSettings(section)).toThrow(OptionError);
  expect(() => guardFromSettings(section)).toThrow(message);
});

test("a cooldown of half a bar is refused", () => {
  expect(() => cooldownFromSettings({ bars: 0.5 }, 60e6)).toThrow(
    "cooldown.bars: was 0.5, expected a whole number from 0 to 1000",
  );
});
