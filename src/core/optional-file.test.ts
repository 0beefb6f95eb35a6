import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { OptionError } from "./errors.js";
import { optionalText } from "./optional-file.js";

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-optional-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a file that is not there has no text, one that is there has its own", () => {
  expect(optionalText(folder, ".env")).toBeUndefined();
  writeFileSync(path.join(folder, "a"), "b=é\n");
  expect(optionalText(folder, "a")).toBe("b=é\n");
});

test("a folder of its name, and one that cannot be read, are wrong input with a remedy", () => {
  mkdirSync(path.join(folder, ".env"));
  symlinkSync(path.join(folder, "loop"), path.join(folder, "loop"));
  expect(() => optionalText(folder, ".env")).toThrow(OptionError);
  expect(() => optionalText(folder, ".env")).toThrow(
    /^\.env: is a folder, expected a file; remove it or put a file in its place$/,
  );
  expect(() => optionalText(folder, "loop")).toThrow(
    /^loop: could not be read \(ELOOP\); let this user read it, or remove it$/,
  );
});
