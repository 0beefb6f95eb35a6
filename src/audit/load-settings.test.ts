import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { PROJECT_ROOT, SETTINGS_FILE } from "../core/settings-file.js";
import { loadAuditSettings } from "./load-settings.js";
import { AUDIT_SETTINGS } from "./settings.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-audit-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (text: string): unknown => {
  writeFileSync(path.join(folder, SETTINGS_FILE), text);
  return loadAuditSettings(folder);
};

test("the settings file shows every threshold with its default", () => {
  const lines = readFileSync(path.join(PROJECT_ROOT, SETTINGS_FILE), "utf8").split("\n");
  const start = lines.indexOf("# audit:");
  const shown = lines.slice(start).map((line) => line.replace(/^# ?/, ""));
  expect(parse(shown.join("\n")).audit).toEqual(AUDIT_SETTINGS);
});

test("a threshold of the file takes the default's place, and nothing else changes", () => {
  expect(load("seed: 3\n")).toEqual(AUDIT_SETTINGS);
  expect(
    load("audit:\n  staleBook: { leastSeconds: 30 }\n  gap: { quotes: { tails: 5 } }\n"),
  ).toEqual({
    ...AUDIT_SETTINGS,
    staleBook: { ...AUDIT_SETTINGS.staleBook, leastSeconds: 30 },
    gap: { ...AUDIT_SETTINGS.gap, quotes: { ...AUDIT_SETTINGS.gap.quotes, tails: 5 } },
  });
});

test("a name that is no threshold and a value that is none are told with their place", () => {
  expect(() => load("audit: { stalebook: { leastSeconds: 3 } }\n")).toThrow(
    /tickbook.yaml, audit.stalebook: is no threshold; use some of gap, coverage/,
  );
  expect(() => load("audit: { staleBook: { seconds: 3 } }\n")).toThrow(
    /audit.staleBook.seconds: is no threshold; use some of leastSeconds, medians/,
  );
  expect(() => load("audit: { staleBook: 3 }\n")).toThrow(/audit.staleBook: was 3, expected names/);
  expect(() => load("audit: 5\n")).toThrow(/audit: was 5, expected names/);
  for (const value of ["-1", '"3"', ".nan", ".inf", "true"]) {
    expect(() => load(`audit: { staleBook: { trades: ${value} } }\n`)).toThrow(
      /audit.staleBook.trades: was .*, expected a whole number from 1 to 1000000/,
    );
  }
  expect(() => load("audit: { gap: { badAbove: 1.5 } }\n")).toThrow(/expected a share from 0 to 1/);
});

// What let a run fail in its midst, or pass with a threshold that means nothing.
test.each([
  ["duplicate: { memory: 1.5 }", "duplicate.memory: was 1.5, expected a whole number from 1 to"],
  ["duplicate: { memory: 0 }", "duplicate.memory: was 0, expected a whole number from 1 to"],
  ["duplicate: { memory: 1e12 }", "duplicate.memory: was 1000000000000, expected a whole number"],
  ["duplicate: { messages: 0 }", "duplicate.messages: was 0, expected a whole number from 1"],
  [
    "regimeBreak: { minutes: 0 }",
    "regimeBreak.minutes: was 0, expected a whole number from 1 to 1440",
  ],
  ["regimeBreak: { minutesBefore: 7.5 }", "regimeBreak.minutesBefore: was 7.5, expected a whole"],
  ["regimeBreak: { factor: 0.5 }", "regimeBreak.factor: was 0.5, expected a factor above 1"],
  ["regimeBreak: { factor: 1 }", "regimeBreak.factor: was 1, expected a factor above 1"],
  ["regimeBreak: { levels: 0.5 }", "regimeBreak.levels: was 0.5, expected a whole number from 1"],
  ["outlier: { neighbours: 0 }", "outlier.neighbours: was 0, expected a whole number from 1"],
  ["clockOffset: { minutes: 0 }", "clockOffset.minutes: was 0, expected a whole number from 1"],
  [
    "candles: { hour: { missingBad: 25 } }",
    "candles.hour.missingBad: was 25, expected a share from 0 to 1",
  ],
  ["candles: { contradictionFatal: 5 }", "candles.contradictionFatal: was 5, expected a share"],
  [
    "quoteMismatch: { windowSeconds: 1e6 }",
    "quoteMismatch.windowSeconds: was 1000000, expected seconds from 0 to 60",
  ],
  ["gap: { trades: { tails: .inf } }", "gap.trades.tails: was Infinity, expected a number from 0"],
])("%s is refused with its rule", (audit, expected) => {
  expect(() => load(`audit: { ${audit} }\n`)).toThrow(`audit.${expected}`);
});

test.each([
  [
    "crossedBook: { usableAbove: 0.5 }",
    "crossedBook.usableAbove: was 0.5, expected at most badAbove, which is 0.01",
  ],
  [
    "tradeOutsideBook: { badAbove: 0 }",
    "tradeOutsideBook.usableAbove: was 0.001, expected at most badAbove, which is 0",
  ],
  [
    "quoteMismatch: { pricesShare: 0.9 }",
    "quoteMismatch.fatalShare: was 0.95, expected at most pricesShare, which is 0.9",
  ],
])("%s contradicts another threshold and is refused", (audit, expected) => {
  expect(() => load(`audit: { ${audit} }\n`)).toThrow(`audit.${expected}`);
});

test("two thresholds that are equal do not contradict each other", () => {
  const equal =
    "crossedBook: { usableAbove: 0.3, badAbove: 0.3 }, snapshotMismatch: { fatalShare: 0.999 }";
  expect(load(`audit: { ${equal} }\n`)).toMatchObject({ crossedBook: { usableAbove: 0.3 } });
});

test("every default keeps its rule", () => {
  expect(load(stringify({ audit: AUDIT_SETTINGS }))).toEqual(AUDIT_SETTINGS);
});
