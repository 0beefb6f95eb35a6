import { mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { refusedFile } from "./refused-file.js";

/** As Node throws it. */
const refused = (code: string, file?: string): Error =>
  Object.assign(new Error(`${code}: refused`), {
    code,
    ...(file === undefined ? {} : { path: file }),
  });

test.each([
  ["EACCES", /^d\/registry\/trials\.jsonl\.lock: could not be used \(EACCES\); .*--data$/],
  ["ENOTDIR", /a file stands where a folder must: name another folder with --data$/],
  ["EROFS", /its disk takes no writing: name a folder on another one with --data$/],
  ["ENOSPC", /its disk is full: make room, and run the same command again$/],
])("%s is wrong input, with file, reason and remedy", (code, said) => {
  const error = refusedFile(refused(code, "d/registry/trials.jsonl.lock"));
  expect(error?.exitCode).toBe(2);
  expect(error?.message).toMatch(said);
});

test("whatever else goes wrong, and a refusal of no file, stays unexpected", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tickbook-refused-"));
  let missing: unknown;
  try {
    openSync(path.join(folder, "none"), "r");
  } catch (error) {
    missing = error;
  }
  rmSync(folder, { recursive: true });
  expect(missing).toHaveProperty("code", "ENOENT");
  for (const error of [missing, refused("EACCES"), "EACCES", undefined]) {
    expect(refusedFile(error)).toBeUndefined();
  }
});
