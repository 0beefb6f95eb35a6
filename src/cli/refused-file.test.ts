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

test.each([
  ["EACCES", /^a file could not be used \(EACCES\); get the right to it, .*--data$/],
  ["EROFS", /^a file could not be used \(EROFS\); its disk takes no writing: .*--data$/],
  ["ENOSPC", /^a file could not be used \(ENOSPC\); its disk is full: make room, /],
  ["EDQUOT", /^a file could not be used \(EDQUOT\); its quota is used up: make room, /],
])("%s is wrong input where the system names no file, as it does of open ones", (code, said) => {
  const error = refusedFile(refused(code));
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
  const port = Object.assign(refused("EACCES"), { syscall: "listen", address: "127.0.0.1" });
  for (const error of [missing, refused("EPERM"), refused("ENOTDIR"), port, "EACCES", undefined]) {
    expect(refusedFile(error)).toBeUndefined();
  }
});
