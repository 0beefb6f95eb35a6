import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { OptionError } from "./errors.js";
import { makeFolder } from "./folder.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-folder-"));
afterAll(() => rmSync(root, { recursive: true }));

test("makeFolder makes every missing level, and a second call changes nothing", () => {
  const folder = path.join(root, "a", "b", "c");
  makeFolder(folder, "OUT");
  makeFolder(folder, "OUT");
  expect(existsSync(folder)).toBe(true);
});

test("makeFolder refuses what cannot become a folder, and comes back", () => {
  const file = path.join(root, "file");
  writeFileSync(file, "");
  for (const folder of [file, path.join(file, "below"), "/dev/null/x"]) {
    expect(() => makeFolder(folder, "OUT")).toThrow(OptionError);
  }
  if (existsSync("/proc/self")) expect(() => makeFolder("/proc/nobody/x", "OUT")).toThrow(/OUT/);
});
