// Does the project's settings file say what a run has where nobody writes anything?
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PROJECT_ROOT, SETTINGS_FILE } from "../../core/settings-file.js";
import { MINUTE_US } from "../../core/time.js";
import { type RuntimeSections, runtimeSections } from "./settings-section.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-shown-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (text: string): RuntimeSections => {
  writeFileSync(path.join(folder, SETTINGS_FILE), text);
  return runtimeSections(MINUTE_US, folder);
};

/** A commented section of the project's file as it would stand there. */
function shown(section: string): string {
  const lines = readFileSync(path.join(PROJECT_ROOT, SETTINGS_FILE), "utf8").split("\n");
  const start = lines.indexOf(`# ${section}:`);
  expect(start).toBeGreaterThan(0);
  const end = lines.findIndex((line, i) => i > start && line === "");
  return lines
    .slice(start, end)
    .map((line) => line.replace(/^# ?/, ""))
    .join("\n");
}

/** Names in it, of groups too. */
function namesIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
}

test.each(["account", "runtime"])("what is shown of %s is what a run has without it", (section) => {
  expect(load(`${shown(section)}\n`)).toEqual(load(""));
});

test("every setting of account and runtime is shown", () => {
  const { rules, signal, limits, guard, cooldown } = load("");
  const { barUs: _, ...rest } = cooldown;
  const all = { ...rules, signal, limits, guard, cooldown: rest, holding: { swapRatio: 0 } };
  const text = `${shown("account")}\n${shown("runtime")}`;
  const names = [...namesIn(all), "calendar", "news", "breaks"];
  const missing = names.filter((name) => /^\D/.test(name) && !text.includes(`${name}:`));
  expect(missing).toEqual([]);
});
