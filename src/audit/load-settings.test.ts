import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
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
      /audit.staleBook.trades: was .*, expected a number from 0 on/,
    );
  }
  expect(() => load("audit: { gap: { badAbove: 1.5 } }\n")).toThrow(/expected a share from 0 to 1/);
});
