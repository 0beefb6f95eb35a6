import { expect, test } from "vitest";
import type { Manifest } from "../manifest.js";
import { decide } from "./decide.js";
import type { Side } from "./side.js";

function whole(sha256: string): Side {
  return { state: "whole", manifest: { sha256 } as Manifest };
}

const ABSENT: Side = { state: "absent" };
const BROKEN: Side = { state: "broken", reason: "was cut", fix: "mend it" };
const FOREIGN: Side = { state: "foreign", reason: "was format 9", fix: "update" };

// Rows: source, target, and what is to be done without and with overwrite.
test.each([
  ["a", ABSENT, "copy", "copy"],
  ["a", whole("a"), "keep", "keep"],
  ["a", whole("b"), "conflict", "replace"],
  ["a", BROKEN, "mend", "mend"],
  ["a", FOREIGN, "conflict", "replace"],
] as const)("a whole source %s and a target %j", (sha256, target, careful, bold) => {
  expect(decide(whole(sha256), target, { overwrite: false }).action).toBe(careful);
  expect(decide(whole(sha256), target, { overwrite: true }).action).toBe(bold);
});

test("a source that is gone, damaged or another version's fails, whatever the target is", () => {
  for (const [source, reason] of [
    [ABSENT, "is not there any more"],
    [BROKEN, "was cut; mend it"],
    [FOREIGN, "was format 9; update"],
  ] as const) {
    for (const target of [ABSENT, BROKEN, FOREIGN, whole("a")]) {
      expect(decide(source, target, { overwrite: true })).toEqual({ action: "fail", reason });
    }
  }
});

test("a conflict says how to end it, and what is mended says what was damaged", () => {
  const careful = { overwrite: false };
  expect(decide(whole("a"), whole("b"), careful).reason).toMatch(/another content.*--overwrite/);
  expect(decide(whole("a"), FOREIGN, careful).reason).toMatch(/was format 9.*--overwrite/);
  expect(decide(whole("a"), BROKEN, careful).reason).toBe("was cut");
});
