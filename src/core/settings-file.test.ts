import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OptionError } from "./errors.js";
import { readSettingsFile } from "./settings-file.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-settings-"));
  file = path.join(folder, "tickbook.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a settings file that is left out or empty sets nothing", () => {
  expect(readSettingsFile(folder)).toEqual({});
  writeFileSync(file, "# nothing yet\n");
  expect(readSettingsFile(folder)).toEqual({});
  writeFileSync(file, "seed: 3\n");
  expect(readSettingsFile(folder)).toEqual({ seed: 3 });
});

test.each(["5", "true", "hello", "- seed: 1", "[]"])(
  "%s in a settings file sets nothing, so it is refused",
  (text) => {
    writeFileSync(file, `${text}\n`);
    expect(() => readSettingsFile(folder)).toThrow(
      /^tickbook\.yaml: was .*, expected names and values; write for example/,
    );
  },
);

test("a settings file with a bad line, and a folder in its place, have remedies of their own", () => {
  writeFileSync(file, "seed: [1\n");
  expect(() => readSettingsFile(folder)).toThrow(/^tickbook\.yaml: could not be .*; mend the line/);
  rmSync(file);
  mkdirSync(file);
  expect(() => readSettingsFile(folder)).toThrow(OptionError);
  expect(() => readSettingsFile(folder)).toThrow(/^tickbook\.yaml: is a folder, .*; remove it or/);
});
